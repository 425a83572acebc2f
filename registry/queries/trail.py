"""The trail, newest first, as far as a reader may see it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import AuditEvent


def list_events(
    session: Session,
    subject: Subject,
    *,
    record_type: str | None = None,
    record_id: UUID | None = None,
    before: int | None = None,
    limit: int,
) -> Sequence[AuditEvent]:
    """Return events, newest first, those before sequence number `before` if one is given."""
    question = select(AuditEvent).where(visibility.trail(subject))
    if record_type is not None:
        question = question.where(AuditEvent.record_type == record_type)
    if record_id is not None:
        question = question.where(AuditEvent.record_id == record_id)
    if before is not None:
        question = question.where(AuditEvent.sequence < before)
    return session.scalars(question.order_by(AuditEvent.sequence.desc()).limit(limit)).all()
