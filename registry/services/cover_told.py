"""What each reader is told of the cover by a Qualified Person: everything inside, classes and whether here for developers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.subject import OPERATOR, Subject
from registry.models import QpCover
from registry.queries.facilities import owner_of_facility
from registry.queries.premises import as_told
from registry.services.records import acting_for_a_moment
from registry.vocabulary.roles import Role


@dataclass(frozen=True, slots=True)
class ToldCover:
    """The cover as a reader is told it; `holds` = it has not ended; None elsewhere = not recorded, or not for the reader."""

    id: UUID
    version: int
    classes: Sequence[str]
    here: bool
    holds: bool
    absence_cover: bool | None
    names: Sequence[str] | None
    valid_to: date | None
    confirmed_on: date | None


def told_cover(session: Session, subject: Subject, facility_id: UUID, today: date) -> ToldCover | None:
    """Return the cover of a facility the subject sees, None where none is recorded or it is told nothing.

    Row-level security shows developers no such row: the machine reads it, and only classes and whether here are told.
    """
    if owner_of_facility(session, subject, facility_id) is None:
        return None
    question = select(QpCover).where(QpCover.facility_id == facility_id)
    row = session.scalars(question.where(visibility.inside_facility(subject, QpCover))).one_or_none()
    if row is None and subject.is_any(Role.DEVELOPER):
        with acting_for_a_moment(session, subject, OPERATOR):
            row = session.scalars(question).one_or_none()
    if row is None:
        return None
    told = as_told(subject, row)
    return ToldCover(
        told.id,
        told.version,
        told.classes,
        told.here,
        row.valid_to is None or today < row.valid_to,
        told.absence_cover,
        told.names,
        told.valid_to,
        told.confirmed_on,
    )
