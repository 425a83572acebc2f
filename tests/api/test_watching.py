"""Events of a calculation end when its watcher may no longer see it, on the next look (T-C9)."""

import json
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, func, update
from starlette.testclient import TestClient

from api.app import create_app
from api.routes import runs
from registry.access.subject import OPERATOR
from registry.database import unit_of_work
from registry.models import ApiToken, Membership, Person, Run, RunProgress
from registry.vocabulary.lifecycle import RunState
from tests.api import records
from tests.api.world import Caller, World, build

pytestmark = pytest.mark.database


@pytest.fixture
def real(committed: Engine, monkeypatch: pytest.MonkeyPatch) -> World:
    """The callers, committed, and a service that looks again at once."""
    assert committed is not None
    monkeypatch.setattr(runs, "SECONDS_BETWEEN_EVENTS", 0.01)
    with unit_of_work(OPERATOR) as session:
        return build(session)


@pytest.fixture
def client(real: World) -> Iterator[TestClient]:
    assert real.own is not None
    with TestClient(create_app()) as client:
        yield client


def solving() -> Run:
    """A calculation under way."""
    with unit_of_work(OPERATOR) as session:
        run = records.run_of(session, RunState.SOLVING)
        session.add(RunProgress(run_id=run.id, phase="solve", objective=[], bound=[], seconds=0.0))
        return run


def key_ends(who: Caller) -> None:
    assert who.person is not None
    with unit_of_work(OPERATOR) as session:
        session.execute(update(ApiToken).where(ApiToken.person_id == who.person.id).values(revoked_at=func.now()))


def account_closes(who: Caller) -> None:
    assert who.person is not None
    with unit_of_work(OPERATOR) as session:
        session.execute(update(Person).where(Person.id == who.person.id).values(disabled_at=func.now()))


def role_ends(who: Caller) -> None:
    assert who.person is not None
    with unit_of_work(OPERATOR) as session:
        ended = update(Membership).where(Membership.person_id == who.person.id)
        session.execute(ended.values(valid_to=func.current_date()))


def reported(run: Run, seconds: float) -> None:
    with unit_of_work(OPERATOR) as session:
        session.execute(update(RunProgress).where(RunProgress.run_id == run.id).values(seconds=seconds))


def stopped(run: Run) -> None:
    with unit_of_work(OPERATOR) as session:
        session.execute(update(Run).where(Run.id == run.id).values(state=RunState.CANCELLED))


def watched(
    monkeypatch: pytest.MonkeyPatch, client: TestClient, who: Caller, run: Run, rights_end: Callable[[Caller], None]
) -> list[float]:
    """Follow a calculation that ends at the sixth look; before the third the rights end. Return what was told."""
    looks, look = 0, runs._look

    def counted(request: object, run_id: object) -> object:
        nonlocal looks
        looks += 1
        reported(run, float(looks))
        if looks == 3:
            rights_end(who)
        if looks == 6:
            stopped(run)
        return look(request, run_id)  # type: ignore[arg-type]

    monkeypatch.setattr(runs, "_look", counted)
    answer = client.get(f"/api/v1/runs/{run.id}/events", headers=who.headers)
    assert answer.status_code == 200
    data = [line.removeprefix("data: ") for line in answer.text.splitlines() if line.startswith("data: ")]
    return [json.loads(line)["seconds"] for line in data]


@pytest.mark.parametrize("rights_end", [key_ends, account_closes, role_ends])
def test_events_end_with_the_rights(
    monkeypatch: pytest.MonkeyPatch, client: TestClient, real: World, rights_end: Callable[[Caller], None]
) -> None:
    run = solving()
    assert watched(monkeypatch, client, real.callers["coordinator"], run, rights_end) == [1.0, 2.0]


def test_sabotage_without_looking_at_who_asks_they_go_on(
    monkeypatch: pytest.MonkeyPatch, client: TestClient, real: World
) -> None:
    who, run = real.callers["coordinator"], solving()
    monkeypatch.setattr("api.dependencies.identify", lambda *_: OPERATOR)
    assert len(watched(monkeypatch, client, who, run, key_ends)) == 6
