"""Days to weeks, always on the safe side: what a week promises, every day of it keeps."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.facts import Batch, Suite
from matcher.weeks import Weeks, delay_weeks, slack_days, start_offset, weeks_held
from registry.vocabulary.periods import Days
from registry.vocabulary.products import BatchKind
from tests.matcher.eligibility.good import ORIGIN, SUITE

WEEKS = Weeks(ORIGIN, 26)
DAY = timedelta(1)

days = st.integers(-40, 240).map(lambda n: ORIGIN + n * DAY)
periods = st.builds(
    lambda start, length: Days(start, None if length is None else start + length * DAY),
    days,
    st.none() | st.integers(1, 120),
)
suites = st.builds(
    lambda weekdays, clearance: replace(SUITE, start_weekdays=weekdays, clearance_days=clearance),
    st.frozensets(st.integers(1, 7), max_size=3),
    st.integers(0, 9),
)


@given(st.lists(periods, max_size=3))
def test_an_open_week_is_open_on_every_day(some: list[Days]) -> None:
    runs = WEEKS.whole(some)
    for first, last in runs:
        assert 0 <= first < last <= 26
        moments = [WEEKS.day(first) + n * DAY for n in range(7 * (last - first))]
        assert all(any(one.holds(day) for one in some) for day in moments)
    whole = [w for w in range(26) if all(any(p.holds(WEEKS.day(w, n)) for p in some) for n in range(7))]
    assert whole == [w for first, last in runs for w in range(first, last)]


@given(st.lists(periods, max_size=3), st.integers(0, 6))
def test_a_window_holds_the_weeks_whose_start_day_is_allowed(some: list[Days], offset: int) -> None:
    inside = [w for first, last in WEEKS.windows(some, offset) for w in range(first, last + 1)]
    assert inside == [w for w in range(26) if any(p.holds(WEEKS.day(w, offset)) for p in some)]


@given(suites, st.integers(1, 60))
def test_a_stay_fits_into_the_weeks_it_holds_and_into_no_fewer(suite: Suite, stay: int) -> None:
    free_again = start_offset(suite) + stay + suite.clearance_days
    assert 7 * (weeks_held(suite, stay) - 1) < free_again <= 7 * weeks_held(suite, stay)
    assert slack_days(suite, stay) == 7 * weeks_held(suite, stay) - free_again


@given(suites, st.integers(1, 60), st.integers(0, 60))
def test_a_load_falls_in_the_week_of_its_day(suite: Suite, stay: int, delay: int) -> None:
    last_held = weeks_held(suite, stay) - 1
    true_week = (start_offset(suite) + stay - 1 + delay) // 7
    assert last_held + delay_weeks(suite, stay, delay) == max(last_held, true_week)


@given(days, st.integers(0, 60), st.integers(0, 6))
def test_start_weeks_lie_in_the_window_when_it_holds_a_whole_week(first: object, width: int, offset: int) -> None:
    earliest = ORIGIN if not isinstance(first, type(ORIGIN)) else max(first, ORIGIN)
    batch = Batch("B", BatchKind.PATIENT, earliest, earliest + width * DAY, 1)
    begin, end = WEEKS.starts(batch, offset)
    assert 0 <= begin <= end
    if width >= 6 + offset:
        assert batch.earliest <= WEEKS.day(begin)
        assert WEEKS.day(end, offset) <= batch.latest


def test_a_window_too_short_keeps_the_week_of_its_first_day() -> None:
    wednesday = ORIGIN + 9 * DAY
    assert WEEKS.starts(Batch("B", BatchKind.PATIENT, wednesday, wednesday, 1), 0) == (1, 1)


def test_a_window_that_has_begun_starts_with_the_round() -> None:
    batch = Batch("B", BatchKind.PATIENT, ORIGIN - 20 * DAY, ORIGIN, 1)
    assert WEEKS.starts(batch, 0) == (0, 0)


@pytest.mark.parametrize(("stay", "clearance", "held"), [(6, 1, 1), (7, 0, 1), (7, 1, 2), (13, 1, 2), (14, 1, 3)])
def test_clearance_counts(stay: int, clearance: int, held: int) -> None:
    assert weeks_held(replace(SUITE, start_weekdays=frozenset(), clearance_days=clearance), stay) == held


def test_a_first_start_weekday_later_in_the_week_counts() -> None:
    thursday = replace(SUITE, start_weekdays=frozenset({4, 5}), clearance_days=0)
    assert start_offset(thursday) == 3
    assert weeks_held(thursday, 4) == 1
    assert weeks_held(thursday, 5) == 2
