"""The days of a round: the smallest that is allowed, the nearest that is refused."""

from datetime import UTC, date, datetime, timedelta

import pytest

from registry.services.round_dates import round_faults
from registry.vocabulary.lifecycle import RoundKind

NOW = datetime(2026, 12, 2, 12, tzinfo=UTC)
TODAY, MONDAY = date(2026, 12, 2), date(2026, 11, 30)
DAY, WEEK, SECOND = timedelta(days=1), timedelta(weeks=1), timedelta(seconds=1)
OFFICIAL = [RoundKind.PERIOD, RoundKind.ROLLING]


def where(
    kind: RoundKind, origin: date = MONDAY + WEEK, known_on: date = TODAY, closes_at: datetime | None = None
) -> list[str]:
    return [one.partition(": ")[0] for one in round_faults(kind, origin, known_on, closes_at, NOW) if one is not None]


@pytest.mark.parametrize("kind", RoundKind)
def test_every_round_begins_on_a_monday_and_closes_after_it_opens(kind: RoundKind) -> None:
    assert where(kind, closes_at=NOW + SECOND) == []
    assert where(kind, closes_at=NOW) == ["closes_at"]
    assert where(kind, origin=MONDAY + WEEK + DAY) == ["origin"]


@pytest.mark.parametrize("kind", OFFICIAL)
def test_an_official_round_begins_this_week_or_later_on_facts_of_today_or_earlier(kind: RoundKind) -> None:
    assert where(kind, origin=MONDAY, known_on=MONDAY) == []
    assert where(kind, origin=MONDAY - WEEK, known_on=MONDAY - WEEK) == ["origin"]
    assert where(kind, known_on=TODAY + DAY) == ["known_on"]
    assert where(kind, origin=MONDAY, known_on=MONDAY + DAY) == ["known_on"]


def test_a_what_if_may_look_back_and_ahead() -> None:
    assert where(RoundKind.WHAT_IF, origin=MONDAY - 50 * WEEK, known_on=TODAY + 50 * WEEK) == []


def test_every_fault_is_told_at_once_and_says_which_monday_would_do() -> None:
    assert where(RoundKind.PERIOD, MONDAY - WEEK + DAY, TODAY + DAY, NOW) == [
        "origin",
        "origin",
        "known_on",
        "known_on",
        "closes_at",
    ]
    assert round_faults(RoundKind.WHAT_IF, MONDAY + DAY, TODAY, None, NOW)[0] == (
        "origin: 2026-12-01 is a Tuesday; a round begins on a Monday, such as 2026-12-07"
    )
