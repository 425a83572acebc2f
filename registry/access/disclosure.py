"""What may be published about many: the cell rule, and no way to find a cell by subtraction (design, competition guard).

A figure is shown when at least five independent organisations stand behind it and none holds more than half of it.
What is held back must pass the same rule as a whole, or a total would give it away. A period is shown three months
after its end. A cell whose organisations changed a little since it was last shown is held back, or the change would
show the newcomer.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar
from uuid import UUID

FEWEST_ORGANISATIONS = 5
LARGEST_SHARE_PERCENT = 50
MONTHS_OLD = 3

Key = TypeVar("Key", bound=Hashable)
Figures = Mapping[UUID, int]
"""The figure of each independent organisation in a cell; those without a part in it do not stand in it."""


@dataclass(frozen=True, slots=True)
class Published(Generic[Key]):
    """What may be shown: figures by cell, how many cells are held back, the total where it gives nothing away."""

    cells: Mapping[Key, int]
    held_back: int
    total: int | None


def may_show(figures: Figures) -> bool:
    """Whether a cell may be shown: five organisations with a part in it, none with more than half."""
    parts = [figure for figure in figures.values() if figure > 0]
    return len(parts) >= FEWEST_ORGANISATIONS and max(parts) * 100 <= sum(parts) * LARGEST_SHARE_PERCENT


def changed_a_little(shown: frozenset[UUID] | None, now: frozenset[UUID]) -> bool:
    """Whether fewer than five organisations came or went since a cell was last shown, but not none."""
    return shown is not None and 0 < len(shown ^ now) < FEWEST_ORGANISATIONS


def old_enough(last_day: date, today: date) -> bool:
    """Whether a period that ended on a day is at least three months old."""
    months = last_day.year * 12 + last_day.month - 1 + MONTHS_OLD
    year, month = divmod(months, 12)
    return (year, month + 1, last_day.day) <= (today.year, today.month, today.day)


def published(table: Mapping[Key, Figures], shown: Mapping[Key, frozenset[UUID]] | None = None) -> Published[Key]:
    """Return what may be shown of a table; `shown` are the organisations behind each cell when it was last shown."""
    before = shown or {}
    showing = {
        key
        for key, figures in table.items()
        if may_show(figures) and not changed_a_little(before.get(key), members(figures))
    }
    while showing and not _remainder_is_safe(table, showing):
        showing.remove(min(showing, key=lambda key: (len(members(table[key])), sum(table[key].values()), str(key))))
    everything = together(table.values())
    return Published(
        cells={key: sum(table[key].values()) for key in table if key in showing},
        held_back=len(table.keys() - showing),
        total=sum(everything.values()) if showing and may_show(everything) else None,
    )


def members(figures: Figures) -> frozenset[UUID]:
    """Return the organisations with a part in a cell."""
    return frozenset(organisation for organisation, figure in figures.items() if figure > 0)


def together(cells: Iterable[Figures]) -> Figures:
    """Return several cells as one, by organisation."""
    whole: Counter[UUID] = Counter()
    for figures in cells:
        whole.update(figures)
    return whole


def _remainder_is_safe(table: Mapping[Key, Figures], showing: set[Key]) -> bool:
    rest = together(figures for key, figures in table.items() if key not in showing)
    return not members(rest) or may_show(rest)
