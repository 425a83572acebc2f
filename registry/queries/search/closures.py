"""Closures of whole facilities that may have stopped the clock of a calendar."""

from collections import defaultdict
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Date, func, or_, select

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import Closure
from registry.queries.closed_days import stopped_days
from registry.queries.search.asking import QUESTIONS_KEPT, TODAY, Asking, answer, parameter
from registry.queries.search.cells import Question, as_number, as_text, in_columns
from registry.queries.search.keys import Index
from registry.vocabulary.facilities import FRESHNESS_DAYS, TAKEN, ClosureKind

WITHOUT_END = 10**6
"""Days written for a closure without end."""


class Closed(NamedTuple):
    """A closure of a whole facility, in days from the day of the search."""

    starts: int
    ends: int
    kind: str
    recurrence: str


def read_closures(asking: Asking, index: Index) -> dict[int, tuple[Closed, ...]]:
    """Return the closures of whole facilities that may have stopped a clock, by position; older ones save no calendar."""
    found: defaultdict[int, tuple[Closed, ...]] = defaultdict(tuple)
    values = {"today": asking.today, "oldest": oldest_end(asking.today)}
    facilities, starts, ends, *words = answer(asking, closures_question(asking.subject), **values)
    places = index.of(facilities).tolist()
    for place, *closed in zip(places, starts.tolist(), ends.tolist(), *words, strict=True):
        found[place] += (Closed(*closed),)
    found.pop(index.nobody, None)
    return found


def oldest_end(today: date) -> date:
    """Return the day after which a closure must have ended to save a calendar of the slowest rhythm."""
    return today - timedelta(days=max(excluded for _, _, excluded in FRESHNESS_DAYS.values()))


@lru_cache(maxsize=QUESTIONS_KEPT)
def closures_question(subject: Subject) -> Question:
    """Return the question for closures of whole facilities the subject may see: facility, days from today, kind, repetition."""
    lasting = or_(Closure.recurrence.is_not(None), Closure.ends.is_(None), Closure.ends > parameter("oldest", Date()))
    return in_columns(
        select(
            Closure.facility_id,
            as_number(Closure.starts - TODAY),
            as_number(func.coalesce(Closure.ends - TODAY, WITHOUT_END)),
            as_text(Closure.kind),
            Closure.recurrence,
        ).where(
            visibility.inside_facility(subject, Closure),
            Closure.suite_id.is_(None),
            Closure.kind.not_in(sorted(TAKEN)),
            Closure.starts <= TODAY,
            lasting,
        )
    )


@lru_cache(maxsize=4096)
def days_stopped(closed: tuple[Closed, ...], age: int, today: date) -> int:
    """Return on how many of the days since the confirmation, `age` days ago, the facility was closed."""
    closures = [
        Closure(
            starts=today + timedelta(days=one.starts),
            ends=None if one.ends == WITHOUT_END else today + timedelta(days=one.ends),
            kind=ClosureKind(one.kind),
            recurrence=one.recurrence or None,
        )
        for one in closed
    ]
    return stopped_days(closures, today - timedelta(days=age), today)
