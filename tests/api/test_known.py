"""What ends soon, what was known when, and what waits for whom."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api.routes.me import LINKS
from registry.access.subject import OPERATOR
from registry.database import act_as
from registry.models import Policy
from registry.queries.waiting import WaitingKind
from registry.vocabulary.lifecycle import RequestState
from registry.vocabulary.roles import Role
from tests.api import records
from tests.api.conftest import Account, account, keep
from tests.factories.facilities import authorisation, facility, organisation, site

pytestmark = pytest.mark.database


def today() -> Any:
    return datetime.now(UTC).date()


def items(client: TestClient, address: str, who: Account) -> list[dict[str, Any]]:
    answer = client.get(f"/api/v1{address}", headers=who.headers)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


class TestExpiries:
    @pytest.fixture
    def house(self, session: Session) -> tuple[Any, Account]:
        owner = organisation(session)
        made = facility(session, owner, name="House")
        for days in (20, 80, 170, 181, -3):
            authorisation(session, site(session, made), valid_to=today() + timedelta(days=days))
        return made, account(session, "qa", Role.QA, owner.id)

    def test_each_rung_holds_what_is_nearer_and_nothing_beyond_180_days(
        self, client: TestClient, house: tuple[Any, Account]
    ) -> None:
        made, qa = house
        address = f"/facilities/{made.id}/expiries"
        rungs = [item["rung"] for item in items(client, address, qa)]
        assert rungs == [0, 30, 90, 180]
        for within, count in (("180", 4), ("90", 3), ("30", 2), ("0", 1)):
            assert len(items(client, f"{address}?within={within}", qa)) == count
        assert client.get(f"/api/v1{address}?within=45", headers=qa.headers).status_code == 422

    def test_the_list_over_all_is_of_those_one_is_inside_of(
        self, session: Session, client: TestClient, house: tuple[Any, Account]
    ) -> None:
        other = facility(session, name="Another")
        authorisation(session, site(session, other), valid_to=today())
        keep(session)
        _made, qa = house
        assert [(line["facility"], len(line["ends"])) for line in items(client, "/expiries", qa)] == [("House", 4)]
        coordinator = account(session, "coordinator", Role.COORDINATOR)
        assert [line["facility"] for line in items(client, "/expiries", coordinator)] == ["Another", "House"]


class TestHistory:
    def test_changes_come_newest_first_in_pages_and_a_day_before_knows_nothing(
        self, session: Session, client: TestClient
    ) -> None:
        owner = organisation(session)
        made = facility(session, owner, name="First name")
        qa = account(session, "qa", Role.QA, owner.id)
        act_as(session, OPERATOR)
        made.name = "Second name"
        keep(session)
        address = f"/api/v1/facilities/{made.id}/history"
        first = client.get(f"{address}?limit=1&as_known_on={today()}", headers=qa.headers)
        told = first.json()
        assert [(change["old"]["name"], change["new"]["name"]) for change in told["items"]] == [
            ("First name", "Second name")
        ]
        assert told["known"]["columns"]["name"] == "Second name"
        rest = client.get(first.links["next"]["url"], headers=qa.headers).json()["items"]
        assert [change["old"] for change in rest] == [None]
        yesterday = client.get(f"{address}?as_known_on={today() - timedelta(days=1)}", headers=qa.headers).json()
        assert yesterday["known"]["columns"] is None

    def test_of_a_competitor_there_is_none(self, session: Session, client: TestClient) -> None:
        planner = account(session, "planner", Role.PLANNER, organisation(session).id)
        hidden = records.suite_of(session, organisation(session))
        keep(session)
        assert client.get(f"/api/v1/suites/{hidden.id}/history", headers=planner.headers).status_code == 404

    def test_kinds_without_history_are_refused(self, session: Session, client: TestClient) -> None:
        somebody = account(session, "somebody")
        answer = client.get(f"/api/v1/accounts/{uuid4()}/history", headers=somebody.headers)
        assert answer.status_code == 422


class TestWaiting:
    def test_a_planner_confirms_and_qa_attests_and_renews(self, session: Session, client: TestClient) -> None:
        owner = organisation(session)
        made = facility(session, owner, name="House")
        authorisation(session, site(session, made), valid_to=today() + timedelta(days=10))
        planner, qa = account(session, "planner", Role.PLANNER, owner.id), account(session, "qa", Role.QA, owner.id)
        assert [line["kind"] for line in items(client, "/me/waiting", planner)] == ["calendar to confirm"]
        lines = items(client, "/me/waiting", qa)
        assert [line["kind"] for line in lines] == ["legal record to attest", "document that ends"]
        assert lines[0]["link"] == f"/api/v1/facilities/{made.id}/legal-record"
        assert client.get("/api/v1/me", headers=qa.headers).json()["waiting"] == 2
        headers = {**planner.headers, "Idempotency-Key": "still-true"}
        assert client.post(f"/api/v1/facilities/{made.id}/confirmations", json={}, headers=headers).status_code == 201
        assert items(client, "/me/waiting", planner) == []

    def test_requests_wait_for_whoever_moves_them_on(self, session: Session, client: TestClient) -> None:
        sponsor = organisation(session)
        returned = records.request_of(session, sponsor, RequestState.RETURNED)
        submitted = records.request_of(session, sponsor, RequestState.SUBMITTED)
        keep(session)
        developer = account(session, "developer", Role.DEVELOPER, sponsor.id)
        coordinator = account(session, "coordinator", Role.COORDINATOR)
        found = items(client, "/me/waiting", developer)
        assert [(line["kind"], line["record_id"]) for line in found] == [("request returned", str(returned.id))]
        found = items(client, "/me/waiting", coordinator)
        assert [line["kind"] for line in found] == ["request to screen", "urgency to review"]
        assert {line["record_id"] for line in found} == {str(submitted.id)}

    def test_an_urgency_that_one_reviewer_stated_waits_for_another(self, session: Session, client: TestClient) -> None:
        asked = records.request_of(session, organisation(session), RequestState.READY)
        keep(session)
        first, second = (account(session, name, Role.COORDINATOR) for name in ("first", "second"))
        headers = {**first.headers, "Idempotency-Key": "urgency", "If-Match": '"v1"'}
        body = {"urgency": 1, "reason": "children, no alternative"}
        assert client.post(f"/api/v1/requests/{asked.id}/urgency", json=body, headers=headers).status_code == 200
        assert items(client, "/me/waiting", first) == []
        assert [line["kind"] for line in items(client, "/me/waiting", second)] == ["urgency to review"]

    def test_every_kind_of_waiting_leads_somewhere(self) -> None:
        assert set(LINKS) == set(WaitingKind)

    def test_a_second_person_is_wanted_and_never_the_first(self, session: Session, client: TestClient) -> None:
        first, second = (account(session, name, Role.COORDINATOR) for name in ("first", "second"))
        act_as(session, OPERATOR)
        policy: Policy = records.policy_of(session, (first.person,))
        keep(session)
        assert items(client, "/me/waiting", first) == []
        assert [line["record_id"] for line in items(client, "/me/waiting", second)] == [str(policy.id)]

    def test_nobody_without_a_role_has_anything_to_do(self, session: Session, client: TestClient) -> None:
        records.request_of(session, organisation(session), RequestState.SUBMITTED)
        facility(session)
        keep(session)
        for name, role in (("nobody", None), ("auditor", Role.AUDITOR), ("administrator", Role.ADMINISTRATOR)):
            assert items(client, "/me/waiting", account(session, name, role)) == []
