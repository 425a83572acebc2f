"""Declared starts in columns: statements that stand alone as they are, others as they stand in their layers."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import Select, func, literal, or_, select

from registry.access import visibility
from registry.models import StartsStatement
from registry.queries.search.asking import Asking, as_text, columns_of
from registry.queries.starts import standing
from registry.vocabulary.facilities import StartsClass

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
    statement = StartsStatement
    conditions = (
        visibility.inside_facility(asking.subject, statement),
        statement.starts < end,
        or_(statement.ends.is_(None), statement.ends > first),
        *(() if platform is None else (statement.platform == platform,)),
    )
    together = func.count().over(partition_by=(statement.facility_id, statement.platform)).label("together")
    rows = select(statement, together).where(*conditions).subquery("rows")
    alone = select(
        as_text(rows.c.facility_id),
        rows.c.platform,
        rows.c.starts - literal(first),
        func.coalesce(rows.c.ends - literal(first), WITHOUT_END),
        rows.c.starts_per_week,
    ).where(rows.c.together == 1, rows.c.starts_class != StartsClass.ON_ENQUIRY)
    declared = Declared(*columns_of(asking, alone))
    _add_layered(asking, declared, select(rows.c.id).where(rows.c.together > 1), first)
    return declared


def _add_layered(asking: Asking, declared: Declared, ids: Select[*tuple[object, ...]], first: date) -> None:
    """Add the parts that stand where several statements of one platform may hide each other."""
    found = asking.session.scalars(
        select(StartsStatement).where(
            visibility.inside_facility(asking.subject, StartsStatement), StartsStatement.id.in_(ids)
        )
    )
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
