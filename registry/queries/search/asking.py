"""Who asks, and how several questions are asked at once.

A question is built once for each subject and data set and kept; days and other values are its parameters.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import islice

from sqlalchemy import Date, FromClause, bindparam, select, true
from sqlalchemy.orm import Session

from registry.access.subject import Subject
from registry.queries.search.cells import Answer, Question
from registry.vocabulary.lifecycle import DataSet

QUESTIONS_KEPT = 512
TODAY = bindparam("today", type_=Date())


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks about which data set on which day."""

    session: Session
    subject: Subject
    data_set: DataSet
    today: date
    answered: dict[Question, Answer] = field(default_factory=dict)
    """Answers that `ask_together` fetched."""


def answer(asking: Asking, question: Question, **values: object) -> Answer:
    """Return the columns that a question made by `in_columns` is answered with; one already answered is not asked again."""
    if question not in asking.answered:
        ask_together(asking, [question], **values)
    return asking.answered[question]


def ask_together(asking: Asking, questions: Sequence[Question], **values: object) -> None:
    """Ask questions made by `in_columns` in one round trip, and keep their answers."""
    columns = iter(asking.session.execute(_together(tuple(questions)), values).one())
    for question in questions:
        asking.answered[question] = tuple(islice(columns, len(question.selected_columns)))


@lru_cache(maxsize=QUESTIONS_KEPT)
def _together(questions: tuple[Question, ...]) -> Question:
    """Each question has one row, so that joined on nothing they have one row too."""
    parts = [question.subquery(f"part_{number}") for number, question in enumerate(questions)]
    whole: FromClause = parts[0]
    for part in parts[1:]:
        whole = whole.join(part, true())
    return select(*(column for part in parts for column in part.c)).select_from(whole)
