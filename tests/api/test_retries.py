"""Requests repeated, altered and mixed in any order: one effect a key, always the same answer to the same request."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from registry.access.subject import OPERATOR
from registry.database import act_as
from registry.models import Product
from tests.api import bodies
from tests.api.world import World

pytestmark = pytest.mark.database

SENT = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=8)


def count(session: Session) -> int:
    act_as(session, OPERATOR)
    return session.scalars(select(func.count()).select_from(Product)).one()


def play(session: Session, client: TestClient, world: World, run: int, sequence: list[tuple[int, int]]) -> None:
    """Send a sequence of (key, body) and hold each answer to the simplest model of it."""
    first: dict[int, tuple[int, Any]] = {}
    before = count(session)
    for key, body in sequence:
        sent = {**bodies.PRODUCT, "organisation_id": str(world.own.id), "working_name": f"Product {body}"}
        headers = {**world.callers["developer"].headers, "Idempotency-Key": f"run-{run}-key-{key}"}
        answer = client.post("/api/v1/products", json=sent, headers=headers)
        known = first.setdefault(key, (body, answer.json()))
        if known[0] == body:
            assert (answer.status_code, answer.json()) == (201, known[1])
        else:
            assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-key-reused")
    assert count(session) - before == len(first)


def play_many(session: Session, client: TestClient, world: World, sequences: int) -> int:
    """Play so many sequences at least; return how many held."""
    played = 0

    @settings(
        max_examples=sequences,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(sequence=SENT)
    def each(sequence: list[tuple[int, int]]) -> None:
        nonlocal played
        played += 1
        play(session, client, world, played, sequence)

    each()
    return played


def test_every_key_has_one_effect(step: Session, caller: TestClient, world: World) -> None:
    assert play_many(step, caller, world, 20) >= 20


@pytest.mark.deep
def test_every_key_has_one_effect_in_many_orders(step: Session, caller: TestClient, world: World) -> None:
    assert play_many(step, caller, world, 200) >= 200


def test_sabotage_without_remembering_effects_are_doubled(
    step: Session, caller: TestClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.idempotency.Once.known", lambda *_: None)
    with pytest.raises(AssertionError):
        play(step, caller, world, 0, [(0, 0), (0, 0)])
