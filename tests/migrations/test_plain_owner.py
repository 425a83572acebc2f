"""An outside server, where the owner of the database is no superuser."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, make_url, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from registry import database, embedded
from registry.access.subject import ANONYMOUS, OPERATOR
from registry.database import act_as, application_engine, check_role, owner_engine, seal_trail
from registry.embedded import Server
from registry.errors import UnsafeRoleError
from registry.migrating import migrate
from registry.models import AuditEvent, Facility
from tests.conftest import run_as_owner
from tests.factories.facilities import facility

pytestmark = pytest.mark.xdist_group("migrations")  # roles and databases of one name


@pytest.fixture
def owner(server: Server) -> Iterator[URL]:
    """A database that belongs to an ordinary role with the right to make roles."""
    run_as_owner(server, "create role plain_owner login createrole")
    run_as_owner(server, "create database plain owner plain_owner")
    run_as_owner(server, "grant gmphub_app to plain_owner")
    yield make_url(server.url_of("plain")).set(username="plain_owner")
    run_as_owner(server, "drop database plain with (force)")
    run_as_owner(server, "drop role plain_owner")


def test_migrates_and_works_bound_by_row_level_security(template: str, owner: URL) -> None:
    migrate(owner_engine(owner))
    engine = application_engine(owner)
    with engine.connect() as connection:
        check_role(connection)
    with Session(engine) as session:
        act_as(session, OPERATOR)
        made = facility(session, publication="draft")
        seal_trail(session)
        assert session.scalars(select(AuditEvent.record_type)).all() == ["organisation", "facility"]
        act_as(session, ANONYMOUS)
        assert session.scalars(select(Facility.id)).all() == []
        act_as(session, OPERATOR)
        assert session.scalars(select(Facility.id)).all() == [made.id]
    engine.dispose()


def test_an_owner_that_made_the_role_itself_may_become_it() -> None:
    home = Path(tempfile.mkdtemp(prefix="gmphub-owner-"))
    own_server = embedded.start(home, durable=False)
    try:
        run_as_owner(own_server, "create role first_owner login createrole")
        run_as_owner(own_server, "create database first owner first_owner")
        owner = make_url(own_server.url_of("first")).set(username="first_owner")
        migrate(owner_engine(owner))
        engine = application_engine(owner)
        with engine.connect() as connection:
            check_role(connection)
        engine.dispose()
    finally:
        own_server.stop()
        shutil.rmtree(home, ignore_errors=True)


def test_without_the_right_to_make_roles_the_way_out_is_named(server: Server) -> None:
    run_as_owner(server, "create role poor_owner login")
    run_as_owner(server, "create database poor owner poor_owner")
    try:
        with pytest.raises(DBAPIError, match="grant gmphub_app to poor_owner"):
            migrate(owner_engine(make_url(server.url_of("poor")).set(username="poor_owner")))
    finally:
        run_as_owner(server, "drop database poor with (force)")
        run_as_owner(server, "drop role poor_owner")


@pytest.mark.parametrize("power", ["superuser", "bypassrls"])
def test_a_role_that_row_level_security_does_not_bind_is_refused(server: Server, database_url: str, power: str) -> None:
    engine = owner_engine(make_url(database_url))
    with engine.connect() as connection:
        connection.execute(text(f"create role mighty {power}"))
        connection.execute(text("set role mighty"))
        with pytest.raises(UnsafeRoleError, match=f"alter role mighty no{'superuser'}"):
            check_role(connection)
        connection.rollback()


def test_sabotage_a_bound_role_is_not_refused(server: Server, database_url: str) -> None:
    with owner_engine(make_url(database_url)).connect() as connection:
        connection.execute(text(f"set role {database.APPLICATION_ROLE}"))
        check_role(connection)
        assert connection.scalar(text("select current_user")) == database.APPLICATION_ROLE
        connection.rollback()
