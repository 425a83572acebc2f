"""The trail, newest first, as far as a reader may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVarTuple
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import AuditEvent

Columns = TypeVarTuple("Columns")


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a reader has come, newest first: back to an instant, and past so many events of that very instant.

    The number of an event would do, but it counts what everybody does, and so is for readers of the whole trail only.
    """

    at: datetime
    events: int


def reached_with(instants: Sequence[datetime], before: Reached | None) -> Reached:
    """Return how far a page brings a reader who had come so far before; `instants` are of its events, at least one."""
    last = instants[-1]
    known = before.events if before is not None and before.at == last else 0
    return Reached(last, known + sum(1 for instant in instants if instant == last))


def earlier(question: Select[*Columns], reached: Reached | None) -> Select[*Columns]:
    """Return a question about events, newest first, for those the reader has not come to yet.

    Instants never decrease with the number of an event, so those of the instant reached come first.
    """
    ordered = question.order_by(AuditEvent.sequence.desc())
    return ordered if reached is None else ordered.where(AuditEvent.occurred_at <= reached.at).offset(reached.events)


def list_events(
    session: Session,
    subject: Subject,
    *,
    record_type: str | None = None,
    record_id: UUID | None = None,
    before: int | Reached | None = None,
    limit: int,
) -> Sequence[AuditEvent]:
    """Return events, newest first, those before a number of the trail, or those not reached yet, if one is given."""
    question = select(AuditEvent).where(visibility.trail(subject))
    if record_type is not None:
        question = question.where(AuditEvent.record_type == record_type)
    if record_id is not None:
        question = question.where(AuditEvent.record_id == record_id)
    if isinstance(before, int):
        question, before = question.where(AuditEvent.sequence < before), None
    return session.scalars(earlier(question, before).limit(limit)).all()
