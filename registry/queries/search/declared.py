"""Declared starts in columns: statements that stand alone as they are, others as they stand in their layers."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

import numpy as np
from sqlalchemy import Date, Text, case, func, or_, select

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import StartsStatement
from registry.queries.search.asking import QUESTIONS_KEPT, Asking, answer, parameter
from registry.queries.search.cells import Integers, Question, as_number, in_groups
from registry.queries.search.keys import Index, as_uuid
from registry.queries.search.weeks import Weeks
from registry.queries.starts import standing
from registry.vocabulary.facilities import StartsClass

FIRST = parameter("first", Date())
END = parameter("end", Date())
WITHOUT_END = 10**6
"""Days written for a statement without end."""


@dataclass(frozen=True, slots=True)
class Declared:
    """Starts per week, firm or indicative, by position of the facility; days are counted from the first Monday."""

    places: Integers
    first_days: Integers
    end_days: Integers
    amounts: Integers


def read_declared(asking: Asking, weeks: Weeks, platform: str | None, index: Index) -> Declared:
    """Return what the searcher may know of the starts declared in these weeks, on a platform or on all."""
    values = {"first": weeks.monday, "end": weeks.end, **({} if platform is None else {"platform": platform})}
    question = statements_question(asking.subject, one_platform=platform is not None)
    platforms, sizes, facilities, *numbers = answer(asking, question, **values)
    places = index.of(facilities)
    kinds = np.repeat(np.arange(len(platforms)), sizes)
    _, number, together = np.unique(places * len(platforms) + kinds, return_inverse=True, return_counts=True)
    layered = (together[number] > 1) & (places < index.nobody)
    columns = np.array([places, *numbers])
    if layered.any():
        hidden = {(int(places[row]), platforms[kinds[row]]) for row in np.flatnonzero(layered)}
        parts = list(_standing(asking, weeks, index, hidden))
        columns = np.hstack((columns[:, ~layered], np.array(parts, dtype=np.int64).reshape(-1, len(columns)).T))
    return Declared(*columns)


@lru_cache(maxsize=QUESTIONS_KEPT)
def statements_question(subject: Subject, *, one_platform: bool) -> Question:
    """Return the question for the statements that touch the period, as far as the subject may know them.

    By platform: facility, first and last day (out) from the first day asked for, starts a week; on enquiry is none.
    """
    statement = StartsStatement
    question = select(
        statement.platform,
        statement.facility_id,
        as_number(statement.starts - FIRST),
        as_number(func.coalesce(statement.ends - FIRST, WITHOUT_END)),
        as_number(case((statement.starts_class == StartsClass.ON_ENQUIRY, 0), else_=statement.starts_per_week)),
    ).where(
        visibility.inside_facility(subject, statement),
        statement.starts < END,
        or_(statement.ends.is_(None), statement.ends > FIRST),
    )
    if one_platform:
        question = question.where(statement.platform == parameter("platform", Text()))
    return in_groups(question)


def _standing(
    asking: Asking, weeks: Weeks, index: Index, hidden: Collection[tuple[int, str]]
) -> Iterator[tuple[int, int, int, int]]:
    """Yield the parts that stand where several statements of one facility and platform may hide each other."""
    by_place: defaultdict[int, list[StartsStatement]] = defaultdict(list)
    facilities = {as_uuid(index.keys[place]): place for place, _ in hidden}
    found = asking.session.scalars(
        select(StartsStatement).where(
            visibility.inside_facility(asking.subject, StartsStatement), StartsStatement.facility_id.in_(facilities)
        )
    )
    for row in found:
        if (facilities[row.facility_id], row.platform) in hidden:
            by_place[facilities[row.facility_id]].append(row)
    for place, statements in by_place.items():
        for part in standing(statements):
            if part.starts_class is not StartsClass.ON_ENQUIRY:
                end = part.period.end or weeks.monday + timedelta(days=WITHOUT_END)
                days = (part.period.start - weeks.monday).days, (end - weeks.monday).days
                yield place, *days, part.starts_per_week
