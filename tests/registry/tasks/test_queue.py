"""The queue: in the transaction that asks, once for each run, and taken over from workers that died."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from registry import tasks
from registry.access.subject import OPERATOR, Subject
from registry.database import unit_of_work
from registry.models import Membership, Run
from registry.services.rounds import cancel_run, queue_run
from registry.vocabulary.lifecycle import DataSet, RunState
from tests.registry.matching.small import Small, small, stored

pytestmark = [pytest.mark.database, pytest.mark.xdist_group("queue")]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, for the mailbox."""
    monkeypatch.setenv("GMPHUB_HOME", str(tmp_path))
    return tmp_path


def enqueued(subject: Subject, run: UUID, effort: int = 1) -> None:
    with unit_of_work(subject) as session:
        tasks.enqueue_run(session, session.get_one(Run, run), effort)


def jobs(task: str = "calculate") -> list[tuple[str, int]]:
    """State and attempts of the jobs of a task."""
    with unit_of_work(OPERATOR) as session:
        rows = session.execute(
            text("select status::text, attempts from queue.procrastinate_jobs where task_name = :task order by id"),
            {"task": task},
        )
        return [(row.status, row.attempts) for row in rows]


def test_a_worker_carries_out_what_is_queued(committed: Engine) -> None:
    world = small()
    enqueued(world.coordinator, world.run)
    assert jobs() == [("todo", 0)]
    tasks.work(until_empty=True)
    assert stored(world.run).state is RunState.CHECKED
    assert jobs() == []


def test_asking_twice_is_one_job(committed: Engine) -> None:
    world = small()
    enqueued(world.coordinator, world.run)
    enqueued(world.coordinator, world.run)
    assert jobs() == [("todo", 0)]


def break_off(world: Small) -> None:
    with unit_of_work(world.coordinator) as session:
        run = queue_run(session, world.coordinator, world.round, DataSet.REHEARSAL)
        tasks.enqueue_run(session, run, 1)
        raise InterruptedError


def test_a_job_is_there_only_with_its_run(committed: Engine) -> None:
    world = small()
    with pytest.raises(InterruptedError):
        break_off(world)
    assert jobs() == []


def test_what_was_cancelled_in_the_queue_is_not_begun(committed: Engine) -> None:
    world = small()
    enqueued(world.coordinator, world.run)
    with unit_of_work(world.coordinator) as session:
        cancel_run(session, world.coordinator, world.run)
    tasks.work(until_empty=True)
    run = stored(world.run)
    assert (run.state, run.fence) == (RunState.CANCELLED, 0)


def test_who_may_no_longer_calculate_does_not(committed: Engine) -> None:
    world = small()
    enqueued(world.coordinator, world.run)
    with unit_of_work(OPERATOR) as session:
        person = world.coordinator.person
        for seat in session.query(Membership).filter(Membership.person_id == person):
            session.delete(seat)
    tasks.work(until_empty=True)
    run = stored(world.run)
    assert (run.state, run.fence) == (RunState.QUEUED, 0)
    assert [state for state, _ in jobs()] == ["failed"]


def abandon(seconds: int) -> None:
    """Leave the job as a worker does that died while it worked, so many seconds after its last heartbeat."""
    with unit_of_work(OPERATOR) as session:
        worker = session.scalar(
            text(
                "insert into queue.procrastinate_workers (last_heartbeat)"
                " values (now() - make_interval(secs => :seconds)) returning id"
            ),
            {"seconds": seconds},
        )
        session.execute(
            text(
                "update queue.procrastinate_jobs set status = 'doing', worker_id = :worker where task_name = 'calculate'"
            ),
            {"worker": worker},
        )


def requeued() -> None:
    """Let a worker do the upkeep, as it does every minute."""
    with unit_of_work(OPERATOR) as session:
        raw = session.connection().connection.driver_connection
        tasks.requeue_stalled.configure(connection=raw).defer(timestamp=0)
    tasks.work(until_empty=True)


def test_the_job_of_a_dead_worker_goes_to_another(committed: Engine) -> None:
    world = small()
    enqueued(world.coordinator, world.run)
    abandon(seconds=31)
    requeued()
    tasks.work(until_empty=True)
    assert stored(world.run).state is RunState.CHECKED


def test_the_job_of_a_living_worker_stays_with_it(committed: Engine) -> None:
    world = small()
    enqueued(world.coordinator, world.run)
    abandon(seconds=5)
    requeued()
    assert [state for state, _ in jobs()] == ["doing"]
    assert stored(world.run).state is RunState.QUEUED


@pytest.mark.deep
def test_a_killed_worker_is_replaced(committed: Engine) -> None:
    world = small()
    enqueued(world.coordinator, world.run, effort=50)
    address = committed.url.render_as_string(hide_password=False)
    with subprocess.Popen(
        [sys.executable, "-m", "registry.cli", "worker"],
        env={**os.environ, "DATABASE_URL": address},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as worker:
        while stored(world.run).state is RunState.QUEUED:
            assert worker.poll() is None
        worker.send_signal(signal.SIGKILL)
    with unit_of_work(OPERATOR) as session:
        session.execute(text("update queue.procrastinate_workers set last_heartbeat = now() - interval '1 minute'"))
    requeued()
    tasks.work(until_empty=True)
    run = stored(world.run)
    assert run.state is RunState.CHECKED
    assert run.fence == 2
