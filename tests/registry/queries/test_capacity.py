"""Derived capacity: never more than declared, and what binds is named."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from registry.access.subject import OPERATOR
from registry.models import Booking, FacilityLimit
from registry.queries.capacity import STATED, Bound, Need, WeekCapacity, derive, weekly_capacity
from registry.queries.places import FREE, INSTALLED, OPEN, OPENED, TAKEN, Lane, Room, Rooms
from registry.queries.starts import Stated
from registry.services.capacity import set_limit, state_period
from registry.services.closures import ClosureFacts, OpeningFacts, close, open_days
from registry.services.laying import Figures
from registry.vocabulary.facilities import ClosureKind, LimitKind, StartsClass
from registry.vocabulary.lifecycle import BookingKind, BookingState
from registry.vocabulary.periods import Days
from tests.factories.facilities import added
from tests.registry.services.house import MONDAY, House, acting, coordinator, house

PLATFORM = "closed_automated"
WEEK = timedelta(weeks=1)
EVERY_DAY = frozenset(range(1, 8))


def offering(session: Session, starts: int) -> House:
    """A facility with one suite of two places, open without end, that offers so many starts a week."""
    here = house(session)
    acting(session, here.planner)
    state_period(session, here.planner, here.facility.id, PLATFORM, Days(MONDAY, None), Figures(starts))
    open_days(session, here.planner, here.facility.id, OpeningFacts(MONDAY))
    return here


def asked(session: Session, here: House, weeks: int = 4, **need: object) -> list[WeekCapacity]:
    acting(session, here.planner)
    needs = {PLATFORM: Need(**need)}  # type: ignore[arg-type]
    return weekly_capacity(session, here.planner, here.facility.id, first=MONDAY, weeks=weeks, needs=needs)


def said(weeks: Sequence[WeekCapacity]) -> list[tuple[int, str]]:
    return [(week.offerable, week.binding.resource) for week in weeks]


def test_where_rooms_allow_it_the_declared_figure_stands(session: Session) -> None:
    assert said(asked(session, offering(session, 2))) == [(2, STATED)] * 4


def test_places_bind(session: Session) -> None:
    assert said(asked(session, offering(session, 3))) == [(2, INSTALLED)] * 4


def test_stays_of_earlier_starts_bind(session: Session) -> None:
    assert said(asked(session, offering(session, 2), stay_days=14)) == [(2, STATED), (0, FREE)] * 2


def test_a_closure_binds_and_own_use_too(session: Session) -> None:
    here = offering(session, 2)
    second = MONDAY + WEEK
    for kind, monday in ((ClosureKind.OWN_USE, second), (ClosureKind.MAINTENANCE, second + WEEK)):
        close(session, here.planner, here.facility.id, ClosureFacts(kind, monday, monday + WEEK))
    assert said(asked(session, here)) == [(2, STATED), (0, TAKEN), (0, OPEN), (2, STATED)]


def test_overseers_read_own_use_as_closed(session: Session) -> None:
    here = offering(session, 2)
    acting(session, here.planner)
    close(session, here.planner, here.facility.id, ClosureFacts(ClosureKind.OWN_USE, MONDAY, MONDAY + WEEK))
    acting(session, OPERATOR)
    overseer = acting(session, coordinator(session))
    weeks = weekly_capacity(session, overseer, here.facility.id, first=MONDAY, weeks=2)
    assert said(weeks) == [(0, OPEN), (2, STATED)]


def test_without_an_opening_the_openings_bind(session: Session) -> None:
    here = house(session)
    acting(session, here.planner)
    state_period(session, here.planner, here.facility.id, PLATFORM, Days(MONDAY, None), Figures(2))
    assert said(asked(session, here)) == [(0, OPENED)] * 4


def test_a_booked_place_binds_with_its_clearance(session: Session) -> None:
    here = offering(session, 2)
    acting(session, OPERATOR)
    here.suite.clearance_days = 1
    owner = {"facility_id": here.facility.id, "organisation_id": here.organisation.id, "suite_id": here.suite.id}
    stay = {"stay_id": uuid4(), "lane": 1, "starts": MONDAY, "ends": MONDAY + timedelta(days=13)}
    kind = {"kind": BookingKind.OWN, "state": BookingState.CONFIRMED, "data_set": here.facility.data_set}
    added(session, Booking(**owner, **stay, **kind))
    assert said(asked(session, here, stay_days=6))[:2] == [(1, FREE), (1, FREE)]
    assert said(asked(session, here, stay_days=6))[2] == (2, STATED)


@pytest.mark.parametrize(
    ("kind", "period", "amount", "expected"),
    [
        (LimitKind.QC_RESULTS, 1, 1, [1, 1, 1, 1]),
        (LimitKind.CERTIFICATIONS, 2, 3, [2, 1, 2, 1]),
        (LimitKind.QC_RESULTS, 4, 0, [0, 0, 0, 0]),
        (LimitKind.OPERATORS, 1, 0, [2, 2, 2, 2]),
    ],
)
def test_a_limit_binds_by_its_name(
    session: Session, kind: LimitKind, period: int, amount: int, expected: list[int]
) -> None:
    here = offering(session, 2)
    set_limit(session, here.planner, here.facility.id, kind, period, amount)
    found = said(asked(session, here))
    assert [starts for starts, _ in found] == expected
    assert {name for starts, name in found if starts < 2} <= {kind.value.replace("_", " ")}


def test_a_start_that_takes_more_of_a_limit(session: Session) -> None:
    here = offering(session, 2)
    set_limit(session, here.planner, here.facility.id, LimitKind.OPERATORS, 1, 3)
    assert said(asked(session, here, loads={LimitKind.OPERATORS: 2})) == [(1, "operators")] * 4


def test_nothing_is_derived_where_nothing_is_stated(session: Session) -> None:
    here, other = offering(session, 2), house(session)
    assert weekly_capacity(session, here.planner, other.facility.id, first=MONDAY, weeks=4) == []
    acting(session, other.planner)
    assert weekly_capacity(session, other.planner, here.facility.id, first=MONDAY, weeks=4) == []


def test_weekdays_of_the_suite_are_kept(session: Session) -> None:
    here = offering(session, 9)
    acting(session, OPERATOR)
    here.suite.start_weekdays = [1]
    assert said(asked(session, here, stay_days=2)) == [(2, INSTALLED)] * 4
    acting(session, OPERATOR)
    here.suite.start_weekdays = []
    assert said(asked(session, here, stay_days=2))[0] == (8, INSTALLED)


days = st.integers(0, 60).map(lambda offset: MONDAY + timedelta(days=offset))
periods = st.tuples(days, st.integers(1, 30)).map(lambda one: Days(one[0], one[0] + timedelta(days=one[1])))
lanes = st.lists(periods, max_size=3).map(Lane)
room = st.builds(
    Room,
    name=st.just("room"),
    stated=st.lists(periods, max_size=3).map(tuple),
    left=st.lists(periods, max_size=3).map(tuple),
    weekdays=st.sets(st.integers(1, 7)).map(frozenset),
    clearance_days=st.integers(0, 3),
    lanes=st.lists(lanes, max_size=3),
)
limit = st.builds(
    lambda kind, weeks, amount: FacilityLimit(id=uuid4(), kind=kind, period_weeks=weeks, amount=amount),
    st.sampled_from(LimitKind),
    st.integers(1, 4),
    st.integers(0, 9),
)
statement = st.builds(
    lambda period, starts: Stated(PLATFORM, period, starts, StartsClass.FIRM, pooled=True), periods, st.integers(0, 5)
)


@given(st.lists(statement, max_size=3), st.lists(room, max_size=3), st.lists(limit, max_size=3), st.integers(1, 20))
def test_derived_only_lowers_and_names_what_binds(
    stated: list[Stated], rooms: list[Room], limits: list[FacilityLimit], stay_days: int
) -> None:
    loads = {LimitKind.QC_RESULTS: 1, LimitKind.OPERATORS: 2}
    for week in derive(PLATFORM, stated, Rooms(rooms), limits, Need(stay_days, loads), MONDAY, 9):
        assert 0 <= week.offerable <= week.declared
        assert week.binding in (Bound(STATED, week.declared), *week.bounds)
        assert week.offerable == min(week.declared, *(bound.starts for bound in week.bounds))


@given(st.lists(room, max_size=3), st.integers(1, 20))
def test_starts_that_are_offered_can_all_be_held(rooms: list[Room], stay_days: int) -> None:
    stated = [Stated(PLATFORM, Days(MONDAY, None), 9, StartsClass.FIRM, pooled=True)]
    lanes_of = [lane for one in rooms for lane in one.lanes]
    before = sum(len(lane.held) for lane in lanes_of)
    weeks = derive(PLATFORM, stated, Rooms(rooms), [], Need(stay_days), MONDAY, 9)
    assert sum(len(lane.held) for lane in lanes_of) - before == sum(week.offerable for week in weeks)


def test_sabotage_a_sum_instead_of_the_smallest_would_exceed_the_declared() -> None:
    week = WeekCapacity(PLATFORM, date(2026, 11, 30), 1, StartsClass.FIRM, pooled=True, bounds=(Bound(FREE, 2),))
    assert week.offerable == 1
    assert sum((week.declared, *(bound.starts for bound in week.bounds))) > week.declared
