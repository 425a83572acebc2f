"""Free starts of facilities whose calendar the searcher may see: what is declared less what is taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, or_, select

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import Booking, Closure
from registry.queries.closed_days import repeated
from registry.queries.search.asking import QUESTIONS_KEPT, Asking, Question, answer, as_text, in_columns, whole_number
from registry.queries.search.declared import END, FIRST, Declared, read_declared
from registry.queries.search.filters import FreeStarts
from registry.vocabulary.lifecycle import BookingKind, BookingState, DataSet
from registry.vocabulary.periods import Days

Numbers = NDArray[np.int64]
WEEK = 7
WORKING_DAYS = 5


@dataclass(frozen=True, slots=True)
class Weeks:
    """So many whole weeks from a Monday on, and the position of each facility."""

    monday: date
    count: int
    at: Mapping[str, int]

    @property
    def end(self) -> date:
        """The day after the last week."""
        return self.monday + timedelta(days=WEEK * self.count)


def free_starts(asking: Asking, asked: FreeStarts, facilities: Sequence[str]) -> Numbers:
    """Return the free starts of each facility, 0 where none are declared or known to the searcher.

    For each whole week (from Monday) of the period: starts declared for all of it, firm or indicative, on the platform
    asked for or on all together, less every stay for others that begins in it, whatever its platform; never below
    zero, and zero where the whole facility is closed from Monday to Friday. On enquiry is no number. What suites,
    limits and people allow may lower it further.
    """
    weeks = whole_weeks(asked, facilities)
    if weeks.count == 0:
        return np.zeros(len(facilities), dtype=np.int64)
    free = by_week(read_declared(asking, weeks.monday, weeks.end, asked.platform), weeks)
    np.subtract.at(free, *_taken(asking, weeks))
    places, numbers = _closed(asking, weeks)
    free[places, numbers] = 0
    return np.asarray(np.maximum(free, 0).sum(axis=1))


def whole_weeks(asked: FreeStarts, facilities: Sequence[str]) -> Weeks:
    """Return the weeks, from Monday, that lie wholly in the period."""
    monday = asked.first + timedelta(days=-asked.first.weekday() % WEEK)
    at = {facility: place for place, facility in enumerate(facilities)}
    return Weeks(monday, max(0, (asked.end - monday).days // WEEK), at)


def by_week(declared: Declared, weeks: Weeks) -> Numbers:
    """Facilities × weeks: statements that hold for a whole week added up; on one platform no two hold on one day."""
    nobody = len(weeks.at)
    total = np.zeros((nobody + 1, weeks.count), dtype=np.int64)
    places = np.array([weeks.at.get(facility, nobody) for facility in declared.facilities], dtype=np.int64)
    mondays = WEEK * np.arange(weeks.count)
    begun = np.array(declared.first_days, dtype=np.int64)[:, None] <= mondays
    lasting = np.array(declared.end_days, dtype=np.int64)[:, None] >= mondays + WEEK
    amounts = np.array(declared.amounts, dtype=np.int64)[:, None]
    np.add.at(total, places, np.where(begun & lasting, amounts, 0))
    return total[:nobody]


def _taken(asking: Asking, weeks: Weeks) -> tuple[tuple[Numbers, Numbers], Numbers]:
    """Facility and week of the stays for others, and how many begin in it."""
    question = stays_question(asking.subject, asking.data_set)
    facilities, *numbers = answer(asking, question, first=weeks.monday, end=weeks.end)
    places = np.array([weeks.at.get(facility, -1) for facility in facilities], dtype=np.int64)
    week, count = (np.array([int(one) for one in column], dtype=np.int64)[places >= 0] for column in numbers)
    return (places[places >= 0], week), count


@lru_cache(maxsize=QUESTIONS_KEPT)
def stays_question(subject: Subject, data_set: DataSet) -> Question:
    """Return the question for facility, week and how many stays for others begin in it, as far as the subject may know."""
    begun = (
        select(Booking.facility_id, ((Booking.starts - FIRST) // WEEK).label("week"), Booking.stay_id)
        .distinct()
        .where(
            visibility.inside_facility(subject, Booking),
            Booking.data_set == data_set,
            Booking.state.in_((BookingState.HELD, BookingState.CONFIRMED)),
            Booking.kind != BookingKind.OWN,
            Booking.starts >= FIRST,
            Booking.starts < END,
        )
        .subquery("begun")
    )
    facility_and_week = (begun.c.facility_id, begun.c.week)
    return in_columns(
        select(as_text(begun.c.facility_id), as_text(begun.c.week), as_text(func.count())).group_by(*facility_and_week)
    )


def _closed(asking: Asking, weeks: Weeks) -> tuple[list[int], list[int]]:
    """Facility and week of every week in which the whole facility is closed from Monday to Friday."""
    rows = answer(asking, shut_question(asking.subject), first=weeks.monday, end=weeks.end)
    places: list[int] = []
    numbers: list[int] = []
    for facility, starts, ends, recurrence in zip(*rows, strict=True):
        if facility not in weeks.at:
            continue
        closed = [(int(starts), whole_number(ends))]
        if recurrence:
            closed = _repeated(*closed[0], recurrence, weeks)
        for first_day, end_day in closed:
            shut = weeks_shut(first_day, end_day, weeks.count)
            places += [weeks.at[facility]] * len(shut)
            numbers += shut
    return places, numbers


def _repeated(first_day: int, end_day: int | None, recurrence: str, weeks: Weeks) -> list[tuple[int, int | None]]:
    """First day and end of every occurrence, counted from the first Monday."""
    end = None if end_day is None else weeks.monday + timedelta(days=end_day)
    days = Days(weeks.monday + timedelta(days=first_day), end)
    return [
        ((one.start - weeks.monday).days, None if one.end is None else (one.end - weeks.monday).days)
        for one in _occurrences(days, recurrence, weeks.end.year + 1)
    ]


@lru_cache(maxsize=QUESTIONS_KEPT)
def shut_question(subject: Subject) -> Question:
    """Return the question for closures of whole facilities in the period: facility, days from its first, repetition."""
    touching = or_(Closure.recurrence.is_not(None), Closure.ends.is_(None), Closure.ends > FIRST)
    return in_columns(
        select(
            as_text(Closure.facility_id),
            as_text(Closure.starts - FIRST),
            as_text(Closure.ends - FIRST),
            Closure.recurrence,
        ).where(
            visibility.inside_facility(subject, Closure), Closure.suite_id.is_(None), Closure.starts < END, touching
        )
    )


def weeks_shut(first_day: int, end_day: int | None, weeks: int) -> range:
    """Return which of so many weeks have all their days from Monday to Friday in a closure; days from the first Monday."""
    first = max(0, -(-first_day // WEEK))
    return range(first, weeks if end_day is None else min(weeks, (end_day - WORKING_DAYS) // WEEK + 1))


@lru_cache(maxsize=4096)
def _occurrences(first: Days, recurrence: str | None, before_year: int) -> list[Days]:
    return repeated(first, recurrence, date(before_year, 1, 1))
