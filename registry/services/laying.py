"""Statements of starts laid over each other: an edit is one row, over what was stated before or beside an equal one."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.models import Facility, StartsStatement
from registry.queries.starts import standing
from registry.services.records import keep, owner_of
from registry.vocabulary.facilities import StartsClass
from registry.vocabulary.periods import Days, minus


@dataclass(frozen=True, slots=True)
class Figures:
    """Starts a week that are offered, how binding that is, pooled by signed mandate or ask first."""

    starts_per_week: int
    starts_class: StartsClass = StartsClass.FIRM
    pooled: bool = False
    note: str | None = None


def lay(
    session: Session, facility: Facility, platform: str, periods: Sequence[tuple[Days, Figures]], reason: str
) -> list[StartsStatement]:
    """Lay each period over what is stated; return the rows that were written, none where it stood so already."""
    mine = (StartsStatement.facility_id == facility.id, StartsStatement.platform == platform)
    rows = list(session.scalars(select(StartsStatement).where(*mine).order_by(StartsStatement.layer)))
    written = []
    for period, figures in periods:
        if _stands(rows, period, figures):
            continue
        row = _top_row(rows, period, figures)
        if row is None:
            layer = max((one.layer + 1 for one in rows if _days(one).overlaps(period)), default=0)
            row = StartsStatement(**owner_of(facility), platform=platform, layer=layer)
            row.starts, row.ends = period.start, period.end
            session.add(row)
            rows.append(row)
        else:
            row.starts = min(row.starts, period.start)
            row.ends = None if row.ends is None or period.end is None else max(row.ends, period.end)
        _set(row, figures)
        written.append(row)
    keep(session, "state starts", reason)
    return written


def _stands(rows: Sequence[StartsStatement], period: Days, figures: Figures) -> bool:
    """Whether exactly these figures hold on every day of the period already."""
    here = [part for part in standing(rows) if part.period.overlaps(period)]
    equal = all(
        (part.starts_per_week, part.starts_class, part.pooled, part.note)
        == (figures.starts_per_week, figures.starts_class, figures.pooled, figures.note)
        for part in here
    )
    return equal and not minus(period, (part.period for part in here))


def _top_row(rows: Sequence[StartsStatement], period: Days, figures: Figures) -> StartsStatement | None:
    """Return the row that can take the figures: one for just these days, or an equal one beside them, with none above."""
    for row in rows:
        days = _days(row)
        others = [one for one in rows if one is not row and _days(one).overlaps(period)]
        if any(one.layer >= row.layer for one in others):
            continue
        beside = (days.end == period.start or days.start == period.end) and _says(row, figures)
        if days == period or beside:
            return row
    return None


def _says(row: StartsStatement, figures: Figures) -> bool:
    return (row.starts_per_week, row.starts_class, row.pooled, row.note) == (
        figures.starts_per_week,
        figures.starts_class,
        figures.pooled,
        figures.note,
    )


def _set(row: StartsStatement, figures: Figures) -> None:
    row.starts_per_week = figures.starts_per_week
    row.starts_class = figures.starts_class
    row.pooled = figures.pooled
    row.note = figures.note


def _days(row: StartsStatement) -> Days:
    return Days(row.starts, row.ends)
