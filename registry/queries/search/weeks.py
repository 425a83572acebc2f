"""The whole weeks of a period, and numbers of facilities in them."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from registry.queries.search.cells import Integers
from registry.queries.search.filters import FreeStarts

WEEK = 7
WORKING_DAYS = 5


@dataclass(frozen=True, slots=True)
class Weeks:
    """So many whole weeks from a Monday on."""

    monday: date
    count: int

    @property
    def end(self) -> date:
        """The day after the last week."""
        return self.monday + timedelta(days=WEEK * self.count)

    def added_up(self, facilities: int, places: Integers, weeks: Integers, amounts: Integers | None = None) -> Integers:
        """Facilities × weeks and one week more: the amounts (1 each where none are given) at a place and a week.

        A place past the last facility is nobody's.
        """
        width = self.count + 1
        sums = np.bincount(places * width + weeks, weights=amounts, minlength=(facilities + 1) * width)
        return sums.astype(np.int64).reshape(-1, width)[:facilities]


def weeks_between(first_day: int, end_day: int, count: int) -> range:
    """Return which of so many weeks lie from Monday to Friday between two days, counted from the first Monday."""
    return range(max(0, -(-first_day // WEEK)), min(count, (end_day - WORKING_DAYS) // WEEK + 1))


def whole_weeks(asked: FreeStarts) -> Weeks:
    """Return the weeks, from Monday, that lie wholly in the period."""
    monday = asked.first + timedelta(days=-asked.first.weekday() % WEEK)
    return Weeks(monday, max(0, (asked.end - monday).days // WEEK))
