"""Declared starts as they stand: of statements in layers, on each day the highest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import StartsStatement
from registry.vocabulary.facilities import StartsClass
from registry.vocabulary.periods import Days, minus


@dataclass(frozen=True, slots=True)
class Stated:
    """Starts per week on a platform in a period, where no higher layer says otherwise."""

    platform: str
    period: Days
    starts_per_week: int
    starts_class: StartsClass
    pooled: bool
    note: str | None = None


def list_starts(session: Session, subject: Subject, facility_id: UUID) -> list[Stated]:
    """Return what a facility offers, by platform and day, as far as the subject may know: its own people and overseers."""
    question = select(StartsStatement).where(
        visibility.inside_facility(subject, StartsStatement), StartsStatement.facility_id == facility_id
    )
    return list(standing(session.scalars(question).all()))


def standing(rows: Iterable[StartsStatement]) -> tuple[Stated, ...]:
    """Return the parts of statements that no higher layer of their platform hides, by platform and first day."""
    everything = list(rows)
    parts = [
        Stated(row.platform, part, row.starts_per_week, row.starts_class, row.pooled, row.note)
        for row in everything
        for part in minus(_days(row), (_days(higher) for higher in _above(row, everything)))
    ]
    return tuple(sorted(parts, key=lambda part: (part.platform, part.period.start)))


def of_week(stated: Sequence[Stated], platform: str, monday: date) -> Stated | None:
    """Return what holds on a platform for the whole of a week; of several the smallest, None when nothing does."""
    week = Days(monday, monday + timedelta(weeks=1))
    holding = [part for part in stated if part.platform == platform and part.period.contains(week)]
    return min(holding, key=lambda part: part.starts_per_week, default=None)


def _above(row: StartsStatement, everything: Iterable[StartsStatement]) -> Iterable[StartsStatement]:
    return (other for other in everything if other.platform == row.platform and other.layer > row.layer)


def _days(row: StartsStatement) -> Days:
    return Days(row.starts, row.ends)
