"""Logins and keys: guessing is slowed down, what ends ends at once, what is sent twice happens once."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api.app import create_app
from registry.access.subject import OPERATOR, PersonId, Subject
from registry.database import act_as
from registry.models import ApiToken, IdempotentAnswer, LoginAttempt, LoginSession
from registry.services.logins import GUESSES_AT_AN_ACCOUNT, GUESSES_FROM_AN_ADDRESS, set_password
from registry.services.logins import GUESSES_FROM_AN_ADDRESS_AT_ALL as SPRAYED
from registry.vocabulary.roles import Role
from tests.api.conftest import Account, account, keep

pytestmark = pytest.mark.database

PASSWORD = "a sentence that is easy to remember"
SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def somebody(session: Session) -> Account:
    made = account(session, "somebody", Role.COORDINATOR)
    set_password(session, OPERATOR, made.person, PASSWORD)
    keep(session)
    return made


def log_in(client: TestClient, password: str = PASSWORD, name: str = "somebody") -> int:
    return client.post("/api/v1/session", json={"account": name, "password": password}, headers=SAME).status_code


@pytest.mark.usefixtures("somebody")
class TestLogin:
    def test_the_cookie_is_closed_to_scripts_and_other_sites(self, client: TestClient) -> None:
        answer = client.post("/api/v1/session", json={"account": "somebody", "password": PASSWORD})
        cookie = answer.headers["set-cookie"].lower()
        assert answer.status_code == 204
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert client.get("/api/v1/me").json()["account"] == "somebody"

    def test_over_https_it_is_bound_to_the_host(self) -> None:
        with TestClient(create_app(), base_url="https://hub.test") as client:
            answer = client.post("/api/v1/session", json={"account": "somebody", "password": PASSWORD})
            assert answer.headers["set-cookie"].startswith("__Host-gmphub=")
            assert "secure" in answer.headers["set-cookie"].lower()
            assert client.get("/api/v1/me").status_code == 200

    def test_each_login_has_a_new_secret_and_logging_out_ends_it_on_the_server(self, client: TestClient) -> None:
        log_in(client)
        first = client.cookies["gmphub"]
        log_in(client)
        assert client.cookies["gmphub"] != first
        kept = client.cookies["gmphub"]
        assert client.delete("/api/v1/session", headers=SAME).status_code == 204
        client.cookies.set("gmphub", kept)
        assert client.get("/api/v1/me").status_code == 401

    def test_a_new_password_ends_every_login(self, session: Session, client: TestClient, somebody: Account) -> None:
        log_in(client)
        act_as(session, OPERATOR)
        set_password(session, OPERATOR, somebody.person, PASSWORD + "!")
        keep(session)
        assert client.get("/api/v1/me").status_code == 401

    def test_unknown_account_and_wrong_password_look_the_same(self, client: TestClient) -> None:
        headers = {"X-Request-Id": "the-same-id"}
        answers = [
            client.post("/api/v1/session", json={"account": name, "password": "wrong"}, headers=headers)
            for name in ("somebody", "nobody-at-all")
        ]
        assert answers[0].status_code == answers[1].status_code == 401
        assert answers[0].content == answers[1].content

    def test_guesses_from_one_address_are_no_longer_looked_at(self, client: TestClient) -> None:
        assert [log_in(client, "wrong") for _ in range(GUESSES_FROM_AN_ADDRESS)] == [401] * GUESSES_FROM_AN_ADDRESS
        refused = client.post("/api/v1/session", json={"account": "somebody", "password": PASSWORD})
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) > 0

    def test_the_owner_gets_in_while_another_address_guesses(self) -> None:
        with TestClient(create_app(), client=("203.0.113.9", 1)) as attacker:
            for _ in range(GUESSES_FROM_AN_ADDRESS + 3):
                log_in(attacker, "wrong")
        with TestClient(create_app(), client=("203.0.113.10", 1)) as owner:
            assert log_in(owner) == 204

    def test_guesses_from_many_addresses_are_bounded_together(self, session: Session) -> None:
        for number in range(GUESSES_AT_AN_ACCOUNT + 5):
            with TestClient(create_app(), client=(f"203.0.113.{number}", 1)) as attacker:
                log_in(attacker, "wrong")
        act_as(session, OPERATOR)
        assert session.scalar(select(func.count()).select_from(LoginAttempt)) == GUESSES_AT_AN_ACCOUNT

    def test_one_password_tried_at_many_accounts_is_bounded(self, session: Session) -> None:
        with TestClient(create_app(), client=("203.0.113.9", 1)) as attacker:
            statuses = [log_in(attacker, "wrong", f"account-{number}") for number in range(SPRAYED + 3)]
        assert statuses == [401] * SPRAYED + [429] * 3
        act_as(session, OPERATOR)
        assert session.scalar(select(func.count()).select_from(LoginAttempt)) == SPRAYED
        with TestClient(create_app(), client=("203.0.113.9", 1)) as attacker:
            assert log_in(attacker) == 429
        with TestClient(create_app(), client=("203.0.113.10", 1)) as owner:
            assert log_in(owner) == 204

    def test_sabotage_without_that_bound_accounts_are_tried_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("registry.services.logins.GUESSES_FROM_AN_ADDRESS_AT_ALL", 10**6)
        with TestClient(create_app(), client=("203.0.113.9", 1)) as attacker:
            statuses = [log_in(attacker, "wrong", f"account-{number}") for number in range(SPRAYED + 3)]
        assert statuses == [401] * (SPRAYED + 3)

    def test_neither_secret_nor_account_nor_address_is_stored(self, session: Session, client: TestClient) -> None:
        log_in(client)
        act_as(session, OPERATOR)
        login = session.scalars(select(LoginSession)).one()
        attempt = session.scalars(select(LoginAttempt)).one()
        assert client.cookies["gmphub"] != login.secret_sha256
        assert "somebody" not in attempt.account_hash
        assert "testclient" not in attempt.address_hash

    def test_the_machines_account_cannot_log_in(self, client: TestClient) -> None:
        assert log_in(client, "anything at all", "operator") == 401


@pytest.mark.usefixtures("somebody")
class TestCrossing:
    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Sec-Fetch-Site": "none"},
            {"Origin": "null"},
            {"Origin": "https://elsewhere.test"},
            {"Origin": "http://testserver.elsewhere.test"},
            {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
        ],
    )
    def test_a_change_by_cookie_from_elsewhere_is_refused(self, client: TestClient, headers: dict[str, str]) -> None:
        log_in(client)
        assert client.delete("/api/v1/session", headers=headers).status_code == 403
        assert client.get("/api/v1/me").status_code == 200

    def test_from_our_own_pages_it_is_done(self, client: TestClient) -> None:
        log_in(client)
        assert client.delete("/api/v1/session", headers={"Origin": "http://testserver"}).status_code == 204


def new_token(label: str = "script", days: int = 30) -> dict[str, str | int]:
    return {"label": label, "days": days}


class TestKeys:
    def test_a_new_key_works_until_it_is_ended(self, client: TestClient, somebody: Account) -> None:
        headers = {**somebody.headers, "Idempotency-Key": "k-1"}
        made = client.post("/api/v1/tokens", json=new_token(), headers=headers).json()
        by_key = {"Authorization": f"Bearer {made['secret']}"}
        assert client.get("/api/v1/me", headers=by_key).status_code == 200
        address = f"/api/v1/tokens/{made['id']}"
        seen = client.get(address, headers=by_key).headers["etag"]
        assert client.delete(address, headers=by_key).status_code == 428
        assert client.delete(address, headers={**by_key, "If-Match": '"v9"'}).status_code == 412
        assert client.delete(address, headers={**by_key, "If-Match": seen}).status_code == 204
        assert client.get("/api/v1/me", headers=by_key).status_code == 401

    def test_sent_twice_it_is_made_once_and_the_secret_is_not_kept(
        self, session: Session, client: TestClient, somebody: Account
    ) -> None:
        headers, body = {**somebody.headers, "Idempotency-Key": "k-2"}, new_token()
        first = client.post("/api/v1/tokens", json=body, headers=headers)
        again = client.post("/api/v1/tokens", json=body, headers=headers)
        assert (first.status_code, again.status_code) == (201, 201)
        assert again.headers["idempotent-replayed"] == "true"
        assert again.json() == {**first.json(), "secret": None}
        act_as(session, OPERATOR)
        assert session.scalar(select(func.count()).where(ApiToken.label == "script")) == 1
        act_as(session, Subject(PersonId(somebody.person.id)))
        stored = session.scalars(select(IdempotentAnswer)).one()
        assert first.json()["secret"].encode() not in stored.body

    def test_another_body_under_the_same_key_is_refused(self, client: TestClient, somebody: Account) -> None:
        headers = {**somebody.headers, "Idempotency-Key": "k-3"}
        client.post("/api/v1/tokens", json=new_token(), headers=headers)
        answer = client.post("/api/v1/tokens", json=new_token("other"), headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-key-reused")

    def test_keys_of_different_persons_do_not_meet(
        self, session: Session, client: TestClient, somebody: Account
    ) -> None:
        other = account(session, "other", Role.AUDITOR)
        for caller in (somebody, other):
            headers = {**caller.headers, "Idempotency-Key": "the-same"}
            assert client.post("/api/v1/tokens", json=new_token(), headers=headers).json()["secret"]

    @pytest.mark.parametrize("days", [0, 367])
    def test_a_term_in_the_past_or_too_long_is_refused(self, client: TestClient, somebody: Account, days: int) -> None:
        headers = {**somebody.headers, "Idempotency-Key": "k-4"}
        answer = client.post("/api/v1/tokens", json=new_token(days=days), headers=headers)
        assert (answer.status_code, answer.json()["errors"][0]["where"]) == (422, "/days")

    def test_without_an_idempotency_key_nothing_is_made(self, client: TestClient, somebody: Account) -> None:
        assert client.post("/api/v1/tokens", json=new_token(), headers=somebody.headers).status_code == 422

    @pytest.mark.parametrize("field", ["id", "version", "person_id", "scopes", "secret", "revoked_at"])
    def test_fields_of_the_server_cannot_be_sent(self, client: TestClient, somebody: Account, field: str) -> None:
        headers = {**somebody.headers, "Idempotency-Key": "k-5"}
        answer = client.post("/api/v1/tokens", json={**new_token(), field: "x"}, headers=headers)
        assert (answer.status_code, answer.json()["errors"][0]["where"]) == (422, f"/{field}")
