"""Who acted in one transaction is forgotten in the next, also on the same connection (T-C6)."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from registry.access.subject import ANONYMOUS, OPERATOR, Subject
from registry.database import act_as, unit_of_work
from registry.vocabulary.roles import Role
from tests.registry.access.world import Tenant, tenant

SEEN = text("select organisation_id from suite")


@contextmanager
def one_connection(engine: Engine) -> Iterator[Engine]:
    """The application's engine with a pool of a single connection."""
    single = create_engine(engine.url, pool_size=1, max_overflow=0)

    @event.listens_for(single, "connect")
    def take_role(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        connection.cursor().execute("set role gmphub_app")
        connection.commit()

    yield single
    single.dispose()


@pytest.fixture
def tenants(committed: Engine) -> tuple[Tenant, Tenant]:
    with unit_of_work(OPERATOR) as session:
        return tenant(session, "One"), tenant(session, "Two")


def check_alternating(engine: Engine, tenants: tuple[Tenant, Tenant], times: int) -> None:
    one, two = tenants
    turns: list[tuple[Subject, list[object]]] = [
        (one.member(Role.PLANNER), [one.organisation.id]),
        (two.member(Role.PLANNER), [two.organisation.id]),
        (ANONYMOUS, []),
    ]
    with one_connection(engine) as single:
        for turn in range(times):
            subject, expected = turns[turn % len(turns)]
            with Session(single) as session:
                if subject is not ANONYMOUS:
                    act_as(session, subject)
                assert session.scalars(SEEN).all() == expected, turn


def test_nothing_survives_into_the_next_request(committed: Engine, tenants: tuple[Tenant, Tenant]) -> None:
    check_alternating(committed, tenants, 100)


@pytest.mark.deep
def test_nothing_survives_in_a_thousand_requests(committed: Engine, tenants: tuple[Tenant, Tenant]) -> None:
    check_alternating(committed, tenants, 1000)


def test_sabotage_a_setting_of_the_session_survives(committed: Engine, tenants: tuple[Tenant, Tenant]) -> None:
    with one_connection(committed) as single:
        with single.begin() as careless:
            careless.execute(
                text("select set_config('app.organisations', :organisation, false)"),
                {"organisation": str(tenants[0].organisation.id)},
            )
        with Session(single) as session:
            assert session.scalars(SEEN).all() == [tenants[0].organisation.id]
