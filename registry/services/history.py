"""What was known when: the trail read as the history of a record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import AuditEvent


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
    """Return a record as it was known at an instant, None when it did not exist then or is not the subject's to see."""
    event = session.scalars(
        _events(subject, record_type, record_id)
        .where(AuditEvent.occurred_at <= instant)
        .order_by(AuditEvent.sequence.desc())
        .limit(1)
    ).one_or_none()
    if event is None or event.new is None:
        return None
    return Known(event.new, event.occurred_at, event.actor, event.action, event.reason)


def _events(subject: Subject, record_type: str, record_id: UUID) -> Select[AuditEvent]:
    changes = AuditEvent.old.is_not(None) | AuditEvent.new.is_not(None)
    return select(AuditEvent).where(
        visibility.trail(subject), AuditEvent.record_type == record_type, AuditEvent.record_id == record_id, changes
    )
