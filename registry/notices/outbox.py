"""Messages written in the transaction of their event, and the relay that carries them out: at least once, shown once.

A message exists exactly when its event was committed. The relay marks it after it was handed over, so that a relay
that dies in between hands it over again, under the same id, by which whoever shows it shows it once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from registry.access.subject import OPERATOR
from registry.database import unit_of_work
from registry.models import OutboxMessage
from registry.notices.mailbox import Letter, deliver
from registry.vocabulary.lifecycle import DataSet

log = structlog.get_logger()

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
LONGEST_ERROR = 500

Deliver = Callable[[Letter], str]
"""Hands a letter over and returns the way it went; raises OSError when it could not."""

Passing = Callable[[str], None]
"""Called with the name of each point the relay passes; the tests end the process there."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message to one organisation or one person; `dedup_id` names the event and the recipient."""

    data_set: DataSet
    dedup_id: str
    subject: str
    body: str
    organisation_id: UUID | None = None
    person_id: UUID | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Relayed:
    """How many messages were handed over, and how many will be tried again."""

    delivered: int
    failed: int


def pass_by(point: str) -> None:
    """Nothing happens at a point."""


def put_message(session: Session, message: Message) -> None:
    """Write a message in the transaction of its event; one that is there already under its id stays as it is."""
    session.execute(
        insert(OutboxMessage)
        .inline()
        .values(
            id=uuid4(),
            data_set=message.data_set,
            dedup_id=message.dedup_id,
            organisation_id=message.organisation_id,
            person_id=message.person_id,
            address=message.address,
            subject=message.subject,
            body=message.body,
        )
        .on_conflict_do_nothing()
    )


def relay(hand_over: Deliver = deliver, *, most: int = 500, passing: Passing = pass_by) -> Relayed:
    """Hand over the messages that are due, each in a transaction of its own; several relays may work side by side."""
    delivered = failed = 0
    while delivered + failed < most:
        went = _relay_one(hand_over, passing)
        if went is None:
            break
        delivered, failed = delivered + went, failed + (not went)
    return Relayed(delivered, failed)


def _relay_one(hand_over: Deliver, passing: Passing) -> bool | None:
    """Whether the next message that is due went out; None when there is none."""
    with unit_of_work(OPERATOR, action="relay message") as session:
        row = session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.delivered_at.is_(None), OutboxMessage.due_at <= func.now())
            .order_by(OutboxMessage.due_at, OutboxMessage.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).one_or_none()
        if row is None:
            return None
        passing("taken")
        now = session.scalars(select(func.clock_timestamp())).one()
        row.attempts += 1
        try:
            way = hand_over(_letter(row))
        except OSError as error:
            row.last_error = str(error)[:LONGEST_ERROR]
            row.due_at = now + _wait(row.attempts)
            log.warning("message not delivered", message=str(row.id), attempts=row.attempts)
            return False
        passing("handed over")
        _mark(row, now, way)
        session.flush()
        passing("marked, not committed")
    passing("committed")
    return True


def _mark(row: OutboxMessage, now: datetime, way: str) -> None:
    row.delivered_at, row.delivered_by, row.last_error = now, way, None


def _wait(attempts: int) -> timedelta:
    """Twice as long after each attempt, up to six hours."""
    return min(FIRST_WAIT * (1 << min(attempts - 1, 20)), LONGEST_WAIT)


def _letter(row: OutboxMessage) -> Letter:
    recipient = f"person-{row.person_id}" if row.organisation_id is None else f"organisation-{row.organisation_id}"
    return Letter(
        id=row.dedup_id,
        recipient=recipient,
        address=None if row.data_set is DataSet.REHEARSAL else row.address,
        subject=row.subject,
        body=row.body,
        written_at=row.created_at,
    )
