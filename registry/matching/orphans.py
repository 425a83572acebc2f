"""Calculations whose process died: found by a lock that ends with the process, and marked as failed with the reason.

No clock decides: an execution holds a lock of its own connection while it lives, and PostgreSQL lets go of it when the
process or the connection ends. A calculation that a worker's queue will begin again is left to the queue.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from registry import models
from registry.access.subject import OPERATOR
from registry.database import unit_of_work
from registry.vocabulary.lifecycle import RunState

UNDER_WAY = (RunState.SOLVING, RunState.CHECKING)
REASON = "the process that calculated it ended before it was done; queue another calculation of the round"
KEY = "hashtextextended('calculation ' || :run, 0)"
"""The advisory lock that an execution of `:run` holds while it lives."""


@contextmanager
def alive(run_id: UUID) -> Iterator[None]:
    """Hold the sign of life of an execution; several executions of one run may hold it together."""
    with unit_of_work(OPERATOR) as session:
        engine = session.get_bind().engine
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"select pg_advisory_lock_shared({KEY})"), {"run": str(run_id)})
        try:
            yield
        finally:
            connection.invalidate()


def fail_orphans() -> Sequence[UUID]:
    """Mark every calculation under way that nobody is working on as failed, and return their keys."""
    with unit_of_work(OPERATOR, action="break off orphaned calculations") as session:
        runs = session.scalars(
            select(models.Run)
            .where(models.Run.state.in_(UNDER_WAY))
            .order_by(models.Run.id)
            .with_for_update(skip_locked=True)
        ).all()
        found = [run for run in runs if not _waits_in_queue(session, run.id) and _is_dead(session, run.id)]
        for run in found:
            run.fence += 1
            run.state, run.state_reason = RunState.FAILED, REASON
        return [run.id for run in found]


def _is_dead(session: Session, run_id: UUID) -> bool:
    return bool(session.scalar(text(f"select pg_try_advisory_xact_lock({KEY})"), {"run": str(run_id)}))


def _waits_in_queue(session: Session, run_id: UUID) -> bool:
    question = text(
        "select exists (select from procrastinate_jobs"
        " where task_name = 'calculate' and args ->> 'run_id' = :run and status in ('todo', 'doing'))"
    )
    return bool(session.scalar(question, {"run": str(run_id)}))
