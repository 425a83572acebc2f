"""The weeks of a round, and the days within them that may be used."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from registry.models.capacity import Closure, Opening
from registry.queries.closed_days import occurrences
from registry.vocabulary.periods import Days, minus

Row = TypeVar("Row")
Key = TypeVar("Key", bound=Hashable)


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


def open_days(openings: Iterable[Opening], closures: Iterable[Closure], until: date) -> tuple[Days, ...]:
    """Return the days that may be used: openings less closures, in order."""
    holes = [days for closure in closures for days in occurrences(closure, until)]
    left = [days for opening in openings for days in minus(Days(opening.starts, opening.ends), holes)]
    return tuple(sorted(left, key=lambda days: (days.start, days.end or date.max)))
