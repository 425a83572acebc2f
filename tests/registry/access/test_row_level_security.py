"""Raw SQL as the application's role: nobody reads or writes what belongs to another tenant (T-C6)."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from registry.access.subject import ANONYMOUS, OPERATOR, Subject
from registry.database import act_as, seal_trail
from registry.models import Base, Booking
from registry.vocabulary.roles import Role
from tests.registry.access.world import Tenant, between, results, run_of, tenant

PUBLIC = {"organisation", "network", "term", "policy", "round", "audit_anchor"}
"""Tables whose rows everybody may read."""

KEYS = {"run_progress": "run_id", "audit_event": "sequence", "audit_anchor": "sequence"}
TABLES = sorted(Base.metadata.tables)
OWNERS = ("organisation_id", "facility_organisation_id", "sponsor_id")


@dataclass(frozen=True, slots=True)
class World:
    """Two tenants that deal with each other, and a third that deals with nobody."""

    session: Session
    one: Tenant
    two: Tenant
    stranger: Tenant

    def as_(self, subject: Subject) -> None:
        act_as(self.session, subject)


@pytest.fixture(scope="module")
def world(application: Engine) -> Iterator[World]:
    """One world for all tests here: none of them leaves a trace in it."""
    with Session(application) as session:
        act_as(session, OPERATOR)
        one, two, stranger = (tenant(session, name) for name in ("One", "Two", "Stranger"))
        between(session, one, two)
        between(session, two, one)
        results(session, run_of(session), one, two)
        seal_trail(session)
        yield World(session, one, two, stranger)
        session.rollback()


@contextmanager
def undone(session: Session) -> Iterator[None]:
    """Whatever happens inside is taken back."""
    with session.begin_nested() as point:
        yield
        point.rollback()


def key(table: str) -> str:
    return KEYS.get(table, "id")


def concerns(row: dict[str, Any], reader: Tenant) -> bool:
    """Whether a row names the reader's organisation or person."""
    named = {row.get(column) for column in (*OWNERS, "id", "person_id", "signer_id", "actor")}
    named |= set(row.get("organisations") or ())
    return not named.isdisjoint({str(reader.organisation.id), str(reader.person.id)})


def foreign_rows(world: World, table: str) -> list[dict[str, Any]]:
    """Every row of a table that does not concern the stranger."""
    world.as_(OPERATOR)
    rows = world.session.scalars(text(f'select to_jsonb(t) from "{table}" t')).all()
    return [row for row in rows if not concerns(row, world.stranger)]


def refused(session: Session, statement: str, values: dict[str, str]) -> bool:
    """Whether a statement touches nothing: row-level security refuses it or finds no row."""
    try:
        with undone(session):
            return session.execute(text(statement), values).all() == []
    except DBAPIError as error:
        return getattr(error.orig, "sqlstate", "") == "42501"


@pytest.mark.parametrize("table", sorted(set(TABLES) - PUBLIC))
def test_a_stranger_reads_nothing_of_others(world: World, table: str) -> None:
    foreign = {str(row[key(table)]) for row in foreign_rows(world, table)}
    world.as_(world.stranger.member(Role.PLANNER, Role.QA))
    seen = set(world.session.scalars(text(f'select {key(table)}::text from "{table}"')))
    assert seen & foreign == set()


@pytest.mark.parametrize("table", sorted(set(TABLES) - PUBLIC))
def test_without_anybody_acting_nothing_is_seen(world: World, table: str) -> None:
    world.as_(ANONYMOUS)
    assert world.session.scalar(text(f'select count(*) from "{table}"')) == 0


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_a_stranger_changes_and_removes_nothing(world: World, table: str, verb: str) -> None:
    rows = foreign_rows(world, table)
    world.as_(world.stranger.member(Role.PLANNER, Role.QA, Role.DEVELOPER))
    head = f'update "{table}" set {key(table)} = {key(table)}' if verb == "update" else f'delete from "{table}"'
    statement = f"{head} where {key(table)}::text = :key returning 1"
    assert [row for row in rows if not refused(world.session, statement, {"key": str(row[key(table)])})] == []


@pytest.mark.parametrize("table", sorted(set(TABLES) - {"audit_event"}))
def test_a_stranger_adds_nothing_in_anothers_name(world: World, table: str) -> None:
    rows = foreign_rows(world, table)
    world.as_(world.stranger.member(Role.PLANNER, Role.QA, Role.DEVELOPER))
    statement = f'insert into "{table}" select * from jsonb_populate_record(null\\:\\:"{table}", :row)'
    copies = [json.dumps({**row, "id": "00000000-0000-4000-8000-00000000ffff"}) for row in rows[:3]]
    assert [copy for copy in copies if not refused(world.session, statement, {"row": copy})] == []


def test_sabotage_an_open_rule_shows_foreign_rows(world: World) -> None:
    foreign = {row["id"] for row in foreign_rows(world, "suite")}
    with undone(world.session):
        world.session.execute(text("reset role"))
        world.session.execute(text("create policy open on suite for select to gmphub_app using (true)"))
        world.session.execute(text("set role gmphub_app"))
        world.as_(world.stranger.member(Role.PLANNER))
        assert set(world.session.scalars(text("select id::text from suite"))) >= foreign


def test_sabotage_a_superuser_walks_past(world: World) -> None:
    world.as_(ANONYMOUS)
    assert world.session.scalar(text("select count(*) from suite")) == 0
    with undone(world.session):
        world.session.execute(text("reset role"))
        assert world.session.scalar(text("select count(*) from suite")) == 3


def test_a_strangers_suite_cannot_be_named_and_does_not_tell_whether_it_is_taken(world: World) -> None:
    taken = {column.name for column in Booking.__table__.columns} - {"id"}
    world.as_(OPERATOR)
    row = world.session.scalars(
        text("select to_jsonb(b) from booking b where organisation_id = :maker"), {"maker": world.two.organisation.id}
    ).one()
    mine = {"organisation_id": str(world.stranger.organisation.id), "facility_id": str(world.stranger.facility.id)}
    nobody = {"request_id": None, "sponsor_id": None}
    world.as_(world.stranger.member(Role.PLANNER))
    columns = ", ".join(sorted(taken - {"stay_id"}))
    with pytest.raises(IntegrityError) as refusal, undone(world.session):
        world.session.execute(
            text(
                f"insert into booking (stay_id, {columns}) select gen_random_uuid(), {columns}"
                " from jsonb_populate_record(null\\:\\:booking, :row)"
            ),
            {"row": json.dumps({**row, **mine, **nobody})},
        )
    assert getattr(refusal.value.orig, "sqlstate", "") == "23503"


def test_both_parties_see_what_is_between_them_and_wishes_stay_with_the_sponsor(world: World) -> None:
    counted = "select (select count(*) from establishment), (select count(*) from booking)"
    wishes = "select (select count(*) from request_preference), (select count(*) from request_exclusion)"
    for party in (world.one, world.two):
        world.as_(party.member(Role.PLANNER, Role.DEVELOPER))
        assert tuple(world.session.execute(text(counted)).one()) == (2, 2)
        assert tuple(world.session.execute(text(wishes)).one()) == (1, 1)
    world.as_(world.stranger.member(Role.PLANNER, Role.DEVELOPER))
    assert tuple(world.session.execute(text(counted)).one()) == (0, 0)


def test_auditors_read_but_do_not_write_and_administrators_read_no_requests(world: World) -> None:
    world.as_(Subject(world.one.member().person, frozenset({(Role.AUDITOR, None)})))
    assert world.session.scalar(text("select count(*) from request")) == 3
    assert refused(world.session, "update request set phase = '3' returning 1", {})
    world.as_(Subject(world.one.member().person, frozenset({(Role.ADMINISTRATOR, None)})))
    assert world.session.scalar(text("select count(*) from request")) == 0
    assert world.session.scalar(text("select count(*) from person")) >= 3
