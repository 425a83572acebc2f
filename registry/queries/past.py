"""The changes of one record, newest first, in pages."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import AuditEvent, Facility, Organisation, Product, Request
from registry.models.base import Record
from registry.queries.premises import SEEN
from registry.queries.trail import Reached, earlier
from registry.vocabulary.roles import Role

KEPT: Mapping[type[Record], Callable[[Subject], ColumnElement[bool]]] = {
    Organisation: visibility.whole_organisations,
    Facility: lambda subject: visibility.inside_facility(subject, Facility),
    Product: visibility.products,
    Request: visibility.requests,
}
"""Who reads the whole record, for records that do not stand inside a facility."""


def sees_record(session: Session, subject: Subject, table: type[Record], key: UUID) -> bool:
    """Whether there is such a record and the subject may read all of it."""
    rule: Any = KEPT.get(table)
    seen = SEEN[table](subject, table) if rule is None else rule(subject)
    return session.scalar(select(table.id).where(table.id == key, seen)) is not None


def saw_record(session: Session, subject: Subject, table: type[Record], key: UUID) -> bool:
    """Whether there was such a record, which is gone, and the subject is of an organisation it was of, or an auditor."""
    gone = session.scalars(
        select(AuditEvent)
        .where(
            visibility.trail(subject),
            AuditEvent.record_type == table.__tablename__,
            AuditEvent.record_id == key,
            AuditEvent.old.is_not(None) & AuditEvent.new.is_(None),
        )
        .limit(1)
    ).one_or_none()
    if gone is None or session.scalar(select(table.id).where(table.id == key)) is not None:
        return False
    return subject.is_any(Role.AUDITOR) or not subject.organisations.isdisjoint(gone.organisations)


def changes_of(
    session: Session, subject: Subject, table: type[Record], key: UUID, *, before: Reached | None, limit: int
) -> Sequence[AuditEvent]:
    """Return the changes of a record the subject may see, newest first, those not reached yet if some were.

    Whoever is outside the organisation the record is of reads what the trail lets it read: nothing, unless it did it.
    """
    question = select(AuditEvent).where(
        visibility.trail(subject),
        AuditEvent.record_type == table.__tablename__,
        AuditEvent.record_id == key,
        AuditEvent.old.is_not(None) | AuditEvent.new.is_not(None),
    )
    return session.scalars(earlier(question, before).limit(limit)).all()
