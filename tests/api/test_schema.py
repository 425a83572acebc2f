"""What the description promises, tried with generated calls by every role (Schemathesis): no 5xx, nothing undocumented.

Each generated call is sent as every role; some go to a record that exists, so that they get past the address.
"""

from collections import defaultdict
from typing import Any

import httpx2
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.app import create_app
from registry.access.subject import OPERATOR
from registry.database import act_as
from registry.models import ApiToken
from tests.api.calls import call
from tests.api.direct import IDENTICAL, Answer, Direct, Sent, as_sent, prepared
from tests.api.keeping import keep
from tests.api.sent import Call
from tests.api.world import PASSWORD, ROLES, World

pytestmark = pytest.mark.database

DESCRIPTION = create_app().openapi()
SCHEMA = schemathesis.openapi.from_dict(DESCRIPTION)
METHODS = {
    operation["operationId"]: method
    for operations in DESCRIPTION["paths"].values()
    for method, operation in operations.items()
}
NAMES = sorted(METHODS)
READING = [name for name in NAMES if METHODS[name] == "get"]
CHANGING = [name for name in NAMES if METHODS[name] != "get"]
CALLERS = ("anonymous", *ROLES)
WITHOUT_CALLER = frozenset(
    {"log_in", "become_first_administrator", "exchange_key", "begin_oidc", "finish_oidc", "accept_an_invitation"}
)
TRIED_ELSEWHERE = {
    "begin_oidc": "answers 303; see test_oidc.py",
    "finish_oidc": "the same",
    "link_an_identity": "needs an identity provider; see test_linking.py",
    "begin_proof": "needs an identity provider; see test_oidc.py",
    "become_first_administrator": "needs the word of a first run; see test_first_run.py",
    "accept_an_invitation": "needs the word an administrator gave; see test_invitations.py",
    "publish_run": "needs an official calculation and a signature; see test_calculations.py",
    "list_rule_outcomes": "needs a facility that was judged; see test_calculations.py",
}
CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]
RELATIONS = {"read_facility": "published", "act": "own_submit"}
EXAMPLES, DEEP_EXAMPLES = 10, 250
"""Generated calls for an operation."""


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


def generated_call(case: Case[Any], address: str | None) -> Sent:
    """A generated call, perhaps about another record."""
    kwargs: dict[str, Any] = case.as_transport_kwargs(base_url="http://testserver")
    wanted = {"method", "url", "params", "headers", "json", "data", "files"}
    kwargs = {key: value for key, value in kwargs.items() if key in wanted}
    if address is not None:
        kwargs["url"] = f"http://testserver/api/v1{address}"
    if isinstance(kwargs.get("data"), bytes | str):
        kwargs["content"] = kwargs.pop("data")
    return prepared(httpx2.Request(**kwargs))


def hold(case: Case[Any], sent: Sent, answer: Answer) -> None:
    """Hold an answer to the description."""
    request = requests.Request(sent.method, f"http://testserver{sent.path}", data=sent.body).prepare()
    headers = {name: [value] for name, value in answer.headers}
    case.validate_response(Response(answer.status, headers, answer.body, request, 0.0, verify=True), checks=CHECKS)


def explored(session: Session, direct: Direct, world: World, name: str, examples: int) -> dict[int, int]:
    """Try one operation and return how often it answered with which status.

    An answer of the operation that was right before is right again.
    """
    operation = SCHEMA.find_operation_by_id(name)
    seen: dict[int, int] = defaultdict(int)
    right: set[tuple[int, str, bytes]] = set()
    good = good_calls(session, world, name)
    keep(session)
    for who, known in good:
        seen[direct.send(as_sent(known), IDENTICAL | world.callers[who].headers).status] += 1
    real = good[-1][1]
    callers = [IDENTICAL | world.callers[who].headers for who in callers_of(name)]

    @settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), existing=st.booleans())
    def tried(case: Case[Any], existing: bool) -> None:
        existing = existing and bool(case.path_parameters)
        sent = generated_call(case, real.address.partition("?")[0] if existing else None)
        version = {"If-Match": real.headers.get("If-Match", '"v1"')} if existing else {}
        for headers in callers:
            answer = direct.send(sent, version | headers)
            seen[answer.status] += 1
            said = (answer.status, answer.header("content-type"), answer.body)
            if said not in right:
                hold(case, sent, answer)
                right.add(said)

    tried()
    return dict(seen)


def callers_of(name: str) -> tuple[str, ...]:
    return ("anonymous",) if name in WITHOUT_CALLER else CALLERS


def check(session: Session, direct: Direct, world: World, name: str, examples: int) -> None:
    seen = explored(session, direct, world, name, examples)
    assert max(seen) < 500, seen
    assert name in TRIED_ELSEWHERE or any(200 <= status < 300 for status in seen), seen


@pytest.mark.parametrize("name", NAMES)
def test_every_operation_keeps_to_its_description(step: Session, direct: Direct, world: World, name: str) -> None:
    check(step, direct, world, name, EXAMPLES)


@pytest.mark.deep
@pytest.mark.parametrize("name", READING)
def test_reading_keeps_to_its_description_for_long(step: Session, direct: Direct, world: World, name: str) -> None:
    check(step, direct, world, name, DEEP_EXAMPLES)


@pytest.mark.deep
@pytest.mark.parametrize("name", CHANGING)
def test_changing_keeps_to_its_description_for_long(step: Session, direct: Direct, world: World, name: str) -> None:
    check(step, direct, world, name, DEEP_EXAMPLES)
