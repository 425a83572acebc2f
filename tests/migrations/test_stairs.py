"""Every migration can be taken back, and taking it again gives the same database."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, make_url, text

from registry.database import owner_engine
from registry.embedded import Server
from registry.migrating import configuration, current, migrate
from tests.conftest import run_as_owner
from tests.migrations.catalogue import GUARDS, PARTS, made_of

pytestmark = pytest.mark.xdist_group("migrations")  # roles and databases of one name

EVERYTHING = PARTS | GUARDS


@pytest.fixture
def empty(server: Server) -> Iterator[Engine]:
    name = f"stairs_{uuid4().hex}"
    run_as_owner(server, f"create database {name}")
    yield owner_engine(make_url(server.url_of(name)))
    run_as_owner(server, f"drop database {name} with (force)")


def step(engine: Engine, revision: str, *, down: bool = False) -> set[str]:
    with engine.connect() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, revision)
        return made_of(connection, EVERYTHING)


def test_down_each_stair_and_up_again(empty: Engine) -> None:
    revisions = [script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()][::-1]
    going_up = {revision: step(empty, revision) for revision in revisions}
    going_down = {below: step(empty, below, down=True) for below in reversed(revisions[:-1])}
    assert going_down == {revision: going_up[revision] for revision in revisions[:-1]}
    assert step(empty, "base", down=True) == set()
    assert step(empty, "head") == going_up[revisions[-1]]


def test_migrating_twice_changes_nothing(empty: Engine) -> None:
    first = migrate(empty)
    assert migrate(empty) == (first[1], first[1])
    with empty.connect() as connection:
        assert current(connection) == first[1]


def test_a_failing_migration_leaves_the_database_where_it_was(empty: Engine) -> None:
    migrate(empty, "0003")
    with empty.begin() as connection:
        connection.execute(text("create table scope_line (in_the_way int)"))
        before = made_of(connection, EVERYTHING)
    with pytest.raises(Exception, match="scope_line"):
        migrate(empty)
    with empty.connect() as connection:
        assert current(connection) == "0003"
        assert made_of(connection, EVERYTHING) == before
