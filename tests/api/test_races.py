"""Clients at the same time on a database where commits are real: nothing is lost, nothing happens twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, TypeVar

import pytest
from sqlalchemy import Engine, func, select
from starlette.testclient import TestClient

from api.app import create_app
from registry.access.subject import OPERATOR
from registry.database import unit_of_work
from registry.models import Product
from tests.api import bodies, records
from tests.api.world import World, build

pytestmark = pytest.mark.database
Answer = TypeVar("Answer")


@pytest.fixture
def real(committed: Engine) -> World:
    """The callers, committed."""
    assert committed is not None
    with unit_of_work(OPERATOR) as session:
        return build(session)


def together(clients: int, act: Callable[[TestClient, int], Answer]) -> list[Answer]:
    """Let clients begin at the same moment; return what each got."""
    app, barrier = create_app(), Barrier(clients)

    def run(number: int) -> Answer:
        client = TestClient(app)
        barrier.wait(timeout=60)
        return act(client, number)

    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(run, range(clients)))


def increments(world: World, clients: int, times: int) -> tuple[int, int]:
    """Let clients add one to the places of a suite, each `times` times; return how many were said done, and how many are."""
    with unit_of_work(OPERATOR) as session:
        address = f"/api/v1/suites/{records.suite_of(session, world.own).id}"
    headers = world.callers["qa"].headers

    def add(client: TestClient, _number: int) -> int:
        done = 0
        while done < times:
            read = client.get(address, headers=headers)
            body = {**bodies.SUITE, "places": read.json()["places"] + 1}
            sent = client.put(address, json=body, headers={**headers, "If-Match": read.headers["etag"]})
            assert sent.status_code in (200, 412), sent.text
            done += sent.status_code == 200
        return done

    acknowledged = sum(together(clients, add))
    places: int = TestClient(create_app()).get(address, headers=headers).json()["places"]
    return acknowledged, places - 1


def test_no_update_is_lost(real: World) -> None:
    assert increments(real, 4, 5) == (20, 20)


@pytest.mark.deep
def test_no_update_of_many_is_lost(real: World) -> None:
    assert increments(real, 16, 50) == (800, 800)


def test_sabotage_without_looking_at_the_version_updates_are_lost(real: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.services.facilities.check_version", lambda *_: None)
    acknowledged, kept = increments(real, 4, 5)
    assert acknowledged > kept


def created(world: World, names: list[str]) -> list[tuple[int, Any]]:
    """Send one creation for each name at the same moment under one key."""

    def create(client: TestClient, number: int) -> tuple[int, Any]:
        body = {**bodies.PRODUCT, "organisation_id": str(world.own.id), "working_name": names[number]}
        headers = {**world.callers["developer"].headers, "Idempotency-Key": "the-same"}
        answer = client.post("/api/v1/products", json=body, headers=headers)
        return answer.status_code, answer.json()

    return together(len(names), create)


def made() -> int:
    with unit_of_work(OPERATOR) as session:
        return session.scalars(select(func.count()).select_from(Product)).one()


def test_the_same_request_twice_at_once_has_one_effect(real: World) -> None:
    answers = created(real, ["Product", "Product"])
    assert [status for status, _ in answers] == [201, 201]
    assert answers[0][1] == answers[1][1]
    assert made() == 1


def test_another_body_under_the_same_key_at_once_is_refused(real: World) -> None:
    answers = created(real, ["Product", "Other product"])
    assert sorted(status for status, _ in answers) == [201, 422]
    assert made() == 1
