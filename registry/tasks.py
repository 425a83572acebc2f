"""Long work on the PostgreSQL queue: thin calls into the layers below, repeatable because a job may run twice.

`gmphub worker` is a worker; as many as wanted may run, on as many machines as wanted.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued
from psycopg import AsyncConnection
from sqlalchemy.orm import Session

from matcher.outcome import SolveOptions
from registry import database
from registry.access.accounts import subject_of
from registry.access.permissions import Permission, require
from registry.access.subject import OPERATOR, Subject
from registry.database import APPLICATION_ROLE, unit_of_work
from registry.errors import NotVisibleError
from registry.matching.orphans import fail_orphans
from registry.matching.runs import RESUMABLE, SupersededError, execute
from registry.matching.what_if import work_out
from registry.models import Person, Run
from registry.notices.anchoring import post_anchor
from registry.notices.outbox import relay
from registry.notices.posting import facilities_written_to, post_digest, post_expiries
from registry.services.auditing import read_or_make_key
from registry.services.forgetting import forget_old
from registry.services.publication import publish_due
from registry.settings import Settings, home_folder, secret_key
from registry.vocabulary.lifecycle import RunState

STALLED_AFTER = 30.0
"""Seconds without a heartbeat after which a job is given to another worker."""

SECONDS_BETWEEN_HEARTBEATS = 5.0
EFFORT = 10
MOST_BATCHES = 500
"""After so many an hour's forgetting leaves the rest to the next."""
GIVES_WAY = 10
"""How far a worker's process steps back (nice) for those who wait for a page: it takes what is left of the processors."""

queue = App(connector=PsycopgConnector())


@queue.task(name="calculate", queue="runs")
def calculate(run_id: str, effort: int) -> None:
    """Carry out a queued calculation as the person who asked for it, if that person still may; then work out what would help.

    One that has ended, or that another worker took over meanwhile, is left alone.
    """
    key = UUID(run_id)
    subject, state = _who_asked(key)
    if state in RESUMABLE:
        require(subject, Permission.RUN_ROUND)
        try:
            execute(subject, key, SolveOptions(effort=effort))
        except SupersededError:
            return
    work_out(key)


@queue.periodic(cron="* * * * *")
@queue.task(name="relay messages", queue="notices", queueing_lock="relay messages")
def relay_messages(timestamp: int) -> None:
    """Hand over the messages that are due."""
    del timestamp
    relay()


@queue.periodic(cron="5 0 * * *")
@queue.task(name="publish due", queue="upkeep", queueing_lock="publish due")
def publish_scheduled(timestamp: int) -> None:
    """Publish, each day, the facilities whose day has come; those that are published already stay so."""
    with unit_of_work(OPERATOR) as session:
        publish_due(session, OPERATOR, _instant(timestamp).date())


@queue.periodic(cron="0 5 * * *")
@queue.task(name="write digests", queue="notices", queueing_lock="write digests")
def write_digests(timestamp: int) -> None:
    """Write the digests that are due, each facility in a transaction of its own; each morning, one a period."""
    key = secret_key().encode()
    for facility in _written_to():
        with unit_of_work(OPERATOR, action="write digest") as session:
            post_digest(session, OPERATOR, facility, key=key, now=_instant(timestamp))


@queue.periodic(cron="20 5 * * *")
@queue.task(name="write expiries", queue="notices", queueing_lock="write expiries")
def write_expiries(timestamp: int) -> None:
    """Write what ends in 180, 90 and 30 days, each facility in a transaction of its own; each morning, a rung once."""
    for facility in _written_to():
        with unit_of_work(OPERATOR, action="write expiries") as session:
            post_expiries(session, OPERATOR, facility, _instant(timestamp).date())


@queue.periodic(cron="40 0 * * 1")
@queue.task(name="write anchor", queue="upkeep", queueing_lock="write anchor")
def write_anchor(timestamp: int) -> None:
    """Sign the head of the trail each Monday and write it to the auditors, once a week."""
    key = read_or_make_key(home_folder(Settings()) / "anchor-key.pem")
    with unit_of_work(OPERATOR, action="anchor trail") as session:
        post_anchor(session, OPERATOR, key, _instant(timestamp).date())


@queue.periodic(cron="35 * * * *")
@queue.task(name="forget old", queue="upkeep", queueing_lock="forget old")
def forget(timestamp: int) -> None:
    """Take away, each hour, what is kept only for a while: in small transactions, so that nobody waits for long."""
    del timestamp
    for _ in range(MOST_BATCHES):
        with unit_of_work(OPERATOR, action="forget") as session:
            if forget_old(session, OPERATOR) == 0:
                return


@queue.periodic(cron="* * * * *")
@queue.task(name="requeue stalled", queue="upkeep", pass_context=False)
async def requeue_stalled(timestamp: int) -> None:
    """Give jobs of workers that died to another worker."""
    del timestamp
    for job in await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        await queue.job_manager.retry_job(job)


@queue.periodic(cron="* * * * *")
@queue.task(name="fail orphans", queue="upkeep", queueing_lock="fail orphans")
def break_off_orphans(timestamp: int) -> None:
    """Mark calculations as failed that no process works on and no job will begin again."""
    del timestamp
    fail_orphans()


def enqueue_run(session: Session, run: Run, effort: int = EFFORT) -> None:
    """Put a run on the queue in the session's own transaction; asking twice for the same run changes nothing."""
    try:
        with session.begin_nested():
            raw = session.connection().connection.driver_connection
            job = calculate.configure(connection=raw, queueing_lock=f"run {run.id}", lock=f"run {run.id}")
            job.defer(run_id=str(run.id), effort=effort)
    except AlreadyEnqueued:
        return


def ask_what_would_help(run_id: UUID) -> None:
    """Let a worker work out what would change the answers of a calculation that was carried out without the queue."""
    with unit_of_work(OPERATOR, action="queue what-ifs") as session:
        enqueue_run(session, session.get_one(Run, run_id))


def work(*, until_empty: bool = False) -> None:
    """Break off calculations whose process died, then work until interrupted, or until nothing is queued."""
    fail_orphans()
    asyncio.run(_work(wait=not until_empty))


async def _work(*, wait: bool) -> None:
    url = database.owner_url().set(drivername="postgresql").render_as_string(hide_password=False)
    connector = PsycopgConnector(conninfo=url, configure=_take_role)
    with queue.replace_connector(connector) as app:
        async with app.open_async():
            await app.run_worker_async(
                concurrency=1,
                wait=wait,
                fetch_job_polling_interval=2.0,
                update_heartbeat_interval=SECONDS_BETWEEN_HEARTBEATS,
                stalled_worker_timeout=STALLED_AFTER,
                delete_jobs="successful",
            )


async def _take_role(connection: "AsyncConnection[object]") -> None:
    await connection.execute(f"set role {APPLICATION_ROLE}".encode())
    await connection.execute("set search_path to queue, public")
    await connection.commit()


def _instant(timestamp: int) -> datetime:
    """The instant a periodic job was meant for: one that runs late, or again, tells of the same day."""
    return datetime.fromtimestamp(timestamp, UTC)


def _written_to() -> Sequence[UUID]:
    with unit_of_work(OPERATOR) as session:
        return facilities_written_to(session, OPERATOR)


def _who_asked(run_id: UUID) -> tuple[Subject, RunState]:
    with unit_of_work(OPERATOR) as session:
        run = session.get(Run, run_id)
        if run is None or run.created_by is None:
            raise NotVisibleError("There is no such calculation.")
        return subject_of(session, session.get_one(Person, run.created_by)), run.state
