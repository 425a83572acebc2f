"""What a caller is told it may do, it may: by its roles, by the scopes of its key, and by what operations there are."""

from pathlib import Path

import pytest
from pydantic import JsonValue
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api import key_limits
from api.allowed import NOTHING_TO_DO
from api.app import create_app
from api.key_limits import ELSEWHERE, narrowed
from api.scopes import FAMILIES
from registry.access.permissions import Permission
from registry.access.subject import OPERATOR
from registry.database import act_as
from registry.services.accounts import issue_token
from registry.vocabulary.roles import Role
from tests.api import records
from tests.api.conftest import Account, account, keep
from tests.factories.facilities import facility, organisation

pytestmark = pytest.mark.database
ROOT = Path(__file__).parents[2]
CONSENT = {Permission.ANSWER_OFFER}


def limited(session: Session, who: Account, *scopes: str) -> dict[str, str]:
    act_as(session, OPERATOR)
    secret = issue_token(session, OPERATOR, who.person, "limited", None, scopes)
    keep(session)
    return {"Authorization": f"Bearer {secret}"}


@pytest.mark.parametrize(
    ("scopes", "actions"),
    [((), ["close"]), (("read", "rounds:write"), ["close"]), (("read",), []), (("read", "runs:write"), [])],
)
def test_a_round_says_what_this_key_may(
    session: Session, client: TestClient, scopes: tuple[str, ...], actions: list[str]
) -> None:
    coordinator = account(session, "the-coordinator", Role.COORDINATOR)
    held = records.round_of(session)
    headers = limited(session, coordinator, *scopes)
    told = client.get(f"/api/v1/rounds/{held.id}", headers=headers).json()["actions"]
    assert "close" in told if actions else told == []
    (line,) = client.get("/api/v1/rounds", headers=headers).json()["items"]
    assert line["actions"] == told
    status = client.post(
        f"/api/v1/rounds/{held.id}/close", headers={**headers, "Idempotency-Key": "x", "If-Match": '"v1"'}
    ).status_code
    assert (status == 403) == (told == [])


def test_sabotage_without_that_place_a_reading_key_is_told_it_may_close(
    session: Session, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_limits, "narrowed", lambda answer, *_: answer)
    held = records.round_of(session)
    headers = limited(session, account(session, "the-coordinator", Role.COORDINATOR), "read")
    assert "close" in client.get(f"/api/v1/rounds/{held.id}", headers=headers).json()["actions"]


def test_a_facility_says_family_by_family_what_this_key_may(session: Session, client: TestClient) -> None:
    act_as(session, OPERATOR)
    owner = organisation(session)
    premises = facility(session, owner)
    qa = account(session, "the-qa", Role.QA, owner.id)
    address = f"/api/v1/facilities/{premises.id}/record"
    whole = client.get(address, headers=limited(session, qa)).json()
    assert {"change", "add_site", "edit_licences", "attest_licences"} <= set(whole["actions"])
    assert whole["moves"]
    part = client.get(address, headers=limited(session, qa, "read", "licences:write")).json()
    assert (part["actions"], part["moves"]) == (["edit_licences"], [])
    assert {**part, "actions": 0, "moves": 0} == {**whole, "actions": 0, "moves": 0}


def test_an_answer_that_is_sent_again_says_what_this_key_may(session: Session, client: TestClient) -> None:
    coordinator = account(session, "the-coordinator", Role.COORDINATOR)
    held = records.round_of(session)
    keep(session)
    sent = {"Idempotency-Key": "same", "If-Match": client.get(f"/api/v1/rounds/{held.id}").headers["etag"]}
    address = f"/api/v1/rounds/{held.id}/close"
    first = client.post(address, headers={**coordinator.headers, **sent})
    assert first.json()["actions"] == ["calculate"]
    for scopes, actions in ((("rounds:write",), ["calculate"]), (("rounds:write", "read"), ["calculate"])):
        again = client.post(address, headers={**limited(session, coordinator, *scopes), **sent})
        assert (again.headers["idempotent-replayed"], again.json()["actions"]) == ("true", actions)


def test_only_lists_of_actions_are_narrowed() -> None:
    answer: JsonValue = {
        "actions": "none",
        "items": [{"actions": ["close"], "moves": 3}],
        "moves": {"actions": ["close"]},
    }
    assert narrowed(answer, "rounds", frozenset({"read"})) == {
        "actions": "none",
        "items": [{"actions": [], "moves": 3}],
        "moves": {"actions": []},
    }


def test_every_family_is_one_of_a_scope() -> None:
    assert {family for (family, _), _ in ELSEWHERE.items()} | set(ELSEWHERE.values()) <= set(FAMILIES)


class TestMay:
    @pytest.mark.parametrize("role", [Role.PLANNER, Role.DEVELOPER])
    def test_nothing_is_offered_that_no_operation_does(self, session: Session, client: TestClient, role: Role) -> None:
        who = account(session, "somebody", role, organisation(session).id)
        told = client.get("/api/v1/me", headers=who.headers).json()["may"]
        assert "read the directory" in told
        assert not {one.value for one in NOTHING_TO_DO} & set(told)

    def test_what_is_left_out_is_asked_for_by_no_operation(self) -> None:
        assert create_app().openapi()["paths"]
        code = "".join(
            path.read_text(encoding="utf-8")
            for folder in ("api/routes", "registry/services", "registry/matching")
            for path in (ROOT / folder).rglob("*.py")
        )
        assert [one for one in NOTHING_TO_DO - CONSENT if f"Permission.{one.name}" in code] == []
