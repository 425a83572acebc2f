"""Who asks, and how answers of the database arrive: each column as one text, which is far cheaper than rows.

A question is built once for each subject and data set and kept; days and other values are its parameters.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Date, FromClause, Select, Text, bindparam, cast, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from registry.access.subject import Subject
from registry.vocabulary.lifecycle import DataSet

SEPARATOR = "|"
CELLS = "\x1f"
"""Between the cells of a column (ASCII unit separator); one inside a text is read as a blank."""
QUESTIONS_KEPT = 512
TODAY = bindparam("today", type_=Date())

Question = Select[*tuple[Any, ...]]
Texts = tuple[list[str], ...]
"""Columns of one length; what is not recorded is an empty text."""


class Plain(Text):
    """Text that holds no separator: a key, a number, a word of a closed list."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks about which data set on which day."""

    session: Session
    subject: Subject
    data_set: DataSet
    today: date
    answered: dict[Question, Texts] = field(default_factory=dict)
    """Answers that `ask_together` fetched."""


def in_columns(question: Question) -> Question:
    """Return the question whose one row holds each column of the answer as one text, cell after cell."""
    rows = question.subquery("rows")
    return select(*(func.string_agg(_cell(column), CELLS) for column in rows.c))


def answer(asking: Asking, question: Question, **values: object) -> Texts:
    """Return the columns that a question made by `in_columns` is answered with; one already answered is not asked again."""
    if question not in asking.answered:
        ask_together(asking, [question], **values)
    return asking.answered[question]


def ask_together(asking: Asking, questions: Sequence[Question], **values: object) -> None:
    """Ask questions made by `in_columns` in one round trip, and keep their answers."""
    columns = iter(asking.session.execute(_together(tuple(questions)), values).one())
    for question in questions:
        width = len(question.selected_columns)
        asking.answered[question] = tuple(_cells(column) for column in islice(columns, width))


@lru_cache(maxsize=QUESTIONS_KEPT)
def _together(questions: tuple[Question, ...]) -> Question:
    """Each question has one row, so that joined on nothing they have one row too."""
    parts = [question.subquery(f"part_{number}") for number, question in enumerate(questions)]
    whole: FromClause = parts[0]
    for part in parts[1:]:
        whole = whole.join(part, true())
    return select(*(column for part in parts for column in part.c)).select_from(whole)


def as_text(column: InstrumentedAttribute[Any] | ColumnElement[Any]) -> ColumnElement[str]:
    """A key, a number or a word of a closed list as text, which is read faster than its own type."""
    return cast(column, Plain())


def joined(column: InstrumentedAttribute[str]) -> ColumnElement[str]:
    """The values of a group, joined by a bar."""
    return func.string_agg(column, SEPARATOR).label("joined")


def whole_number(cell: str) -> int | None:
    """Return the number of a cell, None where none is recorded."""
    return int(cell) if cell else None


def _cell(column: ColumnElement[Any]) -> ColumnElement[str]:
    text = column if isinstance(column.type, Plain) else func.replace(column, CELLS, " ")
    return func.coalesce(text, "")


def _cells(column: str | None) -> list[str]:
    """No text at all means no rows; an empty one is one row whose cell is empty."""
    return [] if column is None else column.split(CELLS)
