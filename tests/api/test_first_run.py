"""An installation without an administrator gets one by a word that is shown once and used once; there is no default account."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from registry.access.subject import OPERATOR
from registry.database import act_as
from registry.models import ApiToken, Membership, Person
from registry.seeding.persons import ON_THE_PLATFORM, ROLE_AT_HOME
from registry.services import first_run
from registry.services.first_run import ACCOUNT, LABEL, first_word
from registry.services.logins import set_password
from registry.vocabulary.lifecycle import DataSet
from registry.vocabulary.roles import Role
from tests.api.conftest import account, keep
from tests.api.world import PASSWORD

pytestmark = pytest.mark.database
ADDRESS = "/api/v1/session/first-administrator"


def word_of(session: Session) -> str:
    act_as(session, OPERATOR)
    word = first_word(session)
    assert word is not None
    keep(session)
    return word


def claimed(client: TestClient, word: str, password: str = PASSWORD) -> int:
    return client.post(ADDRESS, json={"word": word, "password": password}).status_code


def test_the_word_makes_the_first_administrator_once(session: Session, client: TestClient) -> None:
    word = word_of(session)
    assert claimed(client, word) == 204
    assert client.get("/api/v1/me").json()["account"] == ACCOUNT
    client.cookies.clear()
    assert claimed(client, word, "another sentence to remember") == 401
    assert client.post("/api/v1/session", json={"account": ACCOUNT, "password": PASSWORD}).status_code == 204


def test_the_persons_of_a_rehearsal_are_in_nobodys_way(session: Session) -> None:
    act_as(session, OPERATOR)
    for code in {*ROLE_AT_HOME, *ON_THE_PLATFORM, "delegate"}:
        session.add(Person(code=code, data_set=DataSet.REHEARSAL))
    administrator = session.scalars(select(Person).where(Person.code == "administrator")).one()
    session.add(Membership(person_id=administrator.id, role=Role.ADMINISTRATOR))
    session.flush()
    assert first_word(session) is not None


def test_sabotage_a_word_that_is_not_used_up_opens_again(
    session: Session, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = word_of(session)
    monkeypatch.setattr(first_run, "revoke_token", lambda *_: None)
    assert [claimed(client, word), claimed(client, word)] == [204, 204]


def test_as_a_key_it_opens_nothing(session: Session, client: TestClient) -> None:
    headers = {"Authorization": f"Bearer {word_of(session)}"}
    assert [
        client.get(f"/api/v1{path}", headers=headers).status_code for path in ("/me", "/facilities", "/accounts")
    ] == [
        403,
        403,
        403,
    ]


def test_a_key_that_is_labelled_like_one_is_no_word(session: Session, client: TestClient) -> None:
    owner = account(session, "owner", Role.COORDINATOR)
    headers = {**owner.headers, "Idempotency-Key": "x"}
    made = client.post("/api/v1/tokens", json={"label": LABEL, "days": 1}, headers=headers)
    assert made.status_code == 201
    assert claimed(client, made.json()["secret"]) == 401


def test_it_ends_after_a_day(session: Session, client: TestClient) -> None:
    word = word_of(session)
    act_as(session, OPERATOR)
    left = session.scalars(select(ApiToken.expires_at - func.now()).where(ApiToken.label == LABEL)).one()
    assert left == timedelta(days=1)
    session.execute(
        update(ApiToken).where(ApiToken.label == LABEL).values(expires_at=func.now() - timedelta(seconds=1))
    )
    keep(session)
    assert claimed(client, word) == 401


def test_a_new_one_ends_the_old_and_the_account_stays_one(session: Session, client: TestClient) -> None:
    old, new = word_of(session), word_of(session)
    act_as(session, OPERATOR)
    assert session.scalar(select(func.count()).where(Person.code == ACCOUNT)) == 1
    assert [claimed(client, old), claimed(client, new)] == [401, 204]


def test_a_short_password_leaves_the_word_good(session: Session, client: TestClient) -> None:
    word = word_of(session)
    assert claimed(client, word, "short") == 422
    assert claimed(client, word) == 204


def test_where_somebody_is_administrator_there_is_no_word(session: Session) -> None:
    chief = account(session, "chief", Role.ADMINISTRATOR)
    act_as(session, OPERATOR)
    assert first_word(session) is not None
    set_password(session, OPERATOR, chief.person, PASSWORD)
    session.flush()
    assert first_word(session) is None
