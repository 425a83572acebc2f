"""Days and weeks as Europeans write them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Week:
    """A week of the horizon by its Monday."""

    monday: date

    @property
    def number(self) -> int:
        """ISO 8601 week number."""
        return self.monday.isocalendar().week


@dataclass(frozen=True, slots=True)
class Month:
    """The weeks of one month, counted by their Mondays."""

    label: str
    first: int
    weeks: int


def weeks_from(origin: date, count: int) -> tuple[Week, ...]:
    """Return `count` weeks, the first beginning on `origin`."""
    return tuple(Week(origin + timedelta(weeks=index)) for index in range(count))


def months_of(weeks: Sequence[Week]) -> tuple[Month, ...]:
    """Return the months over the weeks, each with the index of its first week and how many it has."""
    months: list[Month] = []
    for (year, month), members in groupby(weeks, key=lambda week: (week.monday.year, week.monday.month)):
        first = sum(known.weeks for known in months)
        months.append(Month(label=f"{MONTHS[month - 1]} {year}", first=first, weeks=len(list(members))))
    return tuple(months)


def written(day: date) -> str:
    """Return a day as 25 Nov 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def written_span(start: date, end: date) -> str:
    """Return the days from `start` (in) to `end` (out) as 4–17 Jan 2027, leaving out what both share."""
    last = end - timedelta(days=1)
    if last <= start:
        return written(start)
    if (start.year, start.month) == (last.year, last.month):
        return f"{start.day}–{written(last)}"
    if start.year == last.year:
        return f"{start.day} {MONTHS[start.month - 1]} – {written(last)}"
    return f"{written(start)} – {written(last)}"
