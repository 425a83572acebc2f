"""Long work on the PostgreSQL queue: thin calls into the layers below, repeatable because a job may run twice.

`gmphub worker` is a worker; as many as wanted may run, on as many machines as wanted.
"""

import asyncio
import time
from collections.abc import Callable
from uuid import UUID

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued
from psycopg import AsyncConnection
from sqlalchemy import func, update
from sqlalchemy.orm import Session

from matcher.outcome import Progress, SolveOptions
from registry.access.accounts import subject_of
from registry.access.permissions import Permission, require
from registry.access.subject import OPERATOR, Subject
from registry.database import APPLICATION_ROLE, owner_url, unit_of_work
from registry.errors import NotVisibleError
from registry.matching.runs import execute
from registry.models import Person, Run, RunProgress
from registry.vocabulary.lifecycle import RunState

SECONDS_BETWEEN_REPORTS = 1.0
STALLED_AFTER = 30.0
"""Seconds without a heartbeat after which a job is given to another worker."""

queue = App(connector=PsycopgConnector())


@queue.task(name="calculate", queue="runs")
def calculate(run_id: str, effort: int) -> None:
    """Carry out a queued calculation as the person who asked for it, if that person still may."""
    key = UUID(run_id)
    subject, state = _who_asked(key)
    if state not in (RunState.QUEUED, RunState.SOLVING):
        return
    require(subject, Permission.RUN_ROUND)
    execute(subject, key, SolveOptions(effort=effort, on_progress=_reporter(key), cancelled=_asker(key)))


@queue.periodic(cron="* * * * *")
@queue.task(name="requeue stalled", queue="upkeep", pass_context=False)
async def requeue_stalled(timestamp: int) -> None:
    """Give jobs of workers that died to another worker."""
    del timestamp
    for job in await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        await queue.job_manager.retry_job(job)


def enqueue_run(session: Session, run: Run, effort: int) -> None:
    """Put a run on the queue in the session's own transaction; asking twice for the same run changes nothing."""
    try:
        with session.begin_nested():
            raw = session.connection().connection.driver_connection
            job = calculate.configure(connection=raw, queueing_lock=f"run {run.id}", lock=f"run {run.id}")
            job.defer(run_id=str(run.id), effort=effort)
    except AlreadyEnqueued:
        return


def work() -> None:
    """Work until interrupted."""
    asyncio.run(_work())


async def _work() -> None:
    url = owner_url().set(drivername="postgresql").render_as_string(hide_password=False)
    connector = PsycopgConnector(conninfo=url, configure=_take_role)
    with queue.replace_connector(connector) as app:
        async with app.open_async():
            await app.run_worker_async(
                concurrency=1,
                fetch_job_polling_interval=2.0,
                stalled_worker_timeout=STALLED_AFTER,
                delete_jobs="successful",
            )


async def _take_role(connection: "AsyncConnection[object]") -> None:
    await connection.execute(f"set role {APPLICATION_ROLE}".encode())
    await connection.execute("set search_path to queue, public")
    await connection.commit()


def _who_asked(run_id: UUID) -> tuple[Subject, RunState]:
    with unit_of_work(OPERATOR) as session:
        run = session.get(Run, run_id)
        if run is None or run.created_by is None:
            raise NotVisibleError("There is no such calculation.")
        return subject_of(session, session.get_one(Person, run.created_by)), run.state


def _reporter(run_id: UUID) -> Callable[[Progress], None]:
    """Write the latest progress of a run, at most once a second."""
    said = 0.0

    def report(progress: Progress) -> None:
        nonlocal said
        if time.monotonic() - said < SECONDS_BETWEEN_REPORTS:
            return
        said = time.monotonic()
        values = {
            "phase": progress.phase,
            "objective": list(progress.objective),
            "bound": [{"tier": tier, "limit": limit} for tier, limit in enumerate(progress.bound)],
            "seconds": progress.seconds,
        }
        with unit_of_work(OPERATOR) as session:
            changed = session.execute(
                update(RunProgress).where(RunProgress.run_id == run_id).values(reported_at=func.now(), **values)
            )
            if not changed.rowcount:  # type: ignore[attr-defined]
                session.add(RunProgress(run_id=run_id, **values))

    return report


def _asker(run_id: UUID) -> Callable[[], bool]:
    """Whether somebody cancelled the run; looked up at most twice a second."""
    asked, answer = 0.0, False

    def cancelled() -> bool:
        nonlocal asked, answer
        if not answer and time.monotonic() - asked > SECONDS_BETWEEN_REPORTS / 2:
            asked = time.monotonic()
            with unit_of_work(OPERATOR) as session:
                run = session.get(Run, run_id)
                answer = run is None or run.state is RunState.CANCELLED
        return answer

    return cancelled
