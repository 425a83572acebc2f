"""How the columns of an answer travel: texts as one text, keys and numbers as their bytes, far cheaper than rows.

A question becomes one row: either each column row by row, or grouped by its words, so that each word travels once.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ColumnElement,
    Float,
    Integer,
    LargeBinary,
    Select,
    Text,
    Uuid,
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
Integers = NDArray[np.int64]
Reals = NDArray[np.float64]
Keys = NDArray[np.uint64]
"""Keys in two columns of eight bytes each."""


class Plain(Text):
    """Text that holds no separator: a word of a closed list."""


class Bytes(LargeBinary):
    """Bytes of keys or numbers, one after the other."""

    def __init__(self, of: Integer | Float[Any] | Uuid[Any]) -> None:
        """Say what they are the bytes of."""
        super().__init__()
        self.of = of


def in_columns(question: Question) -> Question:
    """Return the question whose one row holds each column, cell after cell; what is not recorded is an empty text."""
    rows = question.subquery("rows")
    return select(*map(_gathered, rows.c))


def in_groups(question: Question) -> Question:
    """Return the question grouped by its texts: these once a group, then the size of each group, then all the rest.

    Keys and numbers stand group after group.
    """
    rows = question.subquery("rows")
    words = [func.coalesce(column, NOTHING).label(f"word_{n}") for n, column in enumerate(rows.c) if _is_word(column)]
    packed = [_gathered(column).label(f"rest_{n}") for n, column in enumerate(rows.c) if not _is_word(column)]
    size = cast(func.count(), Integer).label("size")
    groups = select(*words, size, *packed).group_by(*words).subquery("groups")
    return in_columns(select(*groups.c))


def _is_word(column: ColumnElement[Any]) -> bool:
    return not isinstance(column.type, Uuid | Integer | Float)


def _gathered(cells: ColumnElement[Any]) -> ColumnElement[Any]:
    kind = cells.type
    if isinstance(kind, Bytes):
        return func.string_agg(cells, NO_BYTES, type_=kind)
    if isinstance(kind, Uuid):
        return func.string_agg(func.uuid_send(cells), NO_BYTES, type_=Bytes(kind))
    if isinstance(kind, Integer):
        return func.string_agg(func.int4send(cells), NO_BYTES, type_=Bytes(kind))
    if isinstance(kind, Float):
        return func.string_agg(func.float8send(func.coalesce(cells, NO_NUMBER)), NO_BYTES, type_=Bytes(kind))
    text = cells if isinstance(kind, Plain) else func.replace(cells, BETWEEN_CELLS, BLANK)
    return func.string_agg(func.coalesce(text, NOTHING), BETWEEN_CELLS, type_=Text())


def read(value: Any, kind: Any) -> Any:
    """Return the cells of a column of this type: a list of texts, keys, or numbers; a text that is none means no rows."""
    if not isinstance(kind, Bytes):
        return [] if value is None else value.split(CELLS)
    data = value or b""
    if isinstance(kind.of, Uuid):
        return np.frombuffer(data, dtype=np.uint64).reshape(-1, 2)
    if isinstance(kind.of, Integer):
        return np.frombuffer(data, dtype=">i4").astype(np.int64)
    return np.frombuffer(data, dtype=">f8").astype(np.float64)


def as_text(column: Any) -> ColumnElement[str]:
    """A word of a closed list as text."""
    return cast(column, Plain())


def as_number(column: Any) -> ColumnElement[int]:
    """A whole number that is always recorded."""
    return cast(column, Integer)


def values_joined(column: Any) -> ColumnElement[str]:
    """The words of a list, joined by a bar."""
    return func.array_to_string(column, BETWEEN_VALUES, type_=Text())
