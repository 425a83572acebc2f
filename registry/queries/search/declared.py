"""Declared starts in columns: statements that stand alone as they are, others as they stand in their layers."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from uuid import UUID

import numpy as np
from sqlalchemy import Date, Text, bindparam, case, func, or_, select

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import StartsStatement
from registry.queries.search.asking import QUESTIONS_KEPT, Asking, answer
from registry.queries.search.cells import Integers, Question, as_number, as_text, in_columns, positions
from registry.queries.search.weeks import Weeks
from registry.queries.starts import standing
from registry.vocabulary.facilities import StartsClass

FIRST = bindparam("first", type_=Date())
END = bindparam("end", type_=Date())
WITHOUT_END = 10**6
"""Days written for a statement without end."""


@dataclass(frozen=True, slots=True)
class Declared:
    """Starts per week, firm or indicative, by position of the facility; days are counted from the first Monday."""

    places: Integers
    first_days: Integers
    end_days: Integers
    amounts: Integers


def read_declared(asking: Asking, weeks: Weeks, platform: str | None) -> Declared:
    """Return what the searcher may know of the starts declared in these weeks, on a platform or on all."""
    values = {"first": weeks.monday, "end": weeks.end, **({} if platform is None else {"platform": platform})}
    question = statements_question(asking.subject, one_platform=platform is not None)
    facilities, platforms, *numbers = answer(asking, question, **values)
    places = positions(weeks.at, facilities)
    kinds = {one: kind for kind, one in enumerate(set(platforms))}
    pairs = places * len(kinds) + positions(kinds, platforms)
    _, number, together = np.unique(pairs, return_inverse=True, return_counts=True)
    layered = (together[number] > 1) & (places < len(weeks.at))
    columns = np.array([places, *numbers])
    if layered.any():
        hidden = {(facilities[row], platforms[row]) for row in np.flatnonzero(layered).tolist()}
        parts = list(_standing(asking, weeks, hidden))
        columns = np.hstack((columns[:, ~layered], np.array(parts, dtype=np.int64).reshape(-1, len(columns)).T))
    return Declared(*columns)


@lru_cache(maxsize=QUESTIONS_KEPT)
def statements_question(subject: Subject, *, one_platform: bool) -> Question:
    """Return the question for the statements that touch the period, as far as the subject may know them.

    Its columns: facility, platform, first and last day (out) from the first day asked for, starts a week; on enquiry
    is none.
    """
    statement = StartsStatement
    question = select(
        as_text(statement.facility_id),
        statement.platform,
        as_number(statement.starts - FIRST),
        as_number(func.coalesce(statement.ends - FIRST, WITHOUT_END)),
        as_number(case((statement.starts_class == StartsClass.ON_ENQUIRY, 0), else_=statement.starts_per_week)),
    ).where(
        visibility.inside_facility(subject, statement),
        statement.starts < END,
        or_(statement.ends.is_(None), statement.ends > FIRST),
    )
    if one_platform:
        question = question.where(statement.platform == bindparam("platform", type_=Text()))
    return in_columns(question)


def _standing(asking: Asking, weeks: Weeks, hidden: Collection[tuple[str, str]]) -> Iterator[tuple[int, int, int, int]]:
    """Yield the parts that stand where several statements of one facility and platform may hide each other."""
    by_facility: defaultdict[str, list[StartsStatement]] = defaultdict(list)
    for row in _rows_of(asking, hidden):
        by_facility[str(row.facility_id)].append(row)
    for facility, statements in by_facility.items():
        for part in standing(statements):
            if part.starts_class is not StartsClass.ON_ENQUIRY:
                end = part.period.end or weeks.monday + timedelta(days=WITHOUT_END)
                days = (part.period.start - weeks.monday).days, (end - weeks.monday).days
                yield weeks.at[facility], *days, part.starts_per_week


def _rows_of(asking: Asking, pairs: Collection[tuple[str, str]]) -> list[StartsStatement]:
    """Every statement of these facilities and platforms, as far as the searcher may know them."""
    found = asking.session.scalars(
        select(StartsStatement).where(
            visibility.inside_facility(asking.subject, StartsStatement),
            StartsStatement.facility_id.in_({UUID(facility) for facility, _ in pairs}),
        )
    )
    return [row for row in found if (str(row.facility_id), row.platform) in pairs]
