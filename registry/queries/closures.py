"""Days on which a facility or its suites are closed or taken."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import Closure
from registry.queries.closed_days import occurrences
from registry.vocabulary.facilities import ClosureKind


@dataclass(frozen=True, slots=True)
class ClosureLine:
    """One occurrence, from `starts` (in) to `ends` (out, None = without end); `kind` only for the facility's own people."""

    id: UUID
    version: int
    suite_id: UUID | None
    starts: date
    ends: date | None
    kind: ClosureKind | None


def list_closures(session: Session, subject: Subject, facility_id: UUID, until: date) -> list[ClosureLine]:
    """Return when a facility is closed or taken, up to a day; overseers learn that it is, not why."""
    rows = session.scalars(
        select(Closure).where(visibility.inside_facility(subject, Closure), Closure.facility_id == facility_id)
    ).all()
    lines = [
        ClosureLine(
            row.id,
            row.version,
            row.suite_id,
            days.start,
            days.end,
            row.kind if row.organisation_id in subject.organisations else None,
        )
        for row in rows
        for days in occurrences(row, until)
    ]
    return sorted(lines, key=lambda line: (line.starts, str(line.suite_id), line.id))
