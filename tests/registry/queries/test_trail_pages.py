"""Pages of events begin after an instant: every event once, newest first, also where several are of one instant."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from registry.access.subject import OPERATOR
from registry.database import act_as, seal_trail
from registry.models import AuditEvent
from registry.queries.trail import Reached, list_events, reached_with
from tests.factories.facilities import organisation

pytestmark = pytest.mark.database
FIRST, LATER = 10**6, datetime(2100, 1, 1, tzinfo=UTC)
STEPS = [(0,), (1, 1), (0, 0), (1, 0, 0, 1, 0), (0, 1, 1, 0, 0, 0, 1)]
"""Seconds from one event to the next: 0 = of the same instant."""


def written(session: Session, steps: Sequence[int]) -> list[int]:
    """Write events of chosen instants, which the database chooses otherwise, and return their numbers, newest first."""
    seal_trail(session)
    session.execute(text("reset role"))
    session.execute(text("alter table audit_event disable trigger chain_event"))
    words = dict.fromkeys(("role", "reason", "correlation", "previous_hash"), "")
    kept = {**words, "action": "look", "record_type": "place", "organisations": [], "hash": "0" * 64}
    numbers = range(FIRST, FIRST + len(steps))
    instants = [LATER + timedelta(seconds=seconds) for seconds in accumulate(steps)]
    rows = zip(numbers, instants, strict=True)
    session.execute(insert(AuditEvent), [{**kept, "sequence": number, "occurred_at": at} for number, at in rows])
    session.execute(text("set role gmphub_app"))
    act_as(session, OPERATOR)
    return list(reversed(numbers))


def read(
    session: Session, size: int, reached_after: Callable[[Sequence[datetime], Reached | None], Reached]
) -> list[int]:
    """Read page after page as an answer of the API does."""
    found: list[int] = []
    before: Reached | None = None
    while page := list_events(session, OPERATOR, record_type="place", before=before, limit=size):
        found += [event.sequence for event in page]
        before = reached_after([event.occurred_at for event in page], before)
    return found


@pytest.mark.parametrize("size", [1, 2, 3])
@pytest.mark.parametrize("steps", STEPS)
def test_every_event_once_and_newest_first(session: Session, steps: Sequence[int], size: int) -> None:
    expected = written(session, steps)
    assert read(session, size, reached_with) == expected


def test_sabotage_without_counting_those_of_one_instant_a_page_loses_or_repeats(session: Session) -> None:
    expected = written(session, (1, 0, 0, 1, 0))

    def by_the_instant_alone(instants: Sequence[datetime], _before: Reached | None) -> Reached:
        return Reached(instants[-1] - timedelta(microseconds=1), 0)

    assert read(session, 1, by_the_instant_alone) != expected


def test_instants_never_decrease_with_the_number(session: Session) -> None:
    for _ in range(3):
        organisation(session)
    seal_trail(session)
    instants = list(session.scalars(select(AuditEvent.occurred_at).order_by(AuditEvent.sequence)))
    assert instants == sorted(instants)
    assert len(instants) >= 3
