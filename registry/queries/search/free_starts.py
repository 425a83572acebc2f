"""Free starts of facilities whose calendar the searcher may see: what is declared less what is taken."""

from collections import defaultdict
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
from registry.queries.search.asking import QUESTIONS_KEPT, Asking, Question, answer, as_text, in_columns
from registry.queries.search.declared import END, FIRST, Declared, read_declared
from registry.queries.search.filters import FreeStarts
from registry.vocabulary.lifecycle import BookingKind, BookingState, DataSet
from registry.vocabulary.periods import Days

Numbers = NDArray[np.int64]
WEEK = 7
WORKING_DAYS = 5
MORE_THAN_ANYBODY = 10**6


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
    """Facilities × weeks: of statements on one platform that hold for a whole week the smallest, platforms added up."""
    total = np.zeros((len(weeks.at), weeks.count), dtype=np.int64)
    pairs = list(zip(declared.facilities, declared.platforms, strict=True))
    groups = {pair: number for number, pair in enumerate(dict.fromkeys(pairs))}
    least = np.full((len(groups), weeks.count), MORE_THAN_ANYBODY, dtype=np.int64)
    mondays = WEEK * np.arange(weeks.count)
    begun = np.array(declared.first_days, dtype=np.int64)[:, None] <= mondays
    lasting = np.array(declared.end_days, dtype=np.int64)[:, None] >= mondays + WEEK
    amounts = np.array(declared.amounts, dtype=np.int64)[:, None]
    numbers = np.array([groups[pair] for pair in pairs], dtype=np.int64)
    np.minimum.at(least, numbers, np.where(begun & lasting, amounts, MORE_THAN_ANYBODY))
    least[least == MORE_THAN_ANYBODY] = 0
    on_platform: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for (facility, platform), number in groups.items():
        if facility in weeks.at:
            on_platform[platform].append((weeks.at[facility], number))
    for known in on_platform.values():
        places, rows = np.array(known).T
        total[places] += least[rows]
    return total


def _taken(asking: Asking, weeks: Weeks) -> tuple[tuple[Numbers, Numbers], Numbers]:
    """Facility and week of the stays for others, and how many begin in it."""
    question = stays_question(asking.subject, asking.data_set)
    rows = zip(*answer(asking, question, first=weeks.monday, end=weeks.end), strict=True)
    known = [(weeks.at[facility], number, count) for facility, number, count in rows if facility in weeks.at]
    table = np.array(known, dtype=np.int64).reshape(-1, 3)
    return (table[:, 0], table[:, 1]), table[:, 2]


@lru_cache(maxsize=QUESTIONS_KEPT)
def stays_question(subject: Subject, data_set: DataSet) -> Question:
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
        select(as_text(begun.c.facility_id), begun.c.week, func.count().label("stays")).group_by(*facility_and_week)
    )


def _closed(asking: Asking, weeks: Weeks) -> tuple[list[int], list[int]]:
    """Facility and week of every week in which the whole facility is closed from Monday to Friday."""
    rows = answer(asking, shut_question(asking.subject), first=weeks.monday, end=weeks.end)
    places: list[int] = []
    numbers: list[int] = []
    for facility, starts, ends, recurrence in zip(*rows, strict=True):
        for days in _occurrences(Days(starts, ends), recurrence, weeks.end.year + 1) if facility in weeks.at else ():
            shut = weeks_shut(days, weeks)
            places += [weeks.at[facility]] * len(shut)
            numbers += shut
    return places, numbers


@lru_cache(maxsize=QUESTIONS_KEPT)
def shut_question(subject: Subject) -> Question:
    touching = or_(Closure.recurrence.is_not(None), Closure.ends.is_(None), Closure.ends > FIRST)
    return in_columns(
        select(as_text(Closure.facility_id), Closure.starts, Closure.ends, Closure.recurrence).where(
            visibility.inside_facility(subject, Closure), Closure.suite_id.is_(None), Closure.starts < END, touching
        )
    )


def weeks_shut(days: Days, weeks: Weeks) -> range:
    """Return the weeks whose days from Monday to Friday all lie in a closure."""
    first = -((weeks.monday - days.start).days // WEEK)
    if days.end is None:
        return range(max(0, first), weeks.count)
    return range(max(0, first), min(weeks.count, ((days.end - weeks.monday).days - WORKING_DAYS) // WEEK + 1))


@lru_cache(maxsize=4096)
def _occurrences(first: Days, recurrence: str | None, before_year: int) -> list[Days]:
    return repeated(first, recurrence, date(before_year, 1, 1))
