"""Free starts of facilities whose calendar the searcher may see: what is declared less what is taken."""

from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from sqlalchemy import func, or_, select

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import Booking, Closure
from registry.queries.closed_days import repeated
from registry.queries.search.asking import QUESTIONS_KEPT, Asking, answer
from registry.queries.search.cells import Integers, Question, as_number, in_columns
from registry.queries.search.declared import END, FIRST, WITHOUT_END, Declared, read_declared
from registry.queries.search.filters import FreeStarts
from registry.queries.search.keys import Index
from registry.queries.search.weeks import WEEK, Weeks, weeks_between, whole_weeks
from registry.vocabulary.lifecycle import BookingKind, BookingState, DataSet
from registry.vocabulary.periods import Days


def free_starts(asking: Asking, asked: FreeStarts, index: Index) -> Integers:
    """Return the free starts of each facility by its position, 0 where none are declared or known to the searcher.

    For each whole week (from Monday) of the period: starts declared for all of it, firm or indicative, on the platform
    asked for or on all together, less every stay for others that begins in it, whatever its platform; never below
    zero, and zero where the whole facility is closed from Monday to Friday. On enquiry is no number. What suites,
    limits and people allow may lower it further.
    """
    weeks = whole_weeks(asked)
    if weeks.count == 0:
        return np.zeros(len(index), dtype=np.int64)
    declared = read_declared(asking, weeks, asked.platform, index)
    free = declared_by_week(declared, weeks, len(index)) - _taken(asking, weeks, index)
    free[_closed(asking, weeks, index)] = 0
    return np.asarray(np.maximum(free, 0)[:, : weeks.count].sum(axis=1))


def declared_by_week(declared: Declared, weeks: Weeks, facilities: int) -> Integers:
    """Facilities × weeks: statements that hold for a whole week added up; on one platform no two hold on one day."""
    first = np.clip(-(-declared.first_days // WEEK), 0, weeks.count)
    end = np.clip(declared.end_days // WEEK, first, weeks.count)
    begun = weeks.added_up(facilities, declared.places, first, declared.amounts)
    return np.cumsum(begun - weeks.added_up(facilities, declared.places, end, declared.amounts), axis=1)


def _taken(asking: Asking, weeks: Weeks, index: Index) -> Integers:
    """Facilities × weeks: the stays for others that begin."""
    question = stays_question(asking.subject, asking.data_set)
    facilities, begun = answer(asking, question, first=weeks.monday, end=weeks.end)
    return weeks.added_up(len(index), index.of(facilities), begun)


@lru_cache(maxsize=QUESTIONS_KEPT)
def stays_question(subject: Subject, data_set: DataSet) -> Question:
    """Return the question for facility and week of every stay for others that begins in it, as far as the subject may know."""
    week = ((Booking.starts - FIRST) // WEEK).label("week")
    begun = (
        select(Booking.facility_id, week, Booking.stay_id)
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
    return in_columns(select(begun.c.facility_id, as_number(begun.c.week)))


def _closed(asking: Asking, weeks: Weeks, index: Index) -> tuple[list[int], list[int]]:
    """Facility and week of every week in which the whole facility is closed from Monday to Friday."""
    question = shut_question(asking.subject)
    facilities, starts, ends, rules = answer(asking, question, first=weeks.monday, end=weeks.end)
    places: list[int] = []
    numbers: list[int] = []
    closures = zip(index.of(facilities).tolist(), starts.tolist(), ends.tolist(), rules, strict=True)
    for place, first_day, end_day, rule in closures:
        if place != index.nobody:
            shut = _weeks_shut(first_day, end_day, rule, weeks.monday, weeks.count)
            places += [place] * len(shut)
            numbers += shut
    return places, numbers


@lru_cache(maxsize=4096)
def _weeks_shut(first_day: int, end_day: int, rule: str, monday: date, count: int) -> tuple[int, ...]:
    """Return the weeks a closure takes, repeated by its rule; days are counted from the first Monday."""
    if not rule or end_day == WITHOUT_END:
        return tuple(weeks_between(first_day, end_day, count))
    days = Days(monday + timedelta(days=first_day), monday + timedelta(days=end_day))
    last = monday + timedelta(weeks=count)
    occurrences = repeated(days, rule, date(last.year + 1, 1, 1))
    shut = ((one.start - monday, one.end - monday) for one in occurrences if one.end is not None)
    return tuple(week for start, end in shut for week in weeks_between(start.days, end.days, count))


@lru_cache(maxsize=QUESTIONS_KEPT)
def shut_question(subject: Subject) -> Question:
    """Return the question for closures of whole facilities in the period: facility, days from its first, repetition."""
    touching = or_(Closure.recurrence.is_not(None), Closure.ends.is_(None), Closure.ends > FIRST)
    return in_columns(
        select(
            Closure.facility_id,
            as_number(Closure.starts - FIRST),
            as_number(func.coalesce(Closure.ends - FIRST, WITHOUT_END)),
            Closure.recurrence,
        ).where(
            visibility.inside_facility(subject, Closure), Closure.suite_id.is_(None), Closure.starts < END, touching
        )
    )
