"""Keys limited to scopes, short-lived tokens, and logins that end: each holds from the next call on."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api import access_tokens
from registry.access.subject import OPERATOR
from registry.database import act_as
from registry.models import LoginSession, Membership
from registry.services.logins import LOGIN_IDLES, LOGIN_LASTS, set_password
from registry.vocabulary.roles import Role
from tests.api.conftest import Account, account, keep

pytestmark = pytest.mark.database
PASSWORD = "a sentence that is easy to remember"


@pytest.fixture
def owner(session: Session) -> Account:
    return account(session, "owner", Role.COORDINATOR)


def key(client: TestClient, owner: Account, *scopes: str) -> dict[str, str]:
    body = {"label": "machine", "days": 30, "scopes": list(scopes)}
    headers = {**owner.headers, "Idempotency-Key": f"k {scopes}"[:20].replace(" ", "-")}
    made: dict[str, str] = client.post("/api/v1/tokens", json=body, headers=headers).json()
    return made


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def exchange(client: TestClient, made: dict[str, str], scope: str = "") -> tuple[int, dict[str, str]]:
    form = {
        "grant_type": "client_credentials",
        "client_id": made["id"],
        "client_secret": made["secret"],
        "scope": scope,
    }
    answer = client.post("/api/v1/oauth/token", data=form)
    return answer.status_code, answer.json()


def test_a_key_to_read_does_not_write(client: TestClient, owner: Account) -> None:
    headers = {**bearer(key(client, owner, "read")["secret"]), "Idempotency-Key": "x"}
    assert client.get("/api/v1/requests", headers=headers).status_code == 200
    refused = client.post(
        "/api/v1/policies", json={"code": "p", "title": "P", "tiers": [{"placed": 1}]}, headers=headers
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "scope-missing")
    assert "policies:write" in refused.headers["www-authenticate"]


def test_a_key_to_write_one_family_writes_it_and_no_other(client: TestClient, owner: Account) -> None:
    headers = {**bearer(key(client, owner, "policies:write")["secret"]), "Idempotency-Key": "x"}
    body = {"code": "p", "title": "P", "tiers": [{"placed": 1}]}
    assert client.post("/api/v1/policies", json=body, headers=headers).status_code == 201
    assert client.get("/api/v1/requests", headers=headers).status_code == 403
    assert client.post("/api/v1/tokens", json={"label": "x", "days": 1}, headers=headers).status_code == 403


def test_unknown_scopes_are_refused(client: TestClient, owner: Account) -> None:
    body = {"label": "machine", "days": 30, "scopes": ["everything"]}
    headers = {**owner.headers, "Idempotency-Key": "x"}
    assert client.post("/api/v1/tokens", json=body, headers=headers).status_code == 422


def test_a_token_in_exchange_works_and_ends_with_its_key(client: TestClient, owner: Account) -> None:
    made = key(client, owner)
    status, token = exchange(client, made)
    assert (status, token["token_type"]) == (200, "Bearer")
    assert client.get("/api/v1/me", headers=bearer(token["access_token"])).json()["account"] == "owner"
    address = f"/api/v1/tokens/{made['id']}"
    assert client.delete(address, headers={**owner.headers, "If-Match": '"v1"'}).status_code == 204
    assert client.get("/api/v1/me", headers=bearer(token["access_token"])).status_code == 401
    assert exchange(client, made)[0] == 401


def test_a_token_is_never_more_than_its_key(client: TestClient, owner: Account) -> None:
    made = key(client, owner, "read", "policies:write")
    _, narrowed = exchange(client, made, "read")
    assert narrowed["scope"] == "read"
    headers = {**bearer(narrowed["access_token"]), "Idempotency-Key": "x"}
    assert client.post("/api/v1/policies", json={}, headers=headers).status_code == 403
    assert exchange(client, made, "rounds:write")[0] == 403


def test_a_limited_key_makes_no_key_that_may_more(client: TestClient, owner: Account) -> None:
    limited = bearer(key(client, owner, "account:write", "read")["secret"])
    for number, (scopes, status) in enumerate([([], 403), (["read", "rounds:write"], 403), (["read"], 201)]):
        headers = {**limited, "Idempotency-Key": f"made-{number}"}
        body = {"label": "second", "days": 1, "scopes": scopes}
        assert client.post("/api/v1/tokens", json=body, headers=headers).status_code == status


def test_a_changed_token_and_an_old_one_are_refused(
    client: TestClient, owner: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, token = exchange(client, key(client, owner))
    good = token["access_token"]
    content, _, signature = good.rpartition(".")
    changed = f"{content}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"
    assert client.get("/api/v1/me", headers=bearer(changed)).status_code == 401
    monkeypatch.setattr(access_tokens, "LASTS_SECONDS", -1)
    assert client.get("/api/v1/me", headers=bearer(good)).status_code == 401


def test_a_role_that_is_taken_away_is_gone_on_the_next_call(
    session: Session, client: TestClient, owner: Account
) -> None:
    headers = {**owner.headers, "Idempotency-Key": "x"}
    assert "coordinator" in client.get("/api/v1/me", headers=headers).text
    act_as(session, OPERATOR)
    session.delete(session.scalars(select(Membership).where(Membership.person_id == owner.person.id)).one())
    keep(session)
    assert client.post("/api/v1/policies", json={}, headers=headers).status_code == 403


def moved(session: Session, began: timedelta, left: timedelta) -> None:
    """Put the one login at another point of its life; the trigger that stamps rows stands aside for it."""
    act_as(session, OPERATOR)
    session.execute(text("savepoint before"))
    now = session.scalars(text("select now()")).one()
    session.execute(update(LoginSession).values(ends_at=now + left, created_at=now - began))
    keep(session)


@pytest.fixture
def logged_in(session: Session, client: TestClient, owner: Account) -> TestClient:
    act_as(session, OPERATOR)
    set_password(session, OPERATOR, owner.person, PASSWORD)
    keep(session)
    assert client.post("/api/v1/session", json={"account": "owner", "password": PASSWORD}).status_code == 204
    return client


def ends(session: Session) -> timedelta:
    act_as(session, OPERATOR)
    session.expire_all()
    login = session.scalars(select(LoginSession)).one()
    now: datetime = session.scalars(text("select now()")).one()
    return login.ends_at - now


def test_a_login_that_is_used_goes_on(session: Session, logged_in: TestClient) -> None:
    moved(session, timedelta(0), LOGIN_IDLES / 2)
    assert logged_in.get("/api/v1/me").status_code == 200
    assert ends(session) == LOGIN_IDLES


def test_a_login_that_is_not_used_ends(session: Session, logged_in: TestClient) -> None:
    moved(session, timedelta(0), timedelta(seconds=-1))
    assert logged_in.get("/api/v1/me").status_code == 401


def test_no_login_outlasts_twelve_hours() -> None:
    assert timedelta(hours=12) == LOGIN_LASTS
    assert LOGIN_IDLES < LOGIN_LASTS
