"""Half-open periods of days: the first day is in, the last day named is out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Days:
    """Days from `start` (in) to `end` (out); None as end means without end."""

    start: date
    end: date | None

    def holds(self, day: date) -> bool:
        """Whether `day` lies inside."""
        return self.start <= day and (self.end is None or day < self.end)

    def overlaps(self, other: "Days") -> bool:
        """Whether the two share a day."""
        return (other.end is None or self.start < other.end) and (self.end is None or other.start < self.end)

    def contains(self, other: "Days") -> bool:
        """Whether every day of `other` lies inside."""
        ends_inside = self.end is None or (other.end is not None and other.end <= self.end)
        return self.start <= other.start and ends_inside


def minus(whole: Days, holes: Iterable[Days]) -> list[Days]:
    """Return what is left of `whole`, in order, after taking the holes out."""
    left: list[Days] = []
    start = whole.start
    for hole in sorted(holes):
        if not hole.overlaps(Days(start, whole.end)):
            continue
        if hole.start > start:
            left.append(Days(start, hole.start))
        if hole.end is None:
            return left
        start = max(start, hole.end)
    if whole.end is None or start < whole.end:
        left.append(Days(start, whole.end))
    return left


def weeks_between(start: date, end: date) -> int:
    """Return the number of weeks that days `start` (in) to `end` (out) touch when weeks begin on `start`."""
    return -(-(end - start) // timedelta(weeks=1))
