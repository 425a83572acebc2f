"""Records of a facility, one kind at a time, as far as the subject may see them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID
from zlib import crc32

from sqlalchemy import ColumnElement, inspect, select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.permissions import Permission, may
from registry.access.subject import OrganisationId, Subject
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
    ScopeLine,
    Site,
    StartsStatement,
    Suite,
)
from registry.models.base import Record

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
}


TAKEN_ONLY = ("kind", "recurrence", "source_note")
"""What of a closure only the facility's own people read: to others its days are taken, without reason."""

NUMBERS = ("number", "authority", "holder_id", "document_link", "source_note")
"""What of an authorisation its own people and overseers read: developers read kind, scope and validity."""


def records_of(session: Session, subject: Subject, table: type[Row], facility_id: UUID) -> Sequence[Row]:
    """Return the records of a facility in the order they were made; of closures overseers learn the days, not why."""
    of: Any = table
    question = select(table).where(SEEN[table](subject, table), of.facility_id == facility_id)
    return [as_told(subject, row) for row in session.scalars(question.order_by(table.created_at, table.id))]


def one_record(session: Session, subject: Subject, table: type[Row], key: UUID) -> Row | None:
    """Return one record, None when the subject sees none; of a closure overseers learn the days, not why."""
    row = session.scalars(select(table).where(SEEN[table](subject, table), table.id == key)).one_or_none()
    return None if row is None else as_told(subject, row)


def as_told(subject: Subject, row: Row) -> Row:
    """Return a record as the subject is told it: of others' closures and authorisations a copy with less, else the row."""
    if isinstance(row, Closure) and row.organisation_id not in subject.organisations:
        return _without(row, dict.fromkeys(TAKEN_ONLY))
    if isinstance(row, Authorisation) and not _oversees(subject, row.organisation_id):
        return _without(row, {**dict.fromkeys(NUMBERS), "whole_site": True})
    return row


def _oversees(subject: Subject, organisation: UUID) -> bool:
    place = OrganisationId(organisation)
    return place in subject.organisations or may(subject, Permission.READ_OVERVIEW, place)


def _without(row: Row, hidden: Mapping[str, object]) -> Row:
    columns = {column.key: getattr(row, column.key) for column in inspect(type(row)).columns}
    return type(row)(**{**columns, **hidden})


def scope_of(session: Session, authorisation: Authorisation) -> dict[str, str | None]:
    """Return the operations an authorisation covers, with the wording beside each."""
    question = select(ScopeLine).where(ScopeLine.authorisation_id == authorisation.id).order_by(ScopeLine.operation)
    return {line.operation: line.wording for line in session.scalars(question)}


def suites_of(session: Session, authorisation: Authorisation) -> list[UUID] | None:
    """Return the rooms an authorisation is limited to; None = the whole site."""
    if authorisation.whole_site:
        return None
    question = select(AuthorisedSuite.suite_id).where(AuthorisedSuite.authorisation_id == authorisation.id)
    return sorted(session.scalars(question))


def calendar_version(session: Session, subject: Subject, facility_id: UUID) -> int:
    """Return a number that changes whenever a statement of starts or a limit of the facility does."""
    rows = [
        f"{row.id} {row.version}"
        for table in (StartsStatement, FacilityLimit)
        for row in records_of(session, subject, table, facility_id)
    ]
    return (crc32("\n".join(sorted(rows)).encode()) & 0x7FFFFFFF) | 1
