"""How the columns of an answer travel: texts as one text, numbers as their bytes, which is far cheaper than rows.

Nothing in these questions is a parameter but what changes from one search to the next: long statements with many
parameters cost more to send than to answer.
"""

from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ColumnElement,
    Dialect,
    Float,
    Integer,
    LargeBinary,
    Select,
    Text,
    TypeDecorator,
    cast,
    func,
    literal_column,
    select,
)

CELLS = "\x1f"
"""Between the cells of a column of texts (ASCII unit separator); one inside a text is read as a blank."""
SEPARATOR = "|"
"""Between the values of a list in one cell."""
BETWEEN_CELLS: ColumnElement[str] = literal_column(f"chr({ord(CELLS)})", Text())
BETWEEN_VALUES: ColumnElement[str] = literal_column(f"'{SEPARATOR}'", Text())
BLANK: ColumnElement[str] = literal_column("' '", Text())
NOTHING: ColumnElement[str] = literal_column("''", Text())
NO_BYTES: ColumnElement[bytes] = literal_column("''::bytea", LargeBinary())
NO_NUMBER: ColumnElement[float] = literal_column("'NaN'::float8", Float())

Question = Select[*tuple[Any, ...]]
Answer = tuple[Any, ...]
"""Columns of one length: lists of texts, where what is not recorded is empty, and arrays of numbers."""
Integers = NDArray[np.int64]
Reals = NDArray[np.float64]


class Plain(Text):
    """Text that holds no separator: a key, a number, a word of a closed list."""


class Texts(TypeDecorator[list[str]]):
    """A column of texts. No text at all means no rows; an empty one is one row whose cell is empty."""

    impl = Text
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> list[str]:  # noqa: ARG002 - the base's name
        """Return the cells."""
        return [] if value is None else value.split(CELLS)


class Numbers(TypeDecorator[Integers]):
    """A column of integers of four bytes each, as the database sends them: the highest byte first."""

    impl = LargeBinary
    cache_ok = True

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Integers:  # noqa: ARG002 - the base's name
        """Return the numbers."""
        return np.frombuffer(value or b"", dtype=">i4").astype(np.int64)


class Measures(TypeDecorator[Reals]):
    """A column of real numbers of eight bytes each; what is not recorded is no number (NaN)."""

    impl = LargeBinary
    cache_ok = True

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Reals:  # noqa: ARG002 - the base's name
        """Return the numbers."""
        return np.frombuffer(value or b"", dtype=">f8").astype(np.float64)


def in_columns(question: Question) -> Question:
    """Return the question whose one row holds each column of the answer as one value, cell after cell."""
    rows = question.subquery("rows")
    return select(*map(_column, rows.c))


def _column(cells: ColumnElement[Any]) -> ColumnElement[Any]:
    if isinstance(cells.type, Integer):
        return func.string_agg(func.int4send(cells), NO_BYTES, type_=Numbers())
    if isinstance(cells.type, Float):
        return func.string_agg(func.float8send(func.coalesce(cells, NO_NUMBER)), NO_BYTES, type_=Measures())
    text = cells if isinstance(cells.type, Plain) else func.replace(cells, BETWEEN_CELLS, BLANK)
    return func.string_agg(func.coalesce(text, NOTHING), BETWEEN_CELLS, type_=Texts())


def as_text(column: Any) -> ColumnElement[str]:
    """A key or a word of a closed list as text, which is read faster than its own type."""
    return cast(column, Plain())


def as_number(column: Any) -> ColumnElement[int]:
    """A whole number that is always recorded."""
    return cast(column, Integer)


def values_joined(column: Any) -> ColumnElement[str]:
    """The words of a list, joined by a bar."""
    return func.array_to_string(column, BETWEEN_VALUES, type_=Text())


def positions(at: Mapping[str, int], keys: Sequence[str]) -> Integers:
    """Return the position of each key, one past the last for a key without any."""
    return np.fromiter(map(at.get, keys, repeat(len(at))), dtype=np.int64, count=len(keys))
