"""Closures that come back by a rule, rules that cannot be followed, and days that stop the clock."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from registry.access.subject import OPERATOR
from registry.errors import InvalidInputError, NotAllowedError, NotVisibleError, StaleVersionError
from registry.models import Closure
from registry.queries.closed_days import occurrences, stopped_days
from registry.queries.closures import list_closures
from registry.services.closures import (
    TWICE_A_YEAR,
    ClosureFacts,
    OpeningFacts,
    change_closure,
    close,
    open_days,
    recurrence_fault,
    remove_closure,
)
from registry.services.facilities import Seen
from registry.vocabulary.facilities import ClosureKind
from registry.vocabulary.periods import Days
from tests.registry.services.house import REASON, TODAY, acting, events_after, house, last_event

AUGUST = ClosureFacts(ClosureKind.SHUTDOWN, date(2027, 8, 2), date(2027, 8, 23), recurrence="FREQ=YEARLY")
FILL = ClosureFacts(ClosureKind.MEDIA_FILL, date(2027, 1, 11), date(2027, 1, 15), recurrence=TWICE_A_YEAR)


def with_rule(rule: str, days: int = 4) -> ClosureFacts:
    start = date(2027, 1, 11)
    return ClosureFacts(ClosureKind.REQUALIFICATION, start, start + timedelta(days=days), recurrence=rule)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY",
        "FREQ=MONTHLY;INTERVAL=6",
        "FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=11",
        "FREQ=YEARLY;BYMONTH=1;BYDAY=2MO",
        "FREQ=WEEKLY;COUNT=2",
        "FREQ=YEARLY;UNTIL=20300101",
        "FREQ=DAILY;INTERVAL=7;COUNT=600",
    ],
)
def test_rules_that_can_be_followed(rule: str) -> None:
    assert recurrence_fault(with_rule(rule)) is None


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "YEARLY",
        "INTERVAL=6",
        "FREQ=HOURLY",
        "FREQ=YEARLY;INTERVAL=0",
        "FREQ=YEARLY;BYHOUR=3",
        "FREQ=YEARLY;FREQ=DAILY",
        "FREQ=YEARLY;BYMONTH=13",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=7",
        "FREQ=DAILY;INTERVAL=3",
        "RRULE:FREQ=YEARLY",
        "FREQ=YEARLY\nEXDATE:20280111",
    ],
)
def test_rules_that_cannot(rule: str) -> None:
    assert "recurrence" in (recurrence_fault(with_rule(rule)) or "")


def test_too_many_are_refused_and_the_most_allowed_is_not() -> None:
    assert recurrence_fault(with_rule("FREQ=WEEKLY;COUNT=520")) is None
    assert "more than" in (recurrence_fault(with_rule("FREQ=DAILY;INTERVAL=4")) or "")


def test_without_an_end_nothing_comes_back() -> None:
    assert "end" in (recurrence_fault(ClosureFacts(ClosureKind.SHUTDOWN, TODAY, recurrence="FREQ=YEARLY")) or "")


def test_requalification_twice_a_year(session: Session) -> None:
    here = house(session)
    acting(session, here.planner)
    closure = close(session, here.planner, here.facility.id, FILL, reason=REASON)
    assert [days.start for days in occurrences(closure, date(2028, 6, 1))] == [
        date(2027, 1, 11),
        date(2027, 7, 11),
        date(2028, 1, 11),
    ]
    assert occurrences(closure, date(2028, 6, 1))[1].end == date(2027, 7, 15)


def test_an_edit_of_a_closed_week_is_one_row_and_one_event(session: Session) -> None:
    here = house(session)
    before = last_event(session)
    acting(session, here.planner)
    closure = close(session, here.planner, here.facility.id, AUGUST, reason=REASON)
    assert [event.record_type for event in events_after(session, before)] == ["closure"]
    before = last_event(session)
    acting(session, here.planner)
    changed = ClosureFacts(ClosureKind.SHUTDOWN, date(2027, 8, 2), date(2027, 8, 16))
    change_closure(session, here.planner, Seen(closure.id, 1), changed, reason=REASON)
    with pytest.raises(StaleVersionError):
        remove_closure(session, here.planner, Seen(closure.id, 1), reason=REASON)
    remove_closure(session, here.planner, Seen(closure.id, 2), reason=REASON)
    written = events_after(session, before)
    assert [(event.action, event.new is None) for event in written] == [
        ("change closure", False),
        ("remove closure", True),
    ]


def test_faults_strangers_and_suites_of_others(session: Session) -> None:
    here, other = house(session), house(session)
    acting(session, here.planner)
    wrong = ClosureFacts(ClosureKind.SHUTDOWN, TODAY, TODAY, other.suite.id, "FREQ=HOURLY")
    with pytest.raises(InvalidInputError) as refusal:
        close(session, here.planner, here.facility.id, wrong)
    assert [fault.partition(":")[0] for fault in refusal.value.details] == ["ends", "recurrence", "suite_id"]
    with pytest.raises(InvalidInputError, match="ends"):
        open_days(session, here.planner, here.facility.id, OpeningFacts(TODAY, TODAY))
    closure = close(session, here.planner, here.facility.id, AUGUST)
    acting(session, other.planner)
    with pytest.raises(NotAllowedError):
        close(session, other.planner, here.facility.id, AUGUST)
    with pytest.raises(NotVisibleError):
        remove_closure(session, other.planner, Seen(closure.id, 1))


def test_own_use_is_shown_without_reason(session: Session) -> None:
    here, other = house(session), house(session)
    acting(session, here.planner)
    days = (TODAY, TODAY + timedelta(days=7), here.suite.id)
    for kind in (ClosureKind.OWN_USE, ClosureKind.REPEAT_RESERVE, ClosureKind.SHUTDOWN):
        close(session, here.planner, here.facility.id, ClosureFacts(kind, *days))
    until = TODAY + timedelta(days=30)
    own = list_closures(session, here.planner, here.facility.id, until)
    assert {line.kind for line in own} == {ClosureKind.OWN_USE, ClosureKind.REPEAT_RESERVE, ClosureKind.SHUTDOWN}
    acting(session, OPERATOR)
    assert {line.kind for line in list_closures(session, OPERATOR, here.facility.id, until)} == {None}
    acting(session, other.planner)
    assert list_closures(session, other.planner, here.facility.id, until) == []


def closure(kind: ClosureKind, days: Days, suite: object = None, recurrence: str | None = None) -> Closure:
    return Closure(kind=kind, starts=days.start, ends=days.end, suite_id=suite, recurrence=recurrence)


@pytest.mark.parametrize(
    ("closures", "stopped"),
    [
        ([], 0),
        ([closure(ClosureKind.SHUTDOWN, Days(date(2026, 11, 2), date(2026, 11, 9)))], 7),
        ([closure(ClosureKind.SHUTDOWN, Days(date(2026, 10, 1), date(2026, 11, 2)))], 0),
        ([closure(ClosureKind.SHUTDOWN, Days(date(2026, 11, 1), date(2026, 11, 3)))], 1),
        ([closure(ClosureKind.SHUTDOWN, Days(date(2026, 11, 25), date(2026, 12, 9)))], 1),
        ([closure(ClosureKind.SHUTDOWN, Days(date(2026, 11, 26), date(2026, 12, 9)))], 0),
        ([closure(ClosureKind.MAINTENANCE, Days(date(2026, 11, 20), None))], 6),
        ([closure(ClosureKind.OWN_USE, Days(date(2026, 11, 2), date(2026, 11, 9)))], 0),
        ([closure(ClosureKind.SHUTDOWN, Days(date(2026, 11, 2), date(2026, 11, 9)), suite=1)], 0),
        ([closure(ClosureKind.SHUTDOWN, Days(date(2025, 11, 2), date(2025, 11, 9)), recurrence="FREQ=YEARLY")], 7),
        ([closure(ClosureKind.SHUTDOWN, Days(date(2026, 11, 2), date(2026, 11, 9)))] * 2, 7),
    ],
)
def test_declared_closures_of_the_facility_stop_the_clock(closures: list[Closure], stopped: int) -> None:
    assert stopped_days(closures, date(2026, 11, 1), TODAY) == stopped
    assert stopped_days(closures, TODAY, TODAY) == 0
    assert stopped_days(closures, None, TODAY) == 0
