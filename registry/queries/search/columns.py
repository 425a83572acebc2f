"""Facts in columns: rows of facilities, suites or authorisations, and for each value the rows that hold it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from registry.queries.search.cells import SEPARATOR, Integers
from registry.queries.search.filters import ONE_OF, Facet, Filters

Mask = NDArray[np.bool_]
NO_ROWS: Integers = np.zeros(0, dtype=np.int64)


class Column:
    """For each value the rows, of `count`, that hold it; a row may hold none, one or many."""

    def __init__(self, count: int, rows: Mapping[str, Integers], *, every: str = "") -> None:
        """Take the rows of each value (one past the last is no row).

        A row that holds `every` holds any value; an empty value is none.
        """
        self._count = count
        self._rows = {value: some for value, some in rows.items() if value not in {"", every}}
        self._every = rows[every] if every and every in rows else NO_ROWS

    def values(self) -> list[str]:
        """Return every value some row holds, in order."""
        return sorted(self._rows)

    def rows(self, value: str) -> Integers:
        """Return the rows that hold a value; a row may be there twice."""
        rows = self._rows.get(value, NO_ROWS)
        return np.concatenate((rows, self._every)) if len(self._every) else rows

    def having(self, value: str) -> Mask:
        """Return which rows hold a value."""
        return marked(self._count + 1, self.rows(value))[: self._count]


def by_value(values: Sequence[str], rows: Integers | None = None) -> dict[str, Integers]:
    """Return the rows of each value, from a value of each row, or of each of the `rows`."""
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__
    number = np.fromiter(map(numbers.__getitem__, values), dtype=np.int64, count=len(values))
    places = np.argsort(number)
    ends = np.bincount(number, minlength=len(numbers)).cumsum().tolist()
    return dict(zip(numbers, _parts(places if rows is None else rows[places], ends), strict=True))


def by_group(values: Sequence[str], sizes: Integers, rows: Integers) -> dict[str, Integers]:
    """Return the rows of each value, from a value of each group and rows that stand group after group."""
    return _together(zip(values, _parts(rows, sizes.cumsum().tolist()), strict=True))


def by_list(joined: Sequence[str]) -> dict[str, Integers]:
    """Return the rows of each value, from values joined by a bar in each row."""
    return _together((value, rows) for cell, rows in by_value(joined).items() for value in cell.split(SEPARATOR))


def _together(parts: Iterable[tuple[str, Integers]]) -> dict[str, Integers]:
    found: defaultdict[str, list[Integers]] = defaultdict(list)
    for value, rows in parts:
        found[value].append(rows)
    return {value: np.concatenate(some) for value, some in found.items()}


def _parts(rows: Integers, ends: Sequence[int]) -> list[Integers]:
    return [rows[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def marked(count: int, places: Integers) -> Mask:
    """Return which of so many stand among the places."""
    mask = np.zeros(count, dtype=np.bool_)
    mask[places] = True
    return mask


@dataclass(frozen=True, slots=True)
class Level:
    """Rows of one kind, and their facts by filter.

    `owners` says to which facility (by position, past the last to none) each belongs; None = the rows are the facilities.
    """

    columns: Mapping[Facet, Column]
    owners: Integers | None = None

    def facilities(self, rows: Integers, count: int) -> Mask:
        """Return the facilities, of `count`, that own one of the rows."""
        owners = rows if self.owners is None else self.owners[rows]
        return marked(count + 1, owners)[:count]

    def rows_of(self, facilities: Mask) -> Mask:
        """Return which rows these facilities own."""
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
        rows = np.append(rows, False)
        holding = map(column.rows, values)
        return [int(np.count_nonzero(self.facilities(held[rows[held]], count))) for held in holding]


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
                left = level.rows_left(filters, level.rows_of(met))
                met &= level.facilities(np.flatnonzero(left), self.count)
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
