"""What was known when: the trail read as the history of a record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.subject import OPERATOR, Subject
from registry.models import AuditEvent, Closure, Product, QpCover, Request
from registry.models.base import Record
from registry.queries.past import KEPT, sees_record
from registry.queries.premises import COVER_ONLY, SEEN, TAKEN_ONLY
from registry.services.auditing import record_read
from registry.services.records import acting_for_a_moment
from registry.vocabulary.roles import Role

OVERSEEN: Mapping[str, type[Record]] = {table.__tablename__: table for table in (*SEEN, *KEPT)}
"""Records overseers read now, by the name the trail gives them."""

CONFIDENTIAL = frozenset({Product.__tablename__, Request.__tablename__})
HIDDEN: Mapping[str, tuple[str, ...]] = {Closure.__tablename__: TAKEN_ONLY, QpCover.__tablename__: COVER_ONLY}


@dataclass(frozen=True, slots=True)
class Known:
    """A record as it stood: its columns as JSON values, since when, by whom, and why it became so."""

    columns: Mapping[str, Any]
    since: datetime
    actor: UUID | None
    action: str
    reason: str


def history(session: Session, subject: Subject, record_type: str, record_id: UUID) -> list[AuditEvent]:
    """Return every event of a record that the subject may see, oldest first."""
    return list(session.scalars(_events(subject, record_type, record_id).order_by(AuditEvent.sequence)))


def as_known_on(
    session: Session, subject: Subject, record_type: str, record_id: UUID, instant: datetime
) -> Known | None:
    """Return a record as it was known at an instant, None when it did not exist then or is not the subject's to see.

    Its own people ask the trail they may read. Coordinators ask about every record they may read now, and learn its
    columns and since when, not who changed it and why; what is hidden from them now was hidden then. That they read
    a product or a request is an event.
    """
    event = _known(session, subject, record_type, record_id, instant)
    if event is not None:
        return (
            None if event.new is None else Known(event.new, event.occurred_at, event.actor, event.action, event.reason)
        )
    table = OVERSEEN.get(record_type)
    if table is None or not subject.is_any(Role.COORDINATOR) or not sees_record(session, subject, table, record_id):
        return None
    with acting_for_a_moment(session, subject, OPERATOR):
        event = _known(session, OPERATOR, record_type, record_id, instant)
    if event is None or event.new is None:
        return None
    if record_type in CONFIDENTIAL:
        record_read(session, record_type, record_id, event.organisations, "as known before")
    hidden = HIDDEN.get(record_type, ())
    columns = {name: None if name in hidden else value for name, value in event.new.items()}
    return Known(columns, event.occurred_at, None, "", "")


def _known(
    session: Session, subject: Subject, record_type: str, record_id: UUID, instant: datetime
) -> AuditEvent | None:
    return session.scalars(
        _events(subject, record_type, record_id)
        .where(AuditEvent.occurred_at <= instant)
        .order_by(AuditEvent.sequence.desc())
        .limit(1)
    ).one_or_none()


def _events(subject: Subject, record_type: str, record_id: UUID) -> Select[AuditEvent]:
    changes = AuditEvent.old.is_not(None) | AuditEvent.new.is_not(None)
    return select(AuditEvent).where(
        visibility.trail(subject), AuditEvent.record_type == record_type, AuditEvent.record_id == record_id, changes
    )
