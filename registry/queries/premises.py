"""Records of a facility, one kind at a time, as far as the subject may see them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID
from zlib import crc32

from sqlalchemy import ColumnElement, inspect, select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import (
    Authorisation,
    AuthorisedSuite,
    Certificate,
    Closure,
    Equipment,
    FacilityLimit,
    NonCompliance,
    Opening,
    Permit,
    ProcessExperience,
    QcMethod,
    QpCover,
    ScopeLine,
    Site,
    StartsStatement,
    Suite,
)
from registry.models.base import Record
from registry.vocabulary.roles import Role

Row = TypeVar("Row", bound=Record)

SEEN: Mapping[type[Record], Callable[[Subject, type[Any]], ColumnElement[bool]]] = {
    Site: visibility.with_facility,
    Suite: visibility.inside_facility,
    Equipment: visibility.inside_facility,
    Authorisation: visibility.shown_to_developers,
    Certificate: visibility.shown_to_developers,
    NonCompliance: visibility.inside_facility,
    Permit: visibility.inside_facility,
    Closure: visibility.inside_facility,
    Opening: visibility.inside_facility,
    FacilityLimit: visibility.inside_facility,
    StartsStatement: visibility.inside_facility,
    ProcessExperience: visibility.shown_to_developers,
    QcMethod: visibility.shown_to_developers,
    QpCover: visibility.inside_facility,
}


OVERSEERS = (Role.COORDINATOR, Role.AUDITOR, Role.OPERATOR)
TAKEN_ONLY = ("kind", "recurrence", "source_note")
"""What of a closure only the facility's own people read: to others its days are taken, without reason."""
CONTRACTED = ("contracted_to", "source_note")
"""What of a quality control method names another party: for the facility's own people and overseers."""
COVER_ONLY = ("absence_cover", "names", "valid_to", "source_note")
"""What of the cover by a Qualified Person only the facility's own people read: others learn the classes, and whether here."""

NUMBERS = ("number", "authority", "holder_id", "document_link", "source_note", "whole_site")
"""What of an authorisation its own people and overseers read: developers read kind, scope and validity."""


def records_of(session: Session, subject: Subject, table: type[Row], facility_id: UUID) -> Sequence[Row]:
    """Return the records of a facility in the order they were made, each as the subject is told it."""
    of: Any = table
    question = select(table).where(SEEN[table](subject, table), of.facility_id == facility_id)
    return [as_told(subject, row) for row in session.scalars(question.order_by(table.created_at, table.id))]


def one_record(session: Session, subject: Subject, table: type[Row], key: UUID) -> Row | None:
    """Return one record as the subject is told it, None when it sees none."""
    row = session.scalars(select(table).where(SEEN[table](subject, table), table.id == key)).one_or_none()
    return None if row is None else as_told(subject, row)


def as_told(subject: Subject, row: Row) -> Row:
    """Return a record as the subject is told it: the row itself, or a copy without what is not for it."""
    hidden = hidden_from(subject, row)
    if not hidden:
        return row
    columns = {column.key: getattr(row, column.key) for column in inspect(type(row)).columns}
    return type(row)(**{**columns, **dict.fromkeys(hidden)})


def hidden_from(subject: Subject, row: Record) -> tuple[str, ...]:
    """Return the fields of a record the subject sees that are not for it."""
    match row:
        case Closure() if row.organisation_id not in subject.organisations:
            return TAKEN_ONLY
        case QcMethod() if row.organisation_id not in subject.organisations and not subject.is_any(*OVERSEERS):
            return CONTRACTED
        case Authorisation() if row.organisation_id not in subject.organisations and not subject.is_any(*OVERSEERS):
            return NUMBERS
        case QpCover() if not subject.belongs(row.organisation_id):
            return COVER_ONLY
    return ()


def scope_of(session: Session, authorisation: Authorisation) -> dict[str, str | None]:
    """Return the operations an authorisation covers, with the wording beside each."""
    question = select(ScopeLine).where(ScopeLine.authorisation_id == authorisation.id).order_by(ScopeLine.operation)
    return {line.operation: line.wording for line in session.scalars(question)}


def suites_of(session: Session, authorisation: Authorisation) -> list[UUID] | None:
    """Return the rooms an authorisation is limited to; None = the whole site, or not told."""
    if authorisation.whole_site is not False:
        return None
    question = select(AuthorisedSuite.suite_id).where(AuthorisedSuite.authorisation_id == authorisation.id)
    return sorted(session.scalars(question))


def calendar_version(session: Session, subject: Subject, facility_id: UUID) -> int:
    """Return a number that changes whenever a statement of starts or a limit of the facility does."""
    return _together(session, subject, facility_id, StartsStatement, FacilityLimit)


def suites_version(session: Session, subject: Subject, facility_id: UUID) -> int:
    """Return a number that changes whenever a suite of the facility does."""
    return _together(session, subject, facility_id, Suite)


def _together(session: Session, subject: Subject, facility_id: UUID, *tables: type[Record]) -> int:
    rows = [f"{row.id} {row.version}" for table in tables for row in records_of(session, subject, table, facility_id)]
    return (crc32("\n".join(sorted(rows)).encode()) & 0x7FFFFFFF) | 1
