"""What the description promises, tried with generated calls by every role (Schemathesis): no 5xx, nothing undocumented.

Generated calls are shared out among the roles, in the deep run each is sent as every role; some go to a record that exists, so that they get past the address.
"""

from collections import defaultdict
from itertools import cycle
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api.app import create_app
from registry.access.subject import OPERATOR
from registry.database import act_as
from registry.models import ApiToken
from tests.api.calls import call
from tests.api.keeping import keep
from tests.api.sent import Call
from tests.api.world import PASSWORD, ROLES, World

pytestmark = pytest.mark.database

DESCRIPTION = create_app().openapi()
SCHEMA = schemathesis.openapi.from_dict(DESCRIPTION)
NAMES = sorted(
    operation["operationId"] for operations in DESCRIPTION["paths"].values() for operation in operations.values()
)
CALLERS = ("anonymous", *ROLES)
WITHOUT_CALLER = frozenset({"log_in", "become_first_administrator", "exchange_key", "begin_oidc", "finish_oidc"})
TRIED_ELSEWHERE = {
    "begin_oidc": "answers 303; see test_oidc.py",
    "finish_oidc": "the same",
    "link_an_identity": "needs an identity provider; see test_linking.py",
    "begin_proof": "needs an identity provider; see test_oidc.py",
    "become_first_administrator": "needs the word of a first run; see test_first_run.py",
    "publish_run": "needs an official calculation and a signature; see test_calculations.py",
}
CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]
RELATIONS = {"read_facility": "published", "act": "own_submit"}
EXAMPLES, DEEP_EXAMPLES = 10, 250
"""Generated calls for an operation: in the ordinary run shared out among the callers, in the deep run for each."""


def good_calls(session: Session, world: World, name: str) -> list[tuple[str, Call]]:
    """A call that at least one caller may make, for each caller about a record of its own."""
    if name == "log_in":
        return [("anonymous", Call("POST", "/session", {"account": "the-qa", "password": PASSWORD}))]
    if name == "exchange_key":
        secret = world.callers["qa"].headers["Authorization"].removeprefix("Bearer ")
        person = world.callers["qa"].person
        assert person is not None
        act_as(session, OPERATOR)
        key = session.scalars(select(ApiToken.id).where(ApiToken.person_id == person.id)).first()
        form = {"grant_type": "client_credentials", "client_id": str(key), "client_secret": secret}
        return [("anonymous", Call("POST", "/oauth/token", form=form))]
    relation = RELATIONS.get(name, "own")
    return [(who, call(session, world, name, relation, world.callers[who])) for who in CALLERS]


def send(client: TestClient, world: World, who: str, sent: Call) -> int:
    headers = {**sent.headers, **world.callers[who].headers}
    answer = client.request(sent.method, f"/api/v1{sent.address}", json=sent.body, data=sent.form, headers=headers)
    client.cookies.clear()
    return answer.status_code


def send_case(client: TestClient, world: World, who: str, case: Case[Any], address: str | None, seen: str) -> int:
    """Send a generated call as somebody, perhaps to a record that exists, and hold the answer to the description."""
    kwargs: dict[str, Any] = case.as_transport_kwargs(base_url="http://testserver")
    headers = {name: value for name, value in kwargs["headers"].items() if name.lower() != "authorization"}
    headers |= {"X-Request-Id": uuid4().hex, **world.callers[who].headers}
    if address is not None:
        kwargs["url"] = f"http://testserver/api/v1{address}"
        headers["If-Match"] = seen
    kwargs = {
        key: value for key, value in kwargs.items() if key in {"method", "url", "params", "json", "data", "files"}
    }
    if isinstance(kwargs.get("data"), bytes | str):
        kwargs["content"] = kwargs.pop("data")
    answer = client.request(**kwargs, headers=headers)
    client.cookies.clear()
    case.validate_response(answer, checks=CHECKS)
    return int(answer.status_code)


def explored(
    session: Session, client: TestClient, world: World, name: str, examples: int, *, everybody: bool
) -> dict[int, int]:
    """Try one operation and return how often it answered with which status."""
    operation = SCHEMA.find_operation_by_id(name)
    seen: dict[int, int] = defaultdict(int)
    good = good_calls(session, world, name)
    keep(session)
    for who, sent in good:
        seen[send(client, world, who, sent)] += 1
    callers = ("anonymous",) if name in WITHOUT_CALLER else CALLERS
    real = good[-1][1]
    turn = cycle(callers)

    @settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), existing=st.booleans())
    def tried(case: Case[Any], existing: bool) -> None:
        address = real.address.partition("?")[0] if existing and case.path_parameters else None
        for who in callers if everybody else (next(turn),):
            seen[send_case(client, world, who, case, address, real.headers.get("If-Match", '"v1"'))] += 1

    tried()
    return dict(seen)


def check(session: Session, client: TestClient, world: World, name: str, examples: int, *, everybody: bool) -> None:
    seen = explored(session, client, world, name, examples, everybody=everybody)
    assert max(seen) < 500, seen
    assert name in TRIED_ELSEWHERE or any(200 <= status < 300 for status in seen), seen


@pytest.mark.parametrize("name", NAMES)
def test_every_operation_keeps_to_its_description(step: Session, caller: TestClient, world: World, name: str) -> None:
    check(step, caller, world, name, EXAMPLES, everybody=False)


@pytest.mark.deep
@pytest.mark.parametrize("name", NAMES)
def test_every_operation_keeps_to_its_description_for_long(
    step: Session, caller: TestClient, world: World, name: str
) -> None:
    check(step, caller, world, name, DEEP_EXAMPLES, everybody=True)
