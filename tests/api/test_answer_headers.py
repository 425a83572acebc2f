"""What an answer carries beside its body: where what was made is read, its version, and what the description says of both."""

import json
from typing import Any

import pytest
from sqlalchemy.orm import Session

from api import idempotency
from api.app import create_app
from api.locations import READ_AT
from tests.api import bodies, records
from tests.api.calls import call
from tests.api.direct import IDENTICAL, Answer, Direct, as_sent
from tests.api.keeping import keep
from tests.api.sent import Call
from tests.api.test_matrix import OPERATIONS, expected
from tests.api.world import Caller, World

pytestmark = pytest.mark.database

DESCRIPTION = create_app().openapi()
OPERATION: dict[str, dict[str, Any]] = {
    operation["operationId"]: operation
    for operations in DESCRIPTION["paths"].values()
    for operation in operations.values()
}
MAKING = sorted(name for name, operation in OPERATION.items() if {"201", "202"} & operation["responses"].keys())
GONE = {"hand_a_role_over"}
"""Whoever has handed its only role over no longer reads who acts there."""
TOLD = ("ETag", "Location")


def of_good(name: str) -> tuple[str, str] | None:
    """Return the relation and the caller for which the operation answers with success, None where none is known."""
    for relation in OPERATIONS[name]:
        for who, status in expected(name, relation).items():
            if 200 <= status < 300 and who != "anonymous":
                return relation, who
    return None


def answered(
    session: Session, direct: Direct, world: World, name: str, relation: str, who: str
) -> tuple[Answer, Caller]:
    caller = world.callers[who]
    sent = call(session, world, name, relation, caller)
    keep(session)
    return direct.send(as_sent(sent), IDENTICAL | caller.headers), caller


def read(direct: Direct, caller: Caller, address: str) -> Answer:
    return direct.send(as_sent(Call("GET", address.removeprefix("/api/v1"))), IDENTICAL | caller.headers)


def faults_of_made(session: Session, direct: Direct, world: World, name: str) -> list[str]:
    """What is wrong with the headers of what an operation made."""
    good = of_good(name)
    assert good is not None, name
    made, caller = answered(session, direct, world, name, *good)
    body, location, tag = json.loads(made.body), made.header("location"), made.header("etag")
    there = read(direct, caller, location)
    version = body.get("version")
    faults = {
        "no Location": not location,
        "nothing there": there.status != 200 and name not in GONE,
        "the tag is not that of the body": tag != ("" if version is None else f'"v{version}"'),
        "the tag is stale": location.endswith(str(body.get("id"))) and (there.header("etag") or tag) != tag,
    }
    return [fault for fault, found in faults.items() if found]


@pytest.mark.parametrize("name", MAKING)
def test_what_was_made_is_read_where_location_says_and_its_tag_is_not_stale(
    step: Session, direct: Direct, world: World, name: str
) -> None:
    assert faults_of_made(step, direct, world, name) == []


def test_every_operation_that_makes_something_has_its_address() -> None:
    assert set(READ_AT) == set(MAKING)


def test_sabotage_the_first_version_for_everything_made_is_noticed(
    step: Session, direct: Direct, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "etag", lambda _version: '"v1"')
    assert "the tag is not that of the body" in faults_of_made(step, direct, world, "give_a_role")


@pytest.mark.parametrize("name", sorted(name for name in OPERATION if of_good(name) is not None))
def test_the_description_names_the_headers_of_an_answer(step: Session, direct: Direct, world: World, name: str) -> None:
    good = of_good(name)
    assert good is not None
    answer, _ = answered(step, direct, world, name, *good)
    described = OPERATION[name]["responses"][str(answer.status)]["headers"]
    assert "X-Request-Id" in described
    assert {one for one in TOLD if answer.header(one.lower())} == {one for one in TOLD if one in described}


def test_lists_in_pages_and_calls_made_once_are_described() -> None:
    runs, close = OPERATION["list_visible_runs"]["responses"], OPERATION["close"]["responses"]
    assert "Link" in runs["200"]["headers"]
    assert "Link" not in OPERATION["read_run"]["responses"]["200"]["headers"]
    assert "Idempotent-Replayed" in close["200"]["headers"]
    assert ("ETag" in close["412"]["headers"], "WWW-Authenticate" in close["401"]["headers"]) == (True, True)
    assert "Retry-After" in OPERATION["log_in"]["responses"]["429"]["headers"]


def test_every_way_to_say_who_is_calling_is_described() -> None:
    schemes = DESCRIPTION["components"]["securitySchemes"]
    assert {name: scheme["type"] for name, scheme in schemes.items()} == {
        "key": "http",
        "login": "apiKey",
        "client": "oauth2",
    }
    assert schemes["login"]["name"] == "__Host-gmphub"
    flow = schemes["client"]["flows"]["clientCredentials"]
    assert flow["tokenUrl"] in DESCRIPTION["paths"]
    assert "rounds:write" in flow["scopes"]
    assert DESCRIPTION["security"] == [{}, {"key": []}, {"login": []}, {"client": []}]


def test_an_official_round_is_answered_at_the_version_it_has(step: Session, direct: Direct, world: World) -> None:
    coordinator = world.callers["coordinator"]
    policy = records.policy_of(step, (world.stranger, world.second))
    keep(step)
    headers = IDENTICAL | coordinator.headers

    def sent(address: str, body: object, key: str) -> Answer:
        return direct.send(as_sent(Call("POST", address, body, {"Idempotency-Key": key, "If-Match": '"v1"'})), headers)

    assert sent(f"/policies/{policy.id}/in-force", {}, "p-1").status == 200
    made = sent("/rounds", {**bodies.round_body(policy.id, "official"), "kind": "period"}, "r-1")
    body = json.loads(made.body)
    assert (made.status, made.header("etag")) == (201, f'"v{body["version"]}"')
    assert body["version"] > 1
    assert read(direct, coordinator, made.header("location")).header("etag") == made.header("etag")
