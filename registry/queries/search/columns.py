"""Facts in columns: rows of facilities, suites or authorisations, and which values each row holds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from registry.queries.search.asking import SEPARATOR
from registry.queries.search.filters import ONE_OF, Facet, Filters

Mask = NDArray[np.bool_]


class Column:
    """The values of each row; equal sets of values are kept once."""

    def __init__(self, rows: Sequence[str | None], *, every: str | None = None) -> None:
        """Read values joined by a bar; a row that says `every` holds any value."""
        kinds = list(dict.fromkeys(rows))
        numbers = {kind: number for number, kind in enumerate(kinds)}
        self._kind = np.fromiter(map(numbers.__getitem__, rows), dtype=np.int64, count=len(rows))
        self._sets = [frozenset((kind or "").split(SEPARATOR)) - {""} for kind in kinds]
        self._every = [every is not None and kind == every for kind in kinds]

    def values(self) -> list[str]:
        """Return every value some row holds, in order."""
        named = (values for values, every in zip(self._sets, self._every, strict=True) if not every)
        return sorted(set().union(*named))

    def having(self, value: str) -> Mask:
        """Return the rows that hold a value."""
        pairs = zip(self._sets, self._every, strict=True)
        held = np.array([every or value in values for values, every in pairs], dtype=np.bool_)
        return held[self._kind] if len(held) else np.zeros(0, dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class Level:
    """Rows of one kind: to which facility (by position, or past the last to none) each belongs, and its facts by filter."""

    owners: NDArray[np.int64]
    columns: Mapping[Facet, Column]

    def facilities(self, rows: Mask, count: int) -> Mask:
        """Return the facilities, of `count`, that own one of the rows."""
        found = np.zeros(count + 1, dtype=np.bool_)
        found[self.owners[rows]] = True
        return found[:count]

    def rows_left(self, filters: Filters, but: Facet | None = None) -> Mask:
        """Return the rows that meet every filter on them, `but` one left out."""
        left = np.ones(len(self.owners), dtype=np.bool_)
        for facet, column in self.columns.items():
            if facet is not but and filters.chosen(facet):
                left &= _meets(facet, column, filters.chosen(facet))
        return left


def _meets(facet: Facet, column: Column, chosen: frozenset[str]) -> Mask:
    held = np.array([column.having(value) for value in sorted(chosen)])
    return np.asarray(held.any(axis=0) if facet in ONE_OF else held.all(axis=0))


@dataclass(frozen=True, slots=True)
class Columns:
    """Every level of the facilities seen, and how many facilities there are."""

    count: int
    levels: Sequence[Level]

    def meeting(self, filters: Filters, but: Level | None = None) -> Mask:
        """Return the facilities that meet every filter, one level left out if asked."""
        met = np.ones(self.count, dtype=np.bool_)
        for level in self.levels:
            if level is not but and any(filters.chosen(facet) for facet in level.columns):
                met &= level.facilities(level.rows_left(filters), self.count)
        return met

    def counts(self, filters: Filters, others: Mask) -> Iterator[tuple[Facet, str, int]]:
        """Yield how many facilities a search would find if a value were chosen: instead, or where all must hold, too."""
        for level in self.levels:
            elsewhere = others & self.meeting(filters, but=level)
            for facet, column in level.columns.items():
                rows = level.rows_left(filters, but=facet if facet in ONE_OF else None)
                for value in sorted({*column.values(), *filters.chosen(facet)}):
                    found = level.facilities(rows & column.having(value), self.count) & elsewhere
                    yield facet, value, int(found.sum())
