"""What cannot be meant is refused over HTTP in a sentence, with the field, and never as a fault of ours."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.api import bodies, records
from tests.api.calls import call
from tests.api.direct import IDENTICAL, Answer, Direct, as_sent
from tests.api.keeping import keep
from tests.api.sent import Call
from tests.api.world import World

pytestmark = pytest.mark.database
LINE = "on enquiry; a new product possible from {}, at most {} a year"


def sent(direct: Direct, world: World, who: str, what: Call) -> Answer:
    return direct.send(as_sent(what), IDENTICAL | world.callers[who].headers)


def altered(session: Session, world: World, operation: str, who: str, **changes: Any) -> Call:
    """The call that works, with other facts in its body."""
    made = call(session, world, operation, "own", world.callers[who])
    keep(session)
    return Call(made.method, made.address, {**(made.body or {}), **changes}, made.headers)


@pytest.mark.parametrize("quarter", ["0000-Q1", "9999-Q4"])
@pytest.mark.parametrize("most", ["one", "99999999999"])
def test_a_line_that_cannot_be_meant(step: Session, direct: Direct, world: World, quarter: str, most: str) -> None:
    answer = sent(
        direct, world, "planner", altered(step, world, "state_line", "planner", line=LINE.format(quarter, most))
    )
    assert answer.status == 422
    assert b'"/line"' in answer.body


@pytest.mark.parametrize("operation", ["state_line", "state_weeks"])
def test_a_platform_nobody_knows(step: Session, direct: Direct, world: World, operation: str) -> None:
    made = altered(step, world, operation, "planner")
    other = Call(made.method, made.address.replace("closed_automated", "closed_automatic"), made.body, made.headers)
    assert other.address != made.address
    answer = sent(direct, world, "planner", other)
    assert answer.status == 422
    assert b"near: closed_automated" in answer.body


def test_a_round_is_opened_once(step: Session, direct: Direct, world: World) -> None:
    policy = records.policy_of(step).id
    keep(step)
    first, second = (
        Call("POST", "/rounds", bodies.round_body(policy, "2027-Q1"), {"Idempotency-Key": key})
        for key in ("one", "two")
    )
    assert sent(direct, world, "coordinator", first).status == 201
    again = sent(direct, world, "coordinator", first)
    assert (again.status, again.header("idempotent-replayed")) == (201, "true")
    refused = sent(direct, world, "coordinator", second)
    assert refused.status == 422
    assert b"2027-Q1 is another round's" in refused.body
