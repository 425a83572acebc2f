"""Models and migrations say the same."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, make_url, text

from registry.database import owner_engine
from registry.embedded import Server
from registry.migrating import migrate
from registry.models import Base
from tests.conftest import run_as_owner
from tests.migrations.catalogue import PARTS, made_of


@pytest.fixture
def migrated(server: Server, database_url: str) -> Iterator[Connection]:
    with owner_engine(make_url(database_url)).connect() as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def modelled(server: Server) -> Iterator[Connection]:
    """A database of its own, made from the models on the types and functions of the first migration."""
    name = f"modelled_{uuid4().hex}"
    run_as_owner(server, f"create database {name}")
    engine = owner_engine(make_url(server.url_of(name)))
    migrate(engine, "0001")
    with engine.connect() as connection:
        connection.execute(text("drop table audit_event, audit_anchor cascade"))
        Base.metadata.create_all(connection)
        yield connection
        connection.rollback()
    run_as_owner(server, f"drop database {name} with (force)")


def test_the_catalogues_are_equal(migrated: Connection, modelled: Connection) -> None:
    assert made_of(migrated, PARTS) == made_of(modelled, PARTS)


def test_autogenerate_finds_nothing_to_do(migrated: Connection) -> None:
    context = MigrationContext.configure(migrated, opts={"compare_server_default": True})
    assert compare_metadata(context, Base.metadata) == []


@pytest.mark.parametrize(
    "forgotten",
    [
        "alter table facility add column forgotten text",
        "alter table suite drop constraint ck_suite_has_a_place",
        "alter table batch alter column gap_days drop default",
        "drop index ix_booking_suite_id",
    ],
)
def test_sabotage_is_found(migrated: Connection, modelled: Connection, forgotten: str) -> None:
    migrated.execute(text(forgotten))
    assert made_of(migrated, PARTS) != made_of(modelled, PARTS)
