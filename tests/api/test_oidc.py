"""Logging in at an identity provider that runs as a process of its own: there, back, and every way it must not go."""

import base64
import hashlib
import time
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from registry.access.subject import OPERATOR
from registry.database import act_as
from registry.errors import InvalidInputError
from registry.models import LoginSession, Signature
from registry.services import oidc
from registry.services.oidc import Begun, Client, ProviderError, begin, finish, link_identity
from registry.services.policies import policy_content
from registry.services.signatures import content_sha256
from registry.vocabulary.roles import Role
from tests.api import records
from tests.api.conftest import account, keep
from tests.api.provider import START, SUBJECT, agree, sent, told

pytestmark = [pytest.mark.database, pytest.mark.xdist_group("oidc")]

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def linked(session: Session, provided: str) -> str:
    """An account that the provider's subject may log in to."""
    somebody = account(session, "somebody", Role.AUDITOR)
    act_as(session, OPERATOR)
    link_identity(session, OPERATOR, somebody.person, provided, SUBJECT)
    keep(session)
    return provided


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


@dataclass(frozen=True, slots=True)
class Signing:
    """A browser that is logged in by the provider, and a policy its person may approve."""

    client: TestClient
    issuer: str
    policy: UUID
    content: str

    def proved(self, auth_time: int | str, content: str = "") -> int:
        """Go to the provider and back to prove once more who it is; return the status of coming back."""
        told(self.issuer, auth_time)
        begun = self.client.post(
            "/api/v1/session/oidc/signature", json={"content_sha256": content or self.content}, headers=SAME_SITE
        )
        assert begun.status_code == 200, begun.text
        asked = parse_qs(urlsplit(begun.json()["address"]).query)
        assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
        return self.client.get(agree(begun.json()["address"]), follow_redirects=False).status_code

    def approved(self, key: str = "approve-1") -> int:
        """Approve the policy without a password; return the status."""
        read = self.client.get(f"/api/v1/policies/{self.policy}")
        sent = {**SAME_SITE, "If-Match": read.headers["etag"], "Idempotency-Key": key}
        body = {"content_sha256": self.content, "reason": "agreed in the board"}
        return self.client.post(f"/api/v1/policies/{self.policy}/approve", json=body, headers=sent).status_code


@pytest.fixture
def signing(session: Session, client: TestClient, provided: str) -> Signing:
    somebody = account(session, "somebody", Role.COORDINATOR)
    act_as(session, OPERATOR)
    link_identity(session, OPERATOR, somebody.person, provided, SUBJECT)
    policy = records.policy_of(session)
    keep(session)
    told(provided, int(time.time()))
    assert client.get(agree(sent(client)), follow_redirects=False).status_code == 303
    return Signing(client, provided, policy.id, content_sha256(policy_content(policy)))


def test_who_proves_it_again_signs_once(session: Session, signing: Signing) -> None:
    assert signing.approved() == 403
    assert signing.proved(int(time.time())) == 303
    assert signing.approved("approve-2") == 200
    act_as(session, OPERATOR)
    assert session.scalars(select(Signature.method).where(Signature.record_id == signing.policy)).all() == ["oidc"]
    assert signing.approved("approve-3") == 403


@pytest.mark.parametrize("auth_time", ["not told", -60, -3600])
def test_an_older_login_is_no_proof(signing: Signing, auth_time: int | str) -> None:
    since = int(time.time()) + auth_time if isinstance(auth_time, int) else auth_time
    assert signing.proved(since) == 502
    assert signing.approved() == 403


def test_sabotage_without_looking_at_the_time_it_would_be(signing: Signing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oidc, "_check_login", lambda *_: None)
    assert signing.proved(int(time.time()) - 60) == 303
    assert signing.approved() == 200


def test_a_proof_is_for_what_was_shown(signing: Signing) -> None:
    assert signing.proved(int(time.time()), "0" * 64) == 303
    assert signing.approved() == 403


def test_a_proof_of_another_identity_is_none(session: Session, signing: Signing) -> None:
    other = account(session, "other", Role.COORDINATOR)
    act_as(session, OPERATOR)
    link_identity(session, OPERATOR, other.person, signing.issuer, "other@institute")
    keep(session)
    told(signing.issuer, int(time.time()), "other@institute")
    body = {"content_sha256": signing.content}
    begun = signing.client.post("/api/v1/session/oidc/signature", json=body, headers=SAME_SITE)
    back = agree(begun.json()["address"], "other@institute")
    assert signing.client.get(back, follow_redirects=False).status_code == 401
    assert signing.approved() == 403


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


@pytest.mark.parametrize("lacks", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize("said", [None, "", 7, "javascript:alert(1)"])
def test_a_provider_that_does_not_say_where_is_said(
    provided: str, monkeypatch: pytest.MonkeyPatch, lacks: str, said: object
) -> None:
    known = Client(provided, "gmphub", "known to both", "http://testserver/api/v1/session/oidc/callback")
    whole = oidc._metadata(provided)
    begun = begin(known)
    back = agree(begun.address)
    without = {name: value for name, value in whole.items() if name != lacks} | ({} if said is None else {lacks: said})
    monkeypatch.setattr(oidc, "_metadata", lambda _issuer: without)
    with pytest.raises(oidc.ProviderError, match=f"does not say its {lacks}"):
        finish(known, begin(known), back) if lacks == "authorization_endpoint" else finish(known, begun, back)


def test_a_login_at_such_a_provider_is_refused_in_a_sentence(
    client: TestClient, provided: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = oidc._metadata(provided)
    monkeypatch.setattr(oidc, "_metadata", lambda _issuer: whole | {"authorization_endpoint": None})
    answer = client.get(START, follow_redirects=False)
    assert (answer.status_code, answer.json()["code"]) == (502, "provider-failed")
