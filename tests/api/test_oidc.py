"""Logging in at an identity provider that runs as a process of its own: there, back, and every way it must not go."""

import base64
import hashlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from registry.access.subject import OPERATOR
from registry.database import act_as
from registry.errors import InvalidInputError
from registry.models import LoginSession
from registry.services import oidc
from registry.services.logins import set_password
from registry.services.oidc import Begun, Client, ProviderError, begin, finish, link_identity
from registry.vocabulary.roles import Role
from tests.api.conftest import account, keep

pytestmark = [pytest.mark.database, pytest.mark.xdist_group("oidc")]

SUBJECT = "person@institute"
PASSWORD = "a sentence that is easy to remember"
START = "/api/v1/session/oidc"
SERVE = "import warnings; warnings.simplefilter('ignore'); import oidc_provider_mock as mock; from wsgiref.simple_server import make_server; server = make_server('127.0.0.1', 0, mock.app(require_nonce=True)); print(server.server_port, flush=True); server.serve_forever()"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The address of a provider in a process of its own."""
    with subprocess.Popen(
        [sys.executable, "-c", SERVE], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        yield f"http://127.0.0.1:{port}"
        process.terminate()


@pytest.fixture
def provided(issuer: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The application knows that provider."""
    monkeypatch.setenv("GMPHUB_OIDC_ISSUER", issuer)
    monkeypatch.setenv("GMPHUB_OIDC_CLIENT_SECRET", "known to both")
    oidc._metadata.cache_clear()
    return issuer


@pytest.fixture
def linked(session: Session, provided: str) -> str:
    """An account that the provider's subject may log in to."""
    somebody = account(session, "somebody", Role.AUDITOR)
    act_as(session, OPERATOR)
    link_identity(session, OPERATOR, somebody.person, provided, SUBJECT)
    keep(session)
    return provided


def agree(address: str, subject: str = SUBJECT) -> str:
    """What a person does at the provider: agree; returns the address the browser is sent back to."""
    with httpx2.Client() as browser:
        answer = browser.post(address, data={"sub": subject})
    assert answer.status_code in (302, 303), answer.text
    back: str = answer.headers["location"]
    return back


def sent(client: TestClient) -> str:
    answer = client.get(START, follow_redirects=False)
    assert answer.status_code == 303
    address: str = answer.headers["location"]
    return address


def test_there_and_back_is_a_login(session: Session, client: TestClient, linked: str) -> None:
    address = sent(client)
    asked = parse_qs(urlsplit(address).query)
    assert address.startswith(linked)
    assert asked["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= asked.keys()
    back = client.get(agree(address), follow_redirects=False)
    assert (back.status_code, back.headers["location"]) == (303, "/")
    assert client.get("/api/v1/me").json()["account"] == "somebody"
    act_as(session, OPERATOR)
    assert session.scalars(select(LoginSession.method)).one() == "oidc"


@pytest.mark.usefixtures("linked")
def test_an_answer_counts_once(client: TestClient) -> None:
    back = agree(sent(client))
    assert client.get(back, follow_redirects=False).status_code == 303
    client.cookies.clear()
    assert client.get(back, follow_redirects=False).status_code == 502
    assert client.get("/api/v1/me").status_code == 401


@pytest.mark.usefixtures("linked")
def test_an_answer_to_another_browser_is_refused(client: TestClient) -> None:
    back = agree(sent(client))
    client.cookies.clear()
    sent(client)
    assert client.get(back, follow_redirects=False).status_code == 502


@pytest.mark.usefixtures("provided")
def test_an_identity_without_an_account_is_refused(client: TestClient) -> None:
    assert client.get(agree(sent(client)), follow_redirects=False).status_code == 401


def test_a_closed_account_is_refused(session: Session, client: TestClient, provided: str) -> None:
    closed = account(session, "closed", Role.AUDITOR)
    act_as(session, OPERATOR)
    link_identity(session, OPERATOR, closed.person, provided, SUBJECT)
    closed.person.disabled_at = closed.person.created_at
    keep(session)
    assert client.get(agree(sent(client)), follow_redirects=False).status_code == 401


def test_an_identity_is_linked_to_one_account(session: Session, linked: str) -> None:
    other = account(session, "other")
    act_as(session, OPERATOR)
    with pytest.raises(InvalidInputError):
        link_identity(session, OPERATOR, other.person, linked, SUBJECT)


def altered(begun: Begun, **other: Any) -> Begun:
    return replace(begun, **other)


@pytest.mark.parametrize("what", ["nonce", "state"])
def test_what_was_begun_must_come_back(provided: str, what: str) -> None:
    known = Client(provided, "gmphub", "known to both", "http://testserver/api/v1/session/oidc/callback")
    begun = begin(known)
    back = agree(begun.address)
    with pytest.raises(ProviderError):
        finish(known, altered(begun, **{what: "x" * 43}), back)


def test_the_challenge_is_the_hash_of_the_verifier(provided: str) -> None:
    begun = begin(Client(provided, "gmphub", "known to both", "http://testserver/back"))
    hashed = base64.urlsafe_b64encode(hashlib.sha256(begun.verifier.encode()).digest()).decode().rstrip("=")
    assert parse_qs(urlsplit(begun.address).query)["code_challenge"] == [hashed]


def test_with_all_of_it_the_subject_is_named(provided: str) -> None:
    known = Client(provided, "gmphub", "known to both", "http://testserver/api/v1/session/oidc/callback")
    begun = begin(known)
    assert finish(known, begun, agree(begun.address)) == SUBJECT


def test_a_provider_that_does_not_answer_is_said(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GMPHUB_OIDC_ISSUER", "http://127.0.0.1:9")
    oidc._metadata.cache_clear()
    answer = client.get(START, follow_redirects=False)
    assert (answer.status_code, answer.json()["code"]) == (502, "provider-failed")


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
