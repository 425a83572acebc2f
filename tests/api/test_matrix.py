"""The matrix: every operation, every kind of caller, every relation, and nothing without a row."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy.orm import Session

from api.app import create_app
from tests.api.calls import call
from tests.api.direct import IDENTICAL, Direct, as_sent
from tests.api.keeping import keep
from tests.api.world import World

pytestmark = pytest.mark.database

MATRIX: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("matrix.yaml").read_text(encoding="utf-8"))
CALLERS: list[str] = MATRIX["callers"]
OPERATIONS: dict[str, dict[str, dict[str, int]]] = MATRIX["operations"]
ROWS = [(operation, relation) for operation, relations in OPERATIONS.items() for relation in relations]


def expected(operation: str, relation: str) -> dict[str, int]:
    row = OPERATIONS[operation][relation]
    return {name: row[name] if name in row else row["rest"] for name in CALLERS}


def answered(session: Session, direct: Direct, world: World, operation: str, relation: str) -> dict[str, int]:
    statuses = {}
    for name in CALLERS:
        who = world.callers[name]
        sent = call(session, world, operation, relation, who)
        keep(session)
        statuses[name] = direct.send(as_sent(sent), IDENTICAL | who.headers).status
    return statuses


def test_every_operation_has_a_row_and_every_row_an_operation() -> None:
    described = {
        operation["operationId"]
        for operations in create_app().openapi()["paths"].values()
        for operation in operations.values()
    }
    assert set(OPERATIONS) == described


def test_every_row_covers_every_caller_and_names_no_other() -> None:
    assert len(CALLERS) == 10
    for operation, relation in ROWS:
        row = OPERATIONS[operation][relation]
        assert row.keys() - {"rest"} <= set(CALLERS), operation
        assert "rest" in row or row.keys() == set(CALLERS), operation


@pytest.mark.parametrize(("operation", "relation"), ROWS)
def test_each_caller_gets_what_the_matrix_says(
    step: Session, direct: Direct, world: World, operation: str, relation: str
) -> None:
    assert answered(step, direct, world, operation, relation) == expected(operation, relation)


def test_sabotage_a_wider_rule_is_noticed(
    step: Session, direct: Direct, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.routes.eligibility.may_know", lambda *_: True)
    assert answered(step, direct, world, "list_own_verdicts", "other") != expected("list_own_verdicts", "other")
