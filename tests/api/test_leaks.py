"""Nothing of others is in any answer: tokens planted in every confidential field, and worlds that differ in them only."""

import random
from typing import Any

import pytest
from sqlalchemy import ARRAY, Connection, Text, select
from sqlalchemy.orm import Session, sessionmaker

from registry import models
from registry.access.subject import OPERATOR
from registry.database import act_as
from registry.vocabulary.lifecycle import Publication, RequestState
from tests.api import records
from tests.api.calls import call
from tests.api.calls_of_people import colleague
from tests.api.calls_of_wishes import lot_of
from tests.api.canary import BORN_WITH_IT, CONFIDENTIAL, MARK, OPEN, READ_BY, encoded, foreign, mark_of, others, plant
from tests.api.direct import IDENTICAL, Direct, as_sent
from tests.api.keeping import keep
from tests.api.sent import Call
from tests.api.test_matrix import OPERATIONS
from tests.api.world import World
from tests.factories.facilities import facility, site, starts, suite
from tests.factories.requests import batch

pytestmark = pytest.mark.database

STRANGERS = ("anonymous", "planner", "qa", "developer", "delegate", "administrator", "disabled", "ended_login")
ROWS = [(name, relation) for name, relations in OPERATIONS.items() for relation in relations if relation != "own"]


def answer_of(direct: Direct, world: World, who: str, sent: Call) -> str:
    answer = direct.send(as_sent(sent), IDENTICAL | world.callers[who].headers)
    return f"{answer.status}\n{answer.headers}\n{answer.body.decode()}"


@pytest.fixture(scope="module")
def planted(opened: sessionmaker[Session], world: World) -> None:
    """Everything confidential of others, a token in each field of it."""
    with opened() as session:
        others(session, world)
        plant(session, world)
        keep(session)


@pytest.mark.usefixtures("planted")
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


@pytest.mark.usefixtures("planted")
@pytest.mark.parametrize("table", CONFIDENTIAL)
def test_every_confidential_field_of_others_holds_a_token(step: Session, world: World, table: Any) -> None:
    act_as(step, OPERATOR)
    fields = [getattr(table, field) for field in CONFIDENTIAL[table]]
    rows = step.execute(select(*fields).where(foreign(table, world))).all()
    assert rows
    marks = [mark_of(table, field) for field in CONFIDENTIAL[table]]
    assert all(mark in str(value) for row in rows for mark, value in zip(marks, row, strict=True))


def test_every_text_of_a_party_is_known_as_confidential_or_open() -> None:
    texts = {
        (mapper.class_, column.key)
        for mapper in models.Base.registry.mappers
        if "organisation_id" in mapper.columns
        for column in mapper.column_attrs
        if isinstance(column.columns[0].type, Text | ARRAY)
    }
    known = {
        (table, field)
        for said in (CONFIDENTIAL, BORN_WITH_IT, OPEN)
        for table, fields in said.items()
        for field in fields
    }
    assert texts - known == set()


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
