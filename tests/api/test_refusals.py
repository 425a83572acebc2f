"""What is wrong is refused with what, where and what to do, and with every fault at once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from registry.access.subject import OPERATOR
from registry.models import Organisation, Suite
from registry.queries.premises import calendar_version
from registry.vocabulary.roles import Role
from tests.api import bodies, records
from tests.api.conftest import Account, account, keep
from tests.factories.facilities import facility, organisation, site, suite

pytestmark = pytest.mark.database
TODAY = datetime.now(UTC).date()
MONDAY = TODAY - timedelta(days=TODAY.weekday())
WEEK = timedelta(weeks=1)


def faults(answer: Any) -> list[str]:
    """The places of the faults of a refusal (422)."""
    assert answer.status_code == 422, answer.text
    return [fault["where"] for fault in answer.json()["errors"]]


def post(client: TestClient, path: str, body: Any, who: Account) -> Any:
    return client.post(f"/api/v1{path}", json=body, headers={**who.headers, "Idempotency-Key": uuid4().hex})


@pytest.fixture
def owner(session: Session) -> Organisation:
    made = organisation(session)
    keep(session)
    return made


@pytest.fixture
def rooms(session: Session, owner: Organisation) -> Suite:
    made = suite(session, site(session, facility(session, owner)))
    keep(session)
    return made


@pytest.fixture
def planner(session: Session, owner: Organisation) -> Account:
    return account(session, "the planner", Role.PLANNER, owner.id)


@pytest.fixture
def qa(session: Session, owner: Organisation) -> Account:
    return account(session, "the qa", Role.QA, owner.id)


@pytest.fixture
def coordinator(session: Session) -> Account:
    return account(session, "the coordinator", Role.COORDINATOR)


class TestRounds:
    """Rounds by their days."""

    def opened(self, session: Session, client: TestClient, who: Account, **days: Any) -> Any:
        body = bodies.round_body(records.policy_of(session).id, uuid4().hex[:12])
        keep(session)
        return post(client, "/rounds", {**body, **days}, who)

    def test_a_round_that_begins_on_a_monday_and_closes_later(
        self, session: Session, client: TestClient, coordinator: Account
    ) -> None:
        days = {"origin": str(MONDAY + WEEK), "closes_at": f"{TODAY + WEEK}T12:00:00Z"}
        assert self.opened(session, client, coordinator, **days).status_code == 201

    def test_another_day_and_an_end_before_the_beginning_are_told_at_once(
        self, session: Session, client: TestClient, coordinator: Account
    ) -> None:
        days = {"origin": str(MONDAY + timedelta(days=1)), "closes_at": "2020-01-01T12:00:00Z"}
        refused = self.opened(session, client, coordinator, **days)
        assert faults(refused) == ["/origin", "/closes_at"]
        assert "is a Tuesday; a round begins on a Monday" in refused.json()["detail"]

    def test_an_official_round_lies_ahead(self, session: Session, client: TestClient, coordinator: Account) -> None:
        days = {"kind": "period", "origin": str(MONDAY - WEEK), "known_on": str(MONDAY)}
        assert faults(self.opened(session, client, coordinator, **days)) == ["/origin", "/known_on"]


class TestImpact:
    """What a change would hit, asked with days and places that cannot be."""

    def test_days_that_end_before_they_start(
        self, session: Session, client: TestClient, rooms: Suite, planner: Account, qa: Account
    ) -> None:
        of = records.equipment_of(session, session.get_one(Organisation, rooms.organisation_id))
        licence = records.authorisation_of(session, session.get_one(Organisation, rooms.organisation_id))
        keep(session)
        for path in (f"/facilities/{rooms.facility_id}", f"/equipment/{of.id}", f"/authorisations/{licence.id}"):
            right = {"starts": "2027-01-04", "ends": "2027-01-05"}
            assert post(client, f"{path}/impact", right, planner).status_code == 200
            wrong = {"starts": "2027-01-04", "ends": "2027-01-04"}
            assert faults(post(client, f"{path}/impact", wrong, planner)) == ["/ends"]
            stranger = post(client, f"{path.rpartition('/')[0]}/{uuid4()}/impact", wrong, planner)
            assert stranger.status_code == 404

    def test_a_suite_of_somebody_else(
        self, session: Session, client: TestClient, rooms: Suite, planner: Account
    ) -> None:
        other = records.suite_of(session, organisation(session))
        keep(session)
        path, days = f"/facilities/{rooms.facility_id}/impact", {"starts": "2027-01-05", "ends": "2027-01-04"}
        assert post(client, path, {"starts": "2027-01-04", "suite_id": str(rooms.id)}, planner).status_code == 200
        assert faults(post(client, path, {**days, "suite_id": str(other.id)}, planner)) == ["/ends", "/suite_id"]


class TestWeeks:
    """Weeks stated in one call."""

    def stated(self, session: Session, client: TestClient, rooms: Suite, who: Account, weeks: list[Any]) -> Any:
        seen = calendar_version(session, OPERATOR, rooms.facility_id)
        path = f"/api/v1/facilities/{rooms.facility_id}/starts/closed_automated"
        return client.put(path, json={"weeks": weeks}, headers={**who.headers, "If-Match": f'"v{seen}"'})

    def week(self, monday: date, starts: int = 1) -> dict[str, Any]:
        return {"monday": str(monday), "starts_per_week": starts}

    def test_the_present_week_may_be_stated_one_that_is_over_or_named_twice_may_not(
        self, session: Session, client: TestClient, rooms: Suite, planner: Account
    ) -> None:
        over = [self.week(MONDAY - WEEK), self.week(MONDAY), self.week(MONDAY)]
        assert faults(self.stated(session, client, rooms, planner, over)) == ["/weeks/0/monday", "/weeks/2/monday"]
        assert self.stated(session, client, rooms, planner, [self.week(MONDAY)]).status_code == 200

    @pytest.mark.parametrize(
        ("weeks", "places"),
        [([{"monday": "2027-01-04", "starts_per_week": -1}], ["/weeks/0/starts_per_week"]), ([], ["/weeks"])],
    )
    def test_a_bad_week_is_one_fault(
        self, session: Session, client: TestClient, rooms: Suite, planner: Account, weeks: list[Any], places: list[str]
    ) -> None:
        assert faults(self.stated(session, client, rooms, planner, weeks)) == places
