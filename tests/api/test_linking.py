"""Linking an identity of a provider to one's own account, and every way it must not go."""

import time
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api.routes import oidc
from registry.access.subject import OPERATOR
from registry.database import act_as
from registry.services.logins import set_password
from registry.services.oidc import link_identity
from registry.vocabulary.roles import Role
from tests.api.conftest import account, keep
from tests.api.provider import SUBJECT, agree, sent, told

pytestmark = [pytest.mark.database, pytest.mark.xdist_group("oidc")]
PASSWORD = "a sentence that is easy to remember"
SECOND = "second@institute"
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def logged_in(session: Session, client: TestClient, provided: str) -> str:
    """Somebody with a local account, logged in on this browser, whose identity nobody knows yet."""
    somebody = account(session, "somebody", Role.AUDITOR)
    set_password(session, OPERATOR, somebody.person, PASSWORD)
    keep(session)
    assert client.post("/api/v1/session", json={"account": "somebody", "password": PASSWORD}).status_code == 204
    told(provided, int(time.time()))
    return provided


@pytest.fixture
def by_provider(session: Session, client: TestClient, provided: str) -> str:
    """Somebody without a password, logged in on this browser by the provider."""
    somebody = account(session, "somebody", Role.AUDITOR)
    act_as(session, OPERATOR)
    link_identity(session, OPERATOR, somebody.person, provided, SUBJECT)
    keep(session)
    assert client.get(agree(sent(client)), follow_redirects=False).status_code == 303
    for subject in (SUBJECT, SECOND):
        told(provided, int(time.time()), subject)
    return provided


def asked(client: TestClient, password: str | None = PASSWORD) -> httpx2.Response:
    return client.post("/api/v1/me/identities", json={"password": password}, headers=SAME_SITE)


def begun(client: TestClient, password: str | None = PASSWORD) -> str:
    answer = asked(client, password)
    assert answer.status_code == 200, answer.text
    address: str = answer.json()["address"]
    return address


def linked(client: TestClient) -> set[str]:
    return {one["subject"] for one in client.get("/api/v1/me/identities").json()["items"]}


@pytest.mark.usefixtures("logged_in")
def test_an_identity_is_linked_to_ones_own_account_and_then_logs_in(client: TestClient) -> None:
    assert client.get(agree(begun(client)), follow_redirects=False).status_code == 303
    (known,) = client.get("/api/v1/me/identities").json()["items"]
    assert known["subject"] == SUBJECT
    client.cookies.clear()
    client.get(agree(sent(client)), follow_redirects=False)
    assert client.get("/api/v1/me").json()["account"] == "somebody"
    headers = {**SAME_SITE, "If-Match": '"v1"'}
    assert client.delete(f"/api/v1/me/identities/{known['id']}", headers=headers).status_code == 204
    client.cookies.clear()
    assert client.get(agree(sent(client)), follow_redirects=False).status_code == 401


@pytest.mark.usefixtures("logged_in")
def test_whoever_is_no_longer_logged_in_is_linked_to_nothing(client: TestClient) -> None:
    back = agree(begun(client))
    assert client.delete("/api/v1/session", headers=SAME_SITE).status_code == 204
    assert client.get(back, follow_redirects=False).status_code == 401


def test_a_link_begun_by_one_is_not_finished_by_another(session: Session, client: TestClient, logged_in: str) -> None:
    other = account(session, "other", Role.AUDITOR)
    set_password(session, OPERATOR, other.person, PASSWORD)
    keep(session)
    back = agree(begun(client))
    client.post("/api/v1/session", json={"account": "other", "password": PASSWORD})
    assert client.get(back, follow_redirects=False).status_code == 401
    assert client.get("/api/v1/me/identities").json()["items"] == []


def test_an_identity_of_another_account_is_not_taken(session: Session, client: TestClient, logged_in: str) -> None:
    owner = account(session, "owner", Role.AUDITOR)
    act_as(session, OPERATOR)
    link_identity(session, OPERATOR, owner.person, logged_in, SUBJECT)
    keep(session)
    assert client.get(agree(begun(client)), follow_redirects=False).status_code == 422


@pytest.mark.usefixtures("logged_in")
@pytest.mark.parametrize("password", [None, "a sentence somebody guesses"])
def test_an_open_browser_alone_links_nothing(client: TestClient, password: str | None) -> None:
    assert asked(client, password).status_code == 403
    assert client.get(agree(sent(client)), follow_redirects=False).status_code == 401
    assert linked(client) == set()


@pytest.mark.usefixtures("logged_in")
def test_sabotage_without_the_password_the_next_at_the_browser_could_log_in(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oidc, "check_password", lambda *_: None)
    client.get(agree(begun(client, "a sentence somebody guesses")), follow_redirects=False)
    assert linked(client) == {SUBJECT}


@pytest.mark.usefixtures("logged_in")
def test_too_many_wrong_passwords_close_this_way_too(client: TestClient) -> None:
    for number in range(5):
        body = {"account": "somebody", "password": f"guess number {number}"}
        assert client.post("/api/v1/session", json=body, headers=SAME_SITE).status_code == 401
    answer = asked(client)
    assert (answer.status_code, "retry-after" in answer.headers) == (429, True)


def test_the_identity_to_link_is_proved_now(client: TestClient, logged_in: str) -> None:
    told(logged_in, int(time.time()) - 60)
    address = begun(client)
    assert parse_qs(urlsplit(address).query)["prompt"] == ["login"]
    assert client.get(agree(address), follow_redirects=False).status_code == 502
    assert linked(client) == set()


@pytest.mark.usefixtures("by_provider")
def test_without_a_password_an_identity_linked_before_is_proved_first(client: TestClient) -> None:
    first = client.get(agree(begun(client, None)), follow_redirects=False)
    assert (first.status_code, linked(client)) == (303, {SUBJECT})
    last = client.get(agree(first.headers["location"], SECOND), follow_redirects=False)
    assert (last.status_code, linked(client)) == (303, {SUBJECT, SECOND})


@pytest.mark.usefixtures("by_provider")
def test_an_identity_not_linked_yet_proves_nothing(client: TestClient) -> None:
    first = client.get(agree(begun(client, None), SECOND), follow_redirects=False)
    assert (first.status_code, linked(client)) == (401, {SUBJECT})


def test_a_login_of_an_hour_ago_proves_nothing(client: TestClient, by_provider: str) -> None:
    told(by_provider, int(time.time()) - 3600)
    first = client.get(agree(begun(client, None)), follow_redirects=False)
    assert (first.status_code, linked(client)) == (502, {SUBJECT})


@pytest.mark.usefixtures("by_provider")
def test_sabotage_without_that_proof_a_stranger_is_linked(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oidc, "_check_own", lambda *_: None)
    first = client.get(agree(begun(client, None), SECOND), follow_redirects=False)
    client.get(agree(first.headers["location"], SECOND), follow_redirects=False)
    assert linked(client) == {SUBJECT, SECOND}
