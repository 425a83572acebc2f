"""Passwords: chosen by their owner with a word an administrator gave, changed with the old one, set by nobody else."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from registry.access.subject import OPERATOR
from registry.cli.main import app as command
from registry.database import act_as
from registry.models import AuditEvent, IdempotentAnswer, Invitation, LoginSession, Person
from registry.services import invitations
from registry.services.invitations import LASTS
from registry.services.logins import GUESSES_FROM_AN_ADDRESS, LONGEST_PASSWORD, SHORTEST_PASSWORD, set_password
from registry.vocabulary.roles import Role
from tests.api.conftest import Account, account, keep
from tests.api.world import PASSWORD

pytestmark = pytest.mark.database
NEW = "another sentence to remember"


@dataclass(frozen=True, slots=True)
class Desk:
    """An administrator and somebody without a password."""

    session: Session
    client: TestClient
    chief: Account
    somebody: Account

    def invited(self, key: str = "i-1") -> str:
        answer = self.client.post(
            f"/api/v1/accounts/{self.somebody.person.id}/invitations",
            json={},
            headers={**self.chief.headers, "Idempotency-Key": key},
        )
        assert answer.status_code == 201, answer.text
        word: str = answer.json()["word"]
        return word

    def accepted(self, word: str, password: str = PASSWORD, name: str = "somebody") -> int:
        body = {"account": name, "word": word, "password": password}
        return self.client.post("/api/v1/invitations/accept", json=body).status_code

    def logged_in(self, password: str = PASSWORD) -> int:
        return self.client.post("/api/v1/session", json={"account": "somebody", "password": password}).status_code

    def change(self, path: str, state: str) -> int:
        tag = self.client.get(path, headers=self.chief.headers).headers["etag"]
        body = {"closed": state == "closed", "reason": "left"}
        headers = {**self.chief.headers, "If-Match": tag}
        if state == "erased":
            return self.client.delete(path, headers=headers).status_code
        return self.client.put(f"{path}/state", json=body, headers=headers).status_code


@pytest.fixture
def desk(session: Session, client: TestClient) -> Desk:
    return Desk(session, client, account(session, "chief", Role.ADMINISTRATOR), account(session, "somebody"))


class TestInvitation:
    def test_the_owner_chooses_a_password_with_it_once_and_logs_in(self, desk: Desk) -> None:
        word = desk.invited()
        assert desk.accepted(word) == 204
        assert desk.client.get("/api/v1/me").json()["account"] == "somebody"
        assert desk.accepted(word, NEW) == 401
        assert (desk.logged_in(NEW), desk.logged_in()) == (401, 204)

    def test_sabotage_a_word_that_is_not_used_up_opens_again(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        word = desk.invited()
        monkeypatch.setattr(invitations, "withdraw_invitations", lambda *_: None)
        assert [desk.accepted(word), desk.accepted(word)] == [204, 204]

    def test_every_other_login_of_the_account_ends(self, desk: Desk) -> None:
        act_as(desk.session, OPERATOR)
        set_password(desk.session, OPERATOR, desk.somebody.person, NEW)
        keep(desk.session)
        word = desk.invited()
        assert desk.logged_in(NEW) == 204, "until the word is used, the old password is good"
        with TestClient(create_app()) as elsewhere:
            body = {"account": "somebody", "word": word, "password": PASSWORD}
            assert elsewhere.post("/api/v1/invitations/accept", json=body).status_code == 204
        assert desk.client.get("/api/v1/me").status_code == 401

    @pytest.mark.parametrize(("left", "status"), [(timedelta(seconds=1), 204), (timedelta(0), 401)])
    def test_it_ends_after_a_week(self, desk: Desk, left: timedelta, status: int) -> None:
        word = desk.invited()
        act_as(desk.session, OPERATOR)
        assert desk.session.scalars(select(Invitation.expires_at - func.now())).one() == LASTS == timedelta(days=7)
        desk.session.execute(update(Invitation).values(expires_at=func.now() + left))
        keep(desk.session)
        assert desk.accepted(word) == status

    def test_a_new_one_withdraws_the_former(self, desk: Desk) -> None:
        old, new = desk.invited("i-1"), desk.invited("i-2")
        assert [desk.accepted(old), desk.accepted(new)] == [401, 204]

    @pytest.mark.parametrize("state", ["closed", "erased"])
    def test_a_closed_account_gets_none_and_loses_what_it_had(self, desk: Desk, state: str) -> None:
        word, path = desk.invited(), f"/api/v1/accounts/{desk.somebody.person.id}"
        assert desk.change(path, state) in (200, 204)
        refused = desk.client.post(
            f"{path}/invitations", json={}, headers={**desk.chief.headers, "Idempotency-Key": "i-2"}
        )
        assert (refused.status_code, refused.json()["errors"][0]["what"]) == (422, "the account is closed")
        if state == "closed":
            assert desk.accepted(word) == 401
            assert desk.change(path, "open") == 200
        assert desk.accepted(word) == 401

    def test_a_word_is_good_for_its_own_account_alone(self, desk: Desk) -> None:
        account(desk.session, "other")
        word = desk.invited()
        assert [desk.accepted(word, name="other"), desk.accepted(word)] == [401, 204]

    def test_wrong_word_unknown_account_and_closed_account_look_the_same(self, desk: Desk) -> None:
        gone = account(desk.session, "gone").person
        gone.disabled_at = gone.created_at
        keep(desk.session)
        desk.invited()
        answers = {
            desk.client.post(
                "/api/v1/invitations/accept",
                json={"account": name, "word": "wrong", "password": password},
                headers={"X-Request-Id": "the-same-id"},
            ).content
            for name in ("somebody", "nobody-at-all", "gone", "operator")
            for password in (PASSWORD, "short")
        }
        assert len(answers) == 1

    def test_guesses_are_counted_with_those_at_the_password(self, desk: Desk) -> None:
        word = desk.invited()
        assert [desk.accepted("wrong") for _ in range(GUESSES_FROM_AN_ADDRESS)] == [401] * GUESSES_FROM_AN_ADDRESS
        assert (desk.accepted(word), desk.logged_in()) == (429, 429)

    @pytest.mark.parametrize(
        ("password", "status"),
        [
            ("x" * (SHORTEST_PASSWORD - 1), 422),
            ("x" * SHORTEST_PASSWORD, 204),
            ("x" * LONGEST_PASSWORD, 204),
            ("Name of Somebody", 422),
        ],
    )
    def test_the_password_is_as_strong_as_any(self, desk: Desk, password: str, status: int) -> None:
        word = desk.invited()
        assert desk.accepted(word, password) == status
        if status == 422:
            assert desk.accepted(word) == 204, "a refused password leaves the word good"

    def test_nobody_invites_themselves_or_the_machine(self, desk: Desk) -> None:
        for person, status in ((desk.chief.person.id, 422), (OPERATOR.person, 404)):
            answer = desk.client.post(
                f"/api/v1/accounts/{person}/invitations",
                json={},
                headers={**desk.chief.headers, "Idempotency-Key": str(person)},
            )
            assert answer.status_code == status

    def test_the_word_stands_nowhere_and_each_step_in_the_trail(self, desk: Desk) -> None:
        word = desk.invited()
        again = desk.client.post(
            f"/api/v1/accounts/{desk.somebody.person.id}/invitations",
            json={},
            headers={**desk.chief.headers, "Idempotency-Key": "i-1"},
        )
        assert (again.status_code, again.json()["word"]) == (201, None)
        desk.accepted(word)
        act_as(desk.session, OPERATOR)
        events = desk.session.scalars(
            select(AuditEvent).where(AuditEvent.record_type == "invitation").order_by(AuditEvent.sequence)
        ).all()
        assert [event.action for event in events] == ["invite", "accept invitation"]
        assert "word_sha256" not in str([event.new for event in events])
        act_as(desk.session, OPERATOR)
        assert desk.session.scalars(select(Invitation.word_sha256)).one() != word
        kept = desk.session.scalars(select(IdempotentAnswer.body)).all()
        assert all(word.encode() not in body for body in kept)

    def test_another_site_cannot_use_a_visitors_browser_for_it(self, desk: Desk) -> None:
        body = {"account": "somebody", "word": desk.invited(), "password": PASSWORD}
        answer = desk.client.post("/api/v1/invitations/accept", json=body, headers={"Sec-Fetch-Site": "cross-site"})
        assert (answer.status_code, answer.json()["code"]) == (403, "cross-site")


@pytest.mark.usefixtures("desk")
class TestOwnPassword:
    @pytest.fixture(autouse=True)
    def known(self, desk: Desk) -> None:
        act_as(desk.session, OPERATOR)
        set_password(desk.session, OPERATOR, desk.somebody.person, PASSWORD)
        keep(desk.session)

    def changed(self, client: TestClient, current: str = PASSWORD, new: str = NEW, **headers: str) -> tuple[int, str]:
        sent = {"Sec-Fetch-Site": "same-origin", **headers}
        answer = client.put("/api/v1/me/password", json={"current": current, "new": new}, headers=sent)
        return answer.status_code, answer.text and answer.json()["code"]

    def test_it_is_changed_here_and_ends_every_other_login(self, desk: Desk) -> None:
        desk.logged_in()
        with TestClient(create_app()) as elsewhere:
            elsewhere.post("/api/v1/session", json={"account": "somebody", "password": PASSWORD})
            assert self.changed(desk.client) == (204, "")
            assert elsewhere.get("/api/v1/me").status_code == 401
        assert desk.client.get("/api/v1/me").status_code == 200
        assert (desk.logged_in(), desk.logged_in(NEW)) == (401, 204)

    def test_a_key_changes_it_without_getting_a_login(self, desk: Desk) -> None:
        assert self.changed(desk.client, **desk.somebody.headers) == (204, "")
        assert "gmphub" not in desk.client.cookies
        assert desk.logged_in(NEW) == 204

    def test_a_wrong_one_changes_nothing(self, desk: Desk) -> None:
        desk.logged_in()
        assert self.changed(desk.client, current="wrong") == (403, "wrong-password")
        assert desk.client.get("/api/v1/me").status_code == 200
        assert (desk.logged_in(NEW), desk.logged_in()) == (401, 204)

    @pytest.mark.parametrize("new", ["x" * (SHORTEST_PASSWORD - 1), "SOMEBODY and", "name of somebody"])
    def test_a_weak_one_changes_nothing(self, desk: Desk, new: str) -> None:
        desk.logged_in()
        expected = (204, "") if new == "SOMEBODY and" else (422, "invalid-input")
        assert self.changed(desk.client, new=new) == expected
        assert desk.client.get("/api/v1/me").status_code == 200

    def test_it_withdraws_a_word_that_is_open(self, desk: Desk) -> None:
        word = desk.invited()
        assert self.changed(desk.client, **desk.somebody.headers) == (204, "")
        assert desk.accepted(word) == 401

    def test_an_administrator_has_no_way_to_set_one(self) -> None:
        document = create_app().openapi()
        for path, operations in document["paths"].items():
            if not path.startswith("/api/v1/accounts"):
                continue
            for operation in operations.values():
                body = operation.get("requestBody", {"content": {"application/json": {"schema": {"$ref": ""}}}})
                name = body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
                assert "password" not in document["components"]["schemas"].get(name, {}).get("properties", {}), path


class TestCommand:
    def test_the_word_stands_alone_on_the_last_line(self, desk: Desk) -> None:
        answer = CliRunner().invoke(command, ["--as", "chief", "account", "invite", "somebody"])
        assert answer.exit_code == 0, answer.output
        act_as(desk.session, OPERATOR)
        assert desk.accepted(answer.stdout.splitlines()[-1]) == 204

    def test_the_operator_may_and_who_is_no_administrator_may_not(self, desk: Desk) -> None:
        assert CliRunner().invoke(command, ["account", "invite", "somebody"]).exit_code == 0
        refused = CliRunner().invoke(command, ["--as", "somebody", "account", "invite", "chief"])
        assert refused.exit_code != 0
        act_as(desk.session, OPERATOR)
        people = desk.session.scalars(select(Person.code).join(Invitation, Invitation.person_id == Person.id)).all()
        assert people == ["somebody"]
        assert desk.session.scalars(select(LoginSession)).all() == []
