"""Who asks, and how several questions are asked at once.

A question is built once for each subject and data set and written out once: building and writing it anew for every
search would take longer than answering it. Days and other values are its parameters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import BindParameter, Date, Dialect, FromClause, bindparam, select, true
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from registry.access.subject import Subject
from registry.queries.search.cells import Question, read
from registry.vocabulary.lifecycle import DataSet

Value = TypeVar("Value")
QUESTIONS_KEPT = 512
Answer = tuple[Any, ...]
"""Columns as `registry.queries.search.cells.read` returns them."""


def parameter(name: str, kind: TypeEngine[Value]) -> BindParameter[Value]:
    """A value that is given with each search; one that is missing is an error of the driver."""
    return bindparam(name, type_=kind, required=False)


TODAY = parameter("today", Date())


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks about which data set on which day."""

    session: Session
    subject: Subject
    data_set: DataSet
    today: date
    answered: dict[Question, Answer] = field(default_factory=dict)
    """Answers that `ask_together` fetched."""


@dataclass(frozen=True, slots=True)
class Written:
    """Questions as the driver takes them, the values that are always the same, and for each the types of its columns."""

    sql: str
    values: Mapping[str, Any]
    kinds: Sequence[Sequence[Any]]


def answer(asking: Asking, question: Question, **values: object) -> Answer:
    """Return the columns that a question in columns or groups is answered with; one already answered is not asked again."""
    if question not in asking.answered:
        ask_together(asking, [question], **values)
    return asking.answered[question]


def ask_together(asking: Asking, questions: Sequence[Question], **values: object) -> None:
    """Ask questions in columns or groups in one round trip, and keep their answers."""
    connection = asking.session.connection()
    written = _together(tuple(questions), connection.dialect)
    row = connection.exec_driver_sql(written.sql, {**written.values, **values}).one()
    cells = iter(row)
    for question, kinds in zip(questions, written.kinds, strict=True):
        asking.answered[question] = tuple(map(read, islice(cells, len(kinds)), kinds))


@lru_cache(maxsize=QUESTIONS_KEPT)
def _together(questions: tuple[Question, ...], dialect: Dialect) -> Written:
    """Each question has one row, so that joined on nothing they have one row too."""
    parts = [question.subquery(f"part_{number}") for number, question in enumerate(questions)]
    whole: FromClause = parts[0]
    for part in parts[1:]:
        whole = whole.join(part, true())
    columns = [column for part in parts for column in part.c]
    written = select(*columns).select_from(whole).compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    values = {name: value for name, value in written.params.items() if value is not None}
    return Written(str(written), values, [[column.type for column in part.c] for part in parts])
