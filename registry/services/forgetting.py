"""Taking away what is kept only for a while: answers to requests sent once, attempts to log in, logins that are over."""

from datetime import datetime, timedelta

from sqlalchemy import SQLColumnExpression, delete, func, select
from sqlalchemy.orm import Session

from registry.access.permissions import Permission, require
from registry.access.subject import Subject
from registry.models import IdempotentAnswer, LoginAttempt, LoginSession
from registry.models.base import Record

ANSWERS_KEPT = timedelta(hours=48)
"""The database lets nobody but the machine take an answer away, and none that is younger (migration 0030)."""
ATTEMPTS_KEPT = timedelta(days=1)
LOGINS_KEPT = timedelta(days=30)
ROWS_AT_ONCE = 200
"""Each row that goes writes an event while the chain is held, so few go at once."""


def forget_old(session: Session, subject: Subject) -> int:
    """Take away some of what is too old, the oldest first; return how many rows went, 0 when none is left."""
    require(subject, Permission.MANAGE_SYSTEM)
    over = func.least(LoginSession.ends_at, func.coalesce(LoginSession.ended_at, LoginSession.ends_at))
    return (
        _forget(session, IdempotentAnswer, IdempotentAnswer.created_at, ANSWERS_KEPT)
        + _forget(session, LoginAttempt, LoginAttempt.attempted_at, ATTEMPTS_KEPT)
        + _forget(session, LoginSession, over, LOGINS_KEPT)
    )


def _forget(session: Session, table: type[Record], since: SQLColumnExpression[datetime], kept: timedelta) -> int:
    old = select(table.id).where(since < func.now() - kept).order_by(since).limit(ROWS_AT_ONCE)
    gone = delete(table).where(table.id.in_(old)).returning(table.id)
    return len(session.scalars(gone.execution_options(synchronize_session=False)).all())
