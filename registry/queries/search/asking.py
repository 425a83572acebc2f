"""Who asks, and how answers of the database arrive: in columns, which is several times cheaper than in rows.

A question is built once for each subject and data set and kept; days and other values are its parameters.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, Text, bindparam, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from registry.access.subject import Subject
from registry.vocabulary.lifecycle import DataSet

SEPARATOR = "|"
QUESTIONS_KEPT = 512
TODAY = bindparam("today", type_=Date())

Question = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks about which data set on which day."""

    session: Session
    subject: Subject
    data_set: DataSet
    today: date


def in_columns(question: Question) -> Question:
    """Return the question whose one row holds each column of the answer as a list."""
    rows = question.subquery("rows")
    return select(*(func.array_agg(column) for column in rows.c))


def answer(asking: Asking, question: Question, **values: object) -> tuple[list[Any], ...]:
    """Return the columns that a question made by `in_columns` is answered with."""
    found = asking.session.execute(question, values).one()
    return tuple(column or [] for column in found)


def as_text(column: InstrumentedAttribute[Any] | ColumnElement[Any]) -> ColumnElement[str]:
    """A value as text, which is read faster than its own type."""
    return cast(column, Text)


def joined(column: InstrumentedAttribute[str]) -> ColumnElement[str]:
    """The values of a group, joined by a bar."""
    return func.string_agg(column, SEPARATOR).label("joined")
