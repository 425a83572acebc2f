"""Declared starts in columns: statements that stand alone as they are, others as they stand in their layers."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from uuid import UUID

from sqlalchemy import Date, Text, bindparam, func, or_, select

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import StartsStatement
from registry.queries.search.asking import QUESTIONS_KEPT, Asking, Question, answer, as_text, in_columns
from registry.queries.starts import standing
from registry.vocabulary.facilities import StartsClass

FIRST = bindparam("first", type_=Date())
END = bindparam("end", type_=Date())
WITHOUT_END = 10**6
"""Days written for a statement without end."""


@dataclass(frozen=True, slots=True)
class Declared:
    """Starts per week, firm or indicative; days are counted from the first day asked for."""

    facilities: list[str] = field(default_factory=list)
    platforms: list[str] = field(default_factory=list)
    first_days: list[int] = field(default_factory=list)
    end_days: list[int] = field(default_factory=list)
    amounts: list[int] = field(default_factory=list)


def read_declared(asking: Asking, first: date, end: date, platform: str | None) -> Declared:
    """Return what the searcher may know of the starts declared in a period, on a platform or on all."""
    values = {"first": first, "end": end, **({} if platform is None else {"platform": platform})}
    question = statements_question(asking.subject, one_platform=platform is not None)
    facilities, platforms, first_days, end_days, amounts, classes = answer(asking, question, **values)
    pairs = list(zip(facilities, platforms, strict=True))
    together = Counter(pairs)
    alone = [row for row, pair in enumerate(pairs) if together[pair] == 1 and classes[row] != StartsClass.ON_ENQUIRY]
    declared = Declared(
        [facilities[row] for row in alone],
        [platforms[row] for row in alone],
        *([int(column[row]) for row in alone] for column in (first_days, end_days, amounts)),
    )
    if layered := {pair for pair, count in together.items() if count > 1}:
        _add_layered(declared, _rows_of(asking, layered), first)
    return declared


@lru_cache(maxsize=QUESTIONS_KEPT)
def statements_question(subject: Subject, *, one_platform: bool) -> Question:
    """Return the question for the statements that touch the period, as far as the subject may know them.

    Its columns: facility, platform, first and last day (out) from the first day asked for, starts a week, class.
    """
    statement = StartsStatement
    question = select(
        as_text(statement.facility_id),
        statement.platform,
        as_text(statement.starts - FIRST),
        as_text(func.coalesce(statement.ends - FIRST, WITHOUT_END)),
        as_text(statement.starts_per_week),
        as_text(statement.starts_class),
    ).where(
        visibility.inside_facility(subject, statement),
        statement.starts < END,
        or_(statement.ends.is_(None), statement.ends > FIRST),
    )
    if one_platform:
        question = question.where(statement.platform == bindparam("platform", type_=Text()))
    return in_columns(question)


def _rows_of(asking: Asking, layered: set[tuple[str, str]]) -> list[StartsStatement]:
    """Every statement of these facilities and platforms, as far as the searcher may know them."""
    found = asking.session.scalars(
        select(StartsStatement).where(
            visibility.inside_facility(asking.subject, StartsStatement),
            StartsStatement.facility_id.in_({UUID(facility) for facility, _ in layered}),
        )
    )
    return [row for row in found if (str(row.facility_id), row.platform) in layered]


def _add_layered(declared: Declared, found: Sequence[StartsStatement], first: date) -> None:
    """Add the parts that stand where several statements of one platform may hide each other."""
    by_facility: defaultdict[str, list[StartsStatement]] = defaultdict(list)
    for row in found:
        by_facility[str(row.facility_id)].append(row)
    for facility, statements in by_facility.items():
        for part in standing(statements):
            if part.starts_class is not StartsClass.ON_ENQUIRY:
                end = part.period.end or first + timedelta(days=WITHOUT_END)
                declared.facilities.append(facility)
                declared.platforms.append(part.platform)
                declared.first_days.append((part.period.start - first).days)
                declared.end_days.append((end - first).days)
                declared.amounts.append(part.starts_per_week)
