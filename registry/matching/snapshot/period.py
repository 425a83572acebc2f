"""The weeks of a round, and closures that come back by a rule within them."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from dateutil.rrule import rrulestr

from registry.models.capacity import Closure, Opening
from registry.vocabulary.periods import Days, minus

Row = TypeVar("Row")
Key = TypeVar("Key", bound=Hashable)

LONGEST_LOOK = timedelta(days=3660)
"""A recurring closure without an end is followed for at most ten years."""


@dataclass(frozen=True, slots=True)
class Horizon:
    """Weeks from Monday `origin`."""

    origin: date
    weeks: int

    @property
    def end(self) -> date:
        """The first day after the last week."""
        return self.origin + timedelta(weeks=self.weeks)


def grouped(rows: Iterable[Row], key: Callable[[Row], Key]) -> dict[Key, list[Row]]:
    """Return the rows by key, each list in the sequence given."""
    groups: defaultdict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def occurrences(closure: Closure, until: date) -> list[Days]:
    """Return the days a closure takes, repeated by its rule up to `until`."""
    first = Days(closure.starts, closure.ends)
    if closure.recurrence is None or closure.ends is None:
        return [first]
    length = closure.ends - closure.starts
    begin = datetime.combine(closure.starts, time())
    last = datetime.combine(min(until, closure.starts + LONGEST_LOOK), time())
    rule = rrulestr(closure.recurrence, dtstart=begin)
    return [Days(start.date(), start.date() + length) for start in rule.between(begin, last, inc=True)]


def open_days(openings: Iterable[Opening], closures: Iterable[Closure], until: date) -> tuple[Days, ...]:
    """Return the days that may be used: openings less closures, in order."""
    holes = [days for closure in closures for days in occurrences(closure, until)]
    left = [days for opening in openings for days in minus(Days(opening.starts, opening.ends), holes)]
    return tuple(sorted(left, key=lambda days: (days.start, days.end or date.max)))
