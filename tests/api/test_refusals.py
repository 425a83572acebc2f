"""What is wrong is refused with what, where and what to do, and with every fault at once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from registry.access.subject import OPERATOR
from registry.models import Organisation, Suite, Term
from registry.queries.premises import calendar_version
from registry.vocabulary.roles import Role
from tests.api import bodies, records
from tests.api.conftest import Account, account, keep
from tests.factories.facilities import added, facility, organisation, site, suite

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

    def test_a_period_begins_this_week_or_later(
        self, session: Session, client: TestClient, rooms: Suite, planner: Account
    ) -> None:
        path = f"/api/v1/facilities/{rooms.facility_id}/starts/closed_automated/period"
        seen = calendar_version(session, OPERATOR, rooms.facility_id)
        headers = {**planner.headers, "If-Match": f'"v{seen}"'}
        over = {"starts": str(MONDAY - WEEK), "ends": str(MONDAY + timedelta(days=1)), "starts_per_week": 1}
        assert faults(client.put(path, json=over, headers=headers)) == ["/starts", "/ends"]
        right = {"starts": str(MONDAY), "ends": str(MONDAY + WEEK), "starts_per_week": 1}
        assert client.put(path, json=right, headers=headers).status_code == 200

    @pytest.mark.parametrize(
        ("weeks", "places"),
        [([{"monday": "2027-01-04", "starts_per_week": -1}], ["/weeks/0/starts_per_week"]), ([], ["/weeks"])],
    )
    def test_a_bad_week_is_one_fault(
        self, session: Session, client: TestClient, rooms: Suite, planner: Account, weeks: list[Any], places: list[str]
    ) -> None:
        assert faults(self.stated(session, client, rooms, planner, weeks)) == places


class TestWords:
    """Words of a product and of its process, as long as there are word lists."""

    @pytest.fixture
    def developer(self, session: Session, owner: Organisation) -> Account:
        lists = {
            "process_families": "car_t_autologous",
            "platforms": "closed_automated",
            "qc_methods": "sterility",
            "equipment_classes": "isolator",
        }
        for name, code in lists.items():
            added(session, Term(vocabulary=name, code=code, title=code, source="test"))
        return account(session, "the developer", Role.DEVELOPER, owner.id)

    def test_a_family_is_one_of_the_list_and_the_nearest_is_named(
        self, client: TestClient, owner: Organisation, developer: Account
    ) -> None:
        body = {**bodies.PRODUCT, "organisation_id": str(owner.id)}
        assert post(client, "/products", {**body, "family": "car_t_autologous"}, developer).status_code == 201
        refused = post(client, "/products", {**body, "family": "car_t_autologus"}, developer)
        assert faults(refused) == ["/family"]
        assert "near: car_t_autologous" in refused.json()["detail"]

    def test_platform_methods_and_equipment_of_a_process_all_at_once(
        self, session: Session, client: TestClient, owner: Organisation, developer: Account
    ) -> None:
        path = f"/products/{records.process_of(session, owner).product_id}/processes"
        keep(session)
        right = {**bodies.PROCESS, "qc_methods": ["sterility"], "steps": [{"equipment": ["isolator"]}]}
        assert post(client, path, right, developer).status_code == 201
        wrong = {
            **bodies.PROCESS,
            "platform": "closed",
            "qc_methods": ["sterility", "sterile"],
            "steps": [{}, {"equipment": ["isolator", "isolated"]}],
        }
        assert faults(post(client, path, wrong, developer)) == ["/platform", "/qc_methods/1", "/steps/1/equipment/1"]

    def test_countries_are_those_of_the_standard_everywhere(
        self, session: Session, client: TestClient, owner: Organisation, developer: Account
    ) -> None:
        centre = {**bodies.centre(), "organisation_id": str(owner.id), "country": "ZZ"}
        assert faults(post(client, "/collection-centres", centre, developer)) == ["/country"]
        asked = {**bodies.REQUEST, "process_version_id": str(records.process_of(session, owner).id)}
        keep(session)
        places = [bodies.PLACE, {**bodies.PLACE, "country": "UK"}]
        refused = post(client, "/requests", {**asked, "places": places}, developer)
        assert faults(refused) == ["/places/1/country"]
        assert "near: GB" in refused.json()["detail"]
        assert (
            post(client, "/requests", {**asked, "places": [{**bodies.PLACE, "country": "US"}]}, developer).status_code
            == 201
        )


class TestCodes:
    """A code that another record of the same kind has."""

    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("suites", bodies.SUITE),
            ("certificates", bodies.CERTIFICATE),
            ("non-compliances", bodies.NON_COMPLIANCE),
            ("permits", bodies.PERMIT),
            ("authorisations", None),
        ],
    )
    def test_it_is_taken_within_the_facility_and_free_in_another(
        self, session: Session, client: TestClient, owner: Organisation, rooms: Suite, qa: Account, path: str, body: Any
    ) -> None:
        other = records.site_of(session, owner)
        keep(session)
        body = body or bodies.authorisation(owner.id)
        made = post(client, f"/sites/{rooms.site_id}/{path}", body, qa)
        assert made.status_code == 201
        refused = post(client, f"/sites/{rooms.site_id}/{path}", body, qa)
        assert (faults(refused), body["code"] in refused.json()["detail"]) == (["/code"], True)
        assert post(client, f"/sites/{other.id}/{path}", body, qa).status_code == 201
        again = client.put(
            f"/api/v1/{path}/{made.json()['id']}", json=body, headers={**qa.headers, "If-Match": made.headers["etag"]}
        )
        assert again.status_code == 200

    def test_of_a_site_too_and_when_it_is_changed(self, client: TestClient, rooms: Suite, qa: Account) -> None:
        path = f"/facilities/{rooms.facility_id}/sites"
        made = post(client, path, bodies.SITE, qa)
        assert (made.status_code, faults(post(client, path, bodies.SITE, qa))) == (201, ["/code"])
        second = post(client, path, {**bodies.SITE, "code": "S-second"}, qa)
        headers = {**qa.headers, "If-Match": second.headers["etag"]}
        assert faults(client.put(f"/api/v1/sites/{second.json()['id']}", json=bodies.SITE, headers=headers)) == [
            "/code"
        ]


class TestPlaces:
    """Where a fault is: a pointer into what was sent, or the name of a parameter."""

    def test_of_a_policy_without_sense(self, client: TestClient, coordinator: Account) -> None:
        tiers = [{"placed": 1}, {}, {"plaiced": 1, "placed": 2}]
        refused = post(client, "/policies", {**bodies.POLICY, "tiers": tiers}, coordinator)
        assert sorted(faults(refused)) == ["/tiers/1", "/tiers/2/placed", "/tiers/2/plaiced"]

    def test_of_half_a_place(self, client: TestClient, rooms: Suite, qa: Account) -> None:
        body = {**bodies.SITE, "latitude": 50.0}
        assert faults(post(client, f"/facilities/{rooms.facility_id}/sites", body, qa)) == ["/longitude"]

    def test_of_a_deputy(self, client: TestClient, owner: Organisation, qa: Account) -> None:
        body = {"role": "qa", "person_id": str(qa.person.id), "reason": "away"}
        assert faults(post(client, f"/organisations/{owner.id}/deputies", body, qa)) == ["/person_id"]
