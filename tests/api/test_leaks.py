"""Nothing of others is in any answer: tokens planted in every confidential field, and worlds that differ in them only."""

import base64
import random
from itertools import count
from typing import Any

import pytest
from sqlalchemy import ColumnElement, Connection, not_, select
from sqlalchemy.orm import Session, sessionmaker

from registry import models
from registry.access.subject import OPERATOR
from registry.database import act_as
from registry.vocabulary.lifecycle import Publication, RequestState
from tests.api import records
from tests.api.calls import call
from tests.api.calls_of_people import colleague
from tests.api.calls_of_wishes import centre_of, lot_of
from tests.api.direct import IDENTICAL, Direct, as_sent
from tests.api.keeping import keep
from tests.api.sent import Call
from tests.api.test_matrix import OPERATIONS
from tests.api.world import World
from tests.factories.facilities import facility, site, starts, suite
from tests.factories.requests import batch

pytestmark = pytest.mark.database

MARK, TO_DEVELOPERS_MARK, TO_ADMINISTRATORS_MARK = "CANARY7F3A", "CANARY9D2E", "CANARY5B8C"
CONFIDENTIAL: dict[Any, tuple[str, ...]] = {
    models.Facility: ("notes", "holder_name"),
    models.Suite: ("code", "name"),
    models.Equipment: ("equipment_class",),
    models.Authorisation: ("code", "number", "authority", "source_note"),
    models.Certificate: ("code", "number", "remarks", "source_note"),
    models.NonCompliance: ("code", "reference", "source_note"),
    models.Permit: ("code", "reference", "activity", "source_note"),
    models.StartsStatement: ("note", "source_note"),
    models.Closure: ("source_note",),
    models.FacilityLimit: ("note", "source_note"),
    models.Product: ("working_name", "family", "cat_reference", "source_note"),
    models.ProcessVersion: ("platform", "source_note"),
    models.Request: ("label", "phase", "cadence", "procurement_route", "state_reason", "source_note"),
    models.Batch: ("code",),
    models.RequestPlace: ("name",),
    models.RequestAttachment: ("title", "link"),
    models.MaterialLot: ("code", "starting_material", "agreement", "source_note"),
    models.CollectionCentre: ("code", "name", "authorisation", "source_note"),
    models.Organisation: ("code", "mailbox"),
    models.Person: ("name", "mail"),
}
STRANGERS = ("anonymous", "planner", "qa", "developer", "delegate", "administrator", "disabled", "ended_login")
MARKS: dict[Any, str] = {
    models.Authorisation: TO_DEVELOPERS_MARK,
    models.Certificate: TO_DEVELOPERS_MARK,
    models.Organisation: TO_ADMINISTRATORS_MARK,
    models.Person: TO_ADMINISTRATORS_MARK,
}
"""The mark of tables that some of the strangers read."""
READ_BY = {TO_DEVELOPERS_MARK: "developer", TO_ADMINISTRATORS_MARK: "administrator"}
ONE_MORE = count()
"""No two tokens are the same."""
ROWS = [(name, relation) for name, relations in OPERATIONS.items() for relation in relations if relation != "own"]


def encoded(mark: str) -> set[str]:
    """The mark as it is, and as base64 at each of three alignments, without the characters its neighbours share."""
    cut = {0: (0, -2), 1: (2, -2), 2: (3, -2)}
    return {mark} | {
        base64.b64encode(b"x" * shift + mark.encode()).decode().rstrip("=")[first:last]
        for shift, (first, last) in cut.items()
    }


def plant(session: Session, world: World) -> None:
    """Write a token into every confidential field of everybody who is not `own`."""
    act_as(session, OPERATOR)
    for number, (table, fields) in enumerate(CONFIDENTIAL.items()):
        mark = MARKS.get(table, MARK)
        bare = getattr(table, fields[-1]).not_like(f"{mark}%").is_not(False)
        for row in session.scalars(select(table).where(foreign(table, world), bare)):
            for field in fields:
                setattr(row, field, f"{mark}{number:02}{next(ONE_MORE):05}{field.replace('_', '')}")


def foreign(table: Any, world: World) -> ColumnElement[bool]:
    """Which rows of a table are of somebody else."""
    if table is models.Person:
        return models.Person.id.not_in([one.person.id for one in world.callers.values() if one.person is not None])
    owner = models.Organisation.id if table is models.Organisation else table.organisation_id
    return not_(owner == world.own.id)


def answer_of(direct: Direct, world: World, who: str, sent: Call) -> str:
    answer = direct.send(as_sent(sent), IDENTICAL | world.callers[who].headers)
    return f"{answer.status}\n{answer.headers}\n{answer.body.decode()}"


@pytest.fixture(scope="module")
def others(opened: sessionmaker[Session], world: World) -> None:
    """One of everything confidential, of somebody else; a token in every field of it."""
    with opened() as session:
        act_as(session, OPERATOR)
        starts(session, facility(session, world.other))
        for make in (
            records.equipment_of,
            records.authorisation_of,
            records.certificate_of,
            records.non_compliance_of,
            records.permit_of,
            records.closure_of,
            records.limit_of,
        ):
            make(session, world.other)
        records.attachment_of(session, records.request_of(session, world.other, RequestState.SUBMITTED))
        lot_of(session, world.other)
        centre_of(session, world.other)
        colleague(session, world.other)
        plant(session, world)
        keep(session)


@pytest.mark.usefixtures("others")
@pytest.mark.parametrize(("name", "relation"), ROWS)
def test_no_token_of_others_reaches_a_stranger(
    step: Session, direct: Direct, world: World, capsys: pytest.CaptureFixture[str], name: str, relation: str
) -> None:
    calls = {who: call(step, world, name, relation, world.callers[who]) for who in STRANGERS}
    plant(step, world)
    keep(step)
    for who, sent in calls.items():
        text = answer_of(direct, world, who, sent).upper()
        hidden = {MARK} | {mark for mark, reader in READ_BY.items() if reader != who}
        assert not any(form.upper() in text for mark in hidden for form in encoded(mark)), (name, who)
    logged = capsys.readouterr()
    assert MARK not in logged.out + logged.err


@pytest.mark.usefixtures("others")
@pytest.mark.parametrize("table", CONFIDENTIAL)
def test_every_confidential_field_of_others_holds_a_token(step: Session, world: World, table: Any) -> None:
    act_as(step, OPERATOR)
    fields = [getattr(table, field) for field in CONFIDENTIAL[table]]
    rows = step.execute(select(*fields).where(foreign(table, world))).all()
    assert rows
    assert all(str(value).startswith(MARKS.get(table, MARK)) for row in rows for value in row)


def test_sabotage_a_token_in_a_public_field_is_found(step: Session, direct: Direct, world: World) -> None:
    act_as(step, OPERATOR)
    facility(step, world.other, name=f"{MARK}0000")
    keep(step)
    assert MARK in answer_of(direct, world, "developer", Call("GET", "/facilities"))


def different(session: Session, world: World, seed: int) -> None:
    """Confidential records of somebody else, other ones for every seed."""
    chance = random.Random(seed)
    act_as(session, OPERATOR)
    for _ in range(chance.randint(1, 4)):
        hidden = facility(session, world.other, publication=Publication.DRAFT, name=f"Hidden {chance.random()}")
        for _ in range(chance.randint(1, 3)):
            suite(session, site(session, hidden), places=chance.randint(1, 9))
        starts(session, hidden, starts_per_week=chance.randint(1, 9))
    for _ in range(chance.randint(1, 3)):
        lot_of(session, world.other)
        colleague(session, world.other)
    for _ in range(chance.randint(1, 5)):
        made = records.request_of(session, world.other, chance.choice(list(RequestState)))
        batch(session, made, patients=chance.randint(1, 9))


def read_everything(whole: Connection, direct: Direct, world: World, calls: list[Call]) -> list[str]:
    """What each caller reads of everything; that it was read is forgotten again, the trail being read first."""
    found = []
    for who in ("anonymous", "planner", "qa", "developer", "delegate"):
        with whole.begin_nested() as nested:
            found += [answer_of(direct, world, who, sent) for sent in calls]
            nested.rollback()
    return found


def own_calls(session: Session, world: World) -> list[Call]:
    """Every reading operation about records of one's own, and the lists."""
    relations = {"read_facility": "published"}
    who = world.callers["developer"]
    found = [call(session, world, name, relations.get(name, "own"), who) for name in OPERATIONS]
    asked = [sent for sent in found if sent.method == "GET" and "/oidc" not in sent.address]
    asked.sort(key=lambda sent: not sent.address.endswith(("/audit-events", "/who-saw")))
    return [*asked, next(sent for sent in found if sent.address == "/feasibility")]


@pytest.mark.parametrize("seed", [1, 2, *(pytest.param(seed, marks=pytest.mark.deep) for seed in range(3, 21))])
def test_two_worlds_that_differ_in_others_only_answer_the_same(
    step: Session, whole: Connection, direct: Direct, world: World, seed: int
) -> None:
    calls = own_calls(step, world)
    keep(step)
    first = read_everything(whole, direct, world, calls)
    different(step, world, seed)
    keep(step)
    assert read_everything(whole, direct, world, calls) == first
