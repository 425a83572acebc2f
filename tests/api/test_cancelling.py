"""Cancelled over HTTP while a worker's process calculates it: the state is told at once, the plan so far is kept."""

import json
import os
import signal
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, func, select
from starlette.testclient import TestClient

from api.app import create_app
from registry.access.subject import OPERATOR
from registry.database import unit_of_work
from registry.models import Placement, Run
from registry.tasks import enqueue_run
from registry.vocabulary.lifecycle import RunState
from tests.api.test_calculations import key_of
from tests.registry.matching.conftest import calculated, made, waiting
from tests.registry.matching.dying import SLEEP, started
from tests.registry.matching.small import Small, stored

__all__ = ["calculated", "made", "waiting"]
pytestmark = [pytest.mark.database, pytest.mark.xdist_group("calculations")]


@pytest.fixture
def client(calculated: Engine) -> Iterator[TestClient]:
    assert calculated is not None
    with TestClient(create_app()) as client:
        yield client


def cancelled(client: TestClient, waiting: Small) -> tuple[int, str]:
    """Cancel as the coordinator does who sees it under way."""
    coordinator = key_of("coordinator")
    read = client.get(f"/api/v1/runs/{waiting.run}", headers=coordinator)
    assert (read.json()["state"], read.json()["actions"]) == ("solving", ["cancel"])
    sent = {**coordinator, "If-Match": read.headers["etag"], "Idempotency-Key": "cancel-1"}
    answer = client.post(f"/api/v1/runs/{waiting.run}/cancel", headers=sent)
    return answer.status_code, answer.json()["state"]


def placed(run: Run) -> int:
    with unit_of_work(OPERATOR) as session:
        return session.scalars(select(func.count()).select_from(Placement).where(Placement.run_id == run.id)).one()


def test_what_a_worker_calculates_is_cancelled_and_keeps_its_plan_so_far(
    client: TestClient, calculated: Engine, waiting: Small
) -> None:
    with unit_of_work(waiting.coordinator) as session:
        enqueue_run(session, session.get_one(Run, waiting.run), 50)
    with started(calculated, "work", waiting.run, f"{SLEEP}before solving") as worker:
        _, status = os.waitpid(worker.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)
        answered = cancelled(client, waiting)
        worker.send_signal(signal.SIGCONT)
        _, said = worker.communicate()
    assert (answered, worker.returncode) == ((200, "cancelled"), 0), said[-2000:]
    run = stored(waiting.run)
    assert run.state is RunState.CANCELLED
    assert json.loads(run.outcome or b"{}")["stopped"] == "cancelled"
    assert placed(run) > 0
