"""Linking an identity of a provider to one's own account, and every way it must not go."""

import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from registry.access.subject import OPERATOR
from registry.database import act_as
from registry.services.logins import set_password
from registry.services.oidc import link_identity
from registry.vocabulary.roles import Role
from tests.api.conftest import account, keep
from tests.api.provider import SUBJECT, agree, sent

pytestmark = [pytest.mark.database, pytest.mark.xdist_group("oidc")]
PASSWORD = "a sentence that is easy to remember"


@pytest.fixture
def logged_in(session: Session, client: TestClient, provided: str) -> str:
    """Somebody with a local account, logged in on this browser, whose identity nobody knows yet."""
    somebody = account(session, "somebody", Role.AUDITOR)
    set_password(session, OPERATOR, somebody.person, PASSWORD)
    keep(session)
    assert client.post("/api/v1/session", json={"account": "somebody", "password": PASSWORD}).status_code == 204
    return provided


def begun(client: TestClient) -> str:
    answer = client.post("/api/v1/me/identities", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 200, answer.text
    address: str = answer.json()["address"]
    return address


@pytest.mark.usefixtures("logged_in")
def test_an_identity_is_linked_to_ones_own_account_and_then_logs_in(client: TestClient) -> None:
    assert client.get(agree(begun(client)), follow_redirects=False).status_code == 303
    (linked,) = client.get("/api/v1/me/identities").json()["items"]
    assert linked["subject"] == SUBJECT
    client.cookies.clear()
    client.get(agree(sent(client)), follow_redirects=False)
    assert client.get("/api/v1/me").json()["account"] == "somebody"
    headers = {"If-Match": '"v1"', "Sec-Fetch-Site": "same-origin"}
    assert client.delete(f"/api/v1/me/identities/{linked['id']}", headers=headers).status_code == 204
    client.cookies.clear()
    assert client.get(agree(sent(client)), follow_redirects=False).status_code == 401


@pytest.mark.usefixtures("logged_in")
def test_whoever_is_no_longer_logged_in_is_linked_to_nothing(client: TestClient) -> None:
    back = agree(begun(client))
    assert client.delete("/api/v1/session", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 204
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
