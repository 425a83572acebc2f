"""Facts in columns: rows of facilities, suites or authorisations, and which values each row holds."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from registry.queries.search.asking import SEPARATOR
from registry.queries.search.filters import ONE_OF, Facet, Filters

Mask = NDArray[np.bool_]
Numbers = NDArray[np.int64]


@lru_cache(maxsize=20_000)
def _values(joined: str) -> tuple[str, ...]:
    """Return what a bar joins; the same sets of values come again and again."""
    return tuple(joined.split(SEPARATOR))


class Column:
    """The values of each row; equal sets of values are kept once, as a kind of row."""

    def __init__(self, rows: Sequence[str | None], *, every: str | None = None) -> None:
        """Read values joined by a bar; a row that says `every` holds any value."""
        kinds = list(dict.fromkeys(rows))
        numbers = {kind: number for number, kind in enumerate(kinds)}
        self._kind: Numbers = np.fromiter(map(numbers.__getitem__, rows), dtype=np.int64, count=len(rows))
        self._kinds = len(kinds)
        self._holding: defaultdict[str, list[int]] = defaultdict(list)
        for number, kind in enumerate(kinds):
            if kind and kind != every:
                for value in _values(kind):
                    self._holding[value].append(number)
        self._every = [numbers[every]] if every is not None and every in numbers else []

    def values(self) -> list[str]:
        """Return every value some row holds, in order."""
        return sorted(self._holding)

    def having(self, value: str) -> Mask:
        """Return the rows that hold a value."""
        held = np.zeros(self._kinds, dtype=np.bool_)
        held[self._holding.get(value, [])] = True
        held[self._every] = True
        return held[self._kind]

    def counts(self, rows: Mask, values: Sequence[str]) -> list[int]:
        """Return how many of the rows hold each value."""
        of_kind = np.bincount(self._kind[rows], minlength=self._kinds)
        every = int(of_kind[self._every].sum())
        return [every + int(of_kind[self._holding.get(value, [])].sum()) for value in values]


@dataclass(frozen=True, slots=True)
class Level:
    """Rows of one kind, and their facts by filter.

    `owners` says to which facility (by position, past the last to none) each belongs; None = the rows are the facilities.
    """

    columns: Mapping[Facet, Column]
    owners: Numbers | None = None

    def facilities(self, rows: Mask, count: int) -> Mask:
        """Return the facilities, of `count`, that own one of the rows."""
        if self.owners is None:
            return rows
        found = np.zeros(count + 1, dtype=np.bool_)
        found[self.owners[rows]] = True
        return found[:count]

    def rows_of(self, facilities: Mask) -> Mask:
        """Return the rows of these facilities."""
        return facilities if self.owners is None else np.append(facilities, False)[self.owners]

    def rows_left(self, filters: Filters, rows: Mask, but: Facet | None = None) -> Mask:
        """Return which of the rows meet every filter on them, `but` one left out."""
        for facet, column in self.columns.items():
            if facet is not but and filters.chosen(facet):
                rows = rows & _meets(facet, column, filters.chosen(facet))
        return rows

    def rows_sure(self, filters: Filters, rows: Mask) -> Mask:
        """Return which of the rows meet the filters on facts with many values: every count is taken with these."""
        for facet, column in self.columns.items():
            if facet not in ONE_OF and filters.chosen(facet):
                rows = rows & _meets(facet, column, filters.chosen(facet))
        return rows

    def counts(self, column: Column, rows: Mask, values: Sequence[str], count: int) -> list[int]:
        """Return how many facilities own one of the rows that holds a value, for each value."""
        if self.owners is None:
            return column.counts(rows, values)
        return [int(np.count_nonzero(self.facilities(rows & column.having(value), count))) for value in values]


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
                met &= level.facilities(level.rows_left(filters, level.rows_of(met)), self.count)
        return met

    def counts(self, filters: Filters, others: Mask) -> Iterator[tuple[Facet, str, int]]:
        """Yield how many facilities a search would find if a value were chosen: instead, or where all must hold, too."""
        for level in self.levels:
            elsewhere = level.rows_of(others & self.meeting(filters, but=level))
            for facet, column in level.columns.items():
                rows = level.rows_left(filters, elsewhere, but=facet if facet in ONE_OF else None)
                values = sorted({*column.values(), *filters.chosen(facet)})
                for value, found in zip(values, level.counts(column, rows, values, self.count), strict=True):
                    yield facet, value, found
