"""A refusal says which one it is: not there, not allowed, not proved, not now, not set up."""

from uuid import uuid4

import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api import seen
from registry.vocabulary.lifecycle import RunState
from registry.vocabulary.roles import Role
from tests.api import records
from tests.api.conftest import Account, account, keep
from tests.factories.facilities import organisation

pytestmark = pytest.mark.database
NOWHERE = "00000000-0000-4000-8000-00000000dead"


@pytest.fixture
def planner(session: Session) -> Account:
    return account(session, "the-planner", Role.PLANNER, organisation(session).id)


def asked(client: TestClient, who: Account, method: str, path: str, body: object = None) -> tuple[int, str]:
    headers = {**who.headers, "Idempotency-Key": uuid4().hex, "If-Match": '"v1"'}
    answer = client.request(method, f"/api/v1{path}", json=body, headers=headers)
    return answer.status_code, answer.json()["code"]


class TestNotThere:
    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("POST", f"/runs/{NOWHERE}/cancel", None),
            ("POST", f"/runs/{NOWHERE}/publish", {"content_sha256": "0" * 64, "reason": "looked at it"}),
            ("GET", f"/runs/{NOWHERE}/publication", None),
            ("GET", f"/runs/{NOWHERE}/explanations", None),
            ("GET", f"/runs/{NOWHERE}/difference/{NOWHERE}", None),
            ("GET", f"/runs/{NOWHERE}/bundle?for=auditor", None),
            ("POST", f"/rounds/{NOWHERE}/close", None),
            ("POST", f"/rounds/{NOWHERE}/runs", {"effort": 1}),
            ("POST", f"/policies/{NOWHERE}/in-force", {}),
            ("GET", f"/accounts/{NOWHERE}", None),
            ("PUT", f"/accounts/{NOWHERE}/state", {"closed": True, "reason": "left"}),
            ("POST", f"/accounts/{NOWHERE}/invitations", {}),
            ("DELETE", f"/memberships/{NOWHERE}", None),
            ("GET", f"/networks/{NOWHERE}/delegates", None),
        ],
    )
    def test_what_does_not_exist_is_not_found_whatever_one_may(
        self, client: TestClient, planner: Account, method: str, path: str, body: object
    ) -> None:
        assert asked(client, planner, method, path, body) == (404, "not-found")

    def test_what_one_sees_and_may_not_do_is_not_allowed(
        self, session: Session, client: TestClient, planner: Account
    ) -> None:
        held = records.round_of(session)
        keep(session)
        assert asked(client, planner, "POST", f"/rounds/{held.id}/close") == (403, "not-allowed")

    def test_sabotage_asking_first_who_may_tells_what_is_there(
        self, session: Session, client: TestClient, planner: Account, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = records.run_of(session, RunState.QUEUED)
        keep(session)
        assert asked(client, planner, "POST", f"/runs/{run.id}/cancel") == (404, "not-found")
        monkeypatch.setattr(seen, "one_run", lambda *_: run)
        assert asked(client, planner, "POST", f"/runs/{run.id}/cancel") == (403, "not-allowed")


class TestNotNow:
    def test_a_round_that_is_closed_and_a_calculation_that_has_ended(
        self, session: Session, client: TestClient
    ) -> None:
        coordinator = account(session, "the-coordinator", Role.COORDINATOR)
        held, run = records.round_of(session), records.run_of(session, RunState.FAILED)
        keep(session)
        headers = {**coordinator.headers, "Idempotency-Key": "c-1"}
        tag = client.get(f"/api/v1/rounds/{held.id}", headers=headers).headers["etag"]
        closed = client.post(f"/api/v1/rounds/{held.id}/close", headers={**headers, "If-Match": tag})
        assert closed.status_code == 200
        again = client.post(
            f"/api/v1/rounds/{held.id}/close",
            headers={**headers, "Idempotency-Key": "c-2", "If-Match": f'"v{closed.json()["version"]}"'},
        )
        assert (again.status_code, again.json()["code"]) == (409, "wrong-state")
        assert asked(client, coordinator, "POST", f"/runs/{run.id}/cancel") == (409, "wrong-state")


class TestNoProvider:
    def test_it_is_said_what_to_do(self, client: TestClient, planner: Account) -> None:
        for method, path, body in (
            ("GET", "/session/oidc", None),
            ("POST", "/session/oidc/signature", {"content_sha256": "0" * 64}),
            ("POST", "/me/identities", {}),
        ):
            answer = client.request(method, f"/api/v1{path}", json=body, headers=planner.headers)
            assert (answer.status_code, answer.json()["code"]) == (404, "no-provider")
            assert "POST /session" in answer.json()["detail"]

    def test_what_is_linked_is_still_listed(self, client: TestClient, planner: Account) -> None:
        assert client.get("/api/v1/me/identities", headers=planner.headers).json() == {"items": []}


def test_a_change_from_elsewhere_says_what_to_send(client: TestClient) -> None:
    answer = client.post(
        "/api/v1/session", json={"account": "a", "password": "b"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "cross-site")
    assert "Origin" in answer.json()["detail"]
