"""Declared starts in columns: statements that stand alone as they are, others as they stand in their layers."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from sqlalchemy import Date, Select, Text, bindparam, func, or_, select

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
    alone, layered = _statements(asking.subject, platform is not None)
    values = {"first": first, "end": end, **({} if platform is None else {"platform": platform})}
    declared = Declared(*answer(asking, alone, **values))
    _add_layered(declared, asking.session.scalars(layered, values).all(), first)
    return declared


@lru_cache(maxsize=QUESTIONS_KEPT)
def _statements(subject: Subject, one_platform: bool) -> tuple[Question, Select[StartsStatement]]:
    """The statements that are alone on their platform, in columns, and the others."""
    statement = StartsStatement
    conditions = (
        visibility.inside_facility(subject, statement),
        statement.starts < END,
        or_(statement.ends.is_(None), statement.ends > FIRST),
        *((statement.platform == bindparam("platform", type_=Text()),) if one_platform else ()),
    )
    together = func.count().over(partition_by=(statement.facility_id, statement.platform)).label("together")
    rows = select(statement, together).where(*conditions).subquery("rows")
    alone = select(
        as_text(rows.c.facility_id),
        rows.c.platform,
        rows.c.starts - FIRST,
        func.coalesce(rows.c.ends - FIRST, WITHOUT_END),
        rows.c.starts_per_week,
    ).where(rows.c.together == 1, rows.c.starts_class != StartsClass.ON_ENQUIRY)
    others = select(rows.c.id).where(rows.c.together > 1)
    layered = select(statement).where(visibility.inside_facility(subject, statement), statement.id.in_(others))
    return in_columns(alone), layered


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
