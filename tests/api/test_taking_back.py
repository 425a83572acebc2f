"""What was entered by mistake is taken back; what something rests on stays, and the trail keeps all of it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from registry.access.subject import OPERATOR
from registry.database import act_as
from registry.models import AuditEvent, Booking, Confirmation, Equipment, Organisation, StartsStatement
from registry.queries.premises import calendar_version
from registry.vocabulary.lifecycle import BookingKind, BookingState, ConfirmationSubject, DataSet
from registry.vocabulary.roles import Role
from tests.api import records
from tests.api.calls_of_wishes import lot_of
from tests.api.conftest import Account, account, keep
from tests.api.sent import FIRST
from tests.factories.facilities import added, organisation
from tests.factories.requests import process, product, request

pytestmark = pytest.mark.database
TODAY = datetime.now(UTC).date()
MONDAY = TODAY - timedelta(days=TODAY.weekday())
WEEK = timedelta(weeks=1)


@pytest.fixture
def owner(session: Session) -> Organisation:
    made = organisation(session)
    keep(session)
    return made


@pytest.fixture
def qa(session: Session, owner: Organisation) -> Account:
    return account(session, "the qa", Role.QA, owner.id)


@pytest.fixture
def planner(session: Session, owner: Organisation) -> Account:
    return account(session, "the planner", Role.PLANNER, owner.id)


@pytest.fixture
def developer(session: Session, owner: Organisation) -> Account:
    return account(session, "the developer", Role.DEVELOPER, owner.id)


def delete(client: TestClient, path: str, who: Account, seen: str = FIRST) -> Any:
    return client.delete(f"/api/v1{path}", headers={**who.headers, "If-Match": seen})


def refused(answer: Any) -> str:
    """What a refusal (409) says is in the way."""
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong-state"), answer.text
    return str(answer.json()["detail"])


def deletions(session: Session, key: Any) -> int:
    """How many deletions of a record the trail holds."""
    act_as(session, OPERATOR)
    question = select(func.count()).where(AuditEvent.record_id == key, AuditEvent.new.is_(None))
    return session.scalar(question) or 0


def booked(session: Session, devices: Equipment) -> Booking:
    """A stay in the suite of some equipment, confirmed."""
    owner = {"facility_id": devices.facility_id, "organisation_id": devices.organisation_id}
    days = {"starts": MONDAY, "ends": MONDAY + WEEK, "lane": 1, "stay_id": uuid4(), "data_set": DataSet.LIVE}
    kinds = {"kind": BookingKind.OWN, "state": BookingState.CONFIRMED}
    return added(session, Booking(**owner, **days, **kinds, suite_id=devices.suite_id))


class TestPremises:
    """Sites, suites and equipment."""

    def test_a_site_goes_once_nothing_stands_on_it(
        self, session: Session, client: TestClient, owner: Organisation, qa: Account
    ) -> None:
        rooms = records.suite_of(session, owner)
        keep(session)
        assert "suites (1)" in refused(delete(client, f"/sites/{rooms.site_id}", qa))
        assert delete(client, f"/suites/{rooms.id}", qa).status_code == 204
        assert delete(client, f"/sites/{rooms.site_id}", qa).status_code == 204
        assert delete(client, f"/sites/{rooms.site_id}", qa).status_code == 404
        assert (deletions(session, rooms.id), deletions(session, rooms.site_id)) == (1, 1)

    def test_legal_records_keep_their_site(
        self, session: Session, client: TestClient, owner: Organisation, qa: Account
    ) -> None:
        permit = records.permit_of(session, owner)
        keep(session)
        assert "permits (1)" in refused(delete(client, f"/sites/{permit.site_id}", qa))

    def test_stays_and_equipment_keep_their_suite_and_live_stays_its_equipment(
        self, session: Session, client: TestClient, owner: Organisation, qa: Account
    ) -> None:
        devices = records.equipment_of(session, owner)
        stay = booked(session, devices)
        keep(session)
        said = refused(delete(client, f"/suites/{devices.suite_id}", qa))
        assert "stays (1), records of equipment (1)" in said
        assert "stays in its suite (1)" in refused(delete(client, f"/equipment/{devices.id}", qa))
        act_as(session, OPERATOR)
        stay.state = BookingState.CANCELLED
        keep(session)
        assert delete(client, f"/equipment/{devices.id}", qa).status_code == 204
        assert "stays (1)" in refused(delete(client, f"/suites/{devices.suite_id}", qa))

    def test_only_the_version_that_was_seen_goes(
        self, session: Session, client: TestClient, owner: Organisation, qa: Account
    ) -> None:
        rooms = records.suite_of(session, owner)
        keep(session)
        assert delete(client, f"/suites/{rooms.id}", qa, '"v2"').status_code == 412
        assert client.delete(f"/api/v1/suites/{rooms.id}", headers=qa.headers).status_code == 428


LEGAL: dict[str, tuple[Any, str]] = {
    "authorisations": (records.authorisation_of, "valid_to"),
    "certificates": (records.certificate_of, "withdrawn_on"),
    "non-compliances": (records.non_compliance_of, "closed_on"),
    "permits": (records.permit_of, "valid_to"),
}


@pytest.mark.parametrize("kind", LEGAL)
def test_a_legal_record_goes_until_it_was_attested_and_is_then_ended(
    session: Session, client: TestClient, owner: Organisation, qa: Account, kind: str
) -> None:
    make, field = LEGAL[kind]
    first, second = make(session, owner), make(session, owner)
    signed = {"subject": ConfirmationSubject.LEGAL, "confirmed_on": TODAY, "confirmed_by": qa.person.id}
    added(session, Confirmation(facility_id=second.facility_id, organisation_id=owner.id, **signed))
    keep(session)
    assert delete(client, f"/{kind}/{first.id}", qa).status_code == 204
    said = refused(delete(client, f"/{kind}/{second.id}", qa))
    assert (f"attested on {TODAY}" in said, f"give {field}" in said) == (True, True)


class TestCalendar:
    """Limits and what is stated of a platform."""

    def seen(self, session: Session, key: Any) -> str:
        act_as(session, OPERATOR)
        return f'"v{calendar_version(session, OPERATOR, key)}"'

    def test_a_limit_goes_on_the_calendar_that_was_seen(
        self, session: Session, client: TestClient, owner: Organisation, planner: Account
    ) -> None:
        limit, other = records.limit_of(session, owner), records.limit_of(session, owner)
        keep(session)
        path = f"/facilities/{limit.facility_id}/limits"
        assert delete(client, f"{path}/{limit.id}", planner, '"v1"').status_code == 412
        assert delete(client, f"{path}/{other.id}", planner, self.seen(session, limit.facility_id)).status_code == 404
        assert delete(client, f"{path}/{limit.id}", planner, self.seen(session, limit.facility_id)).status_code == 204
        assert client.get(f"/api/v1{path}", headers=planner.headers).json()["items"] == []

    @pytest.mark.parametrize(
        ("starts", "left"), [(MONDAY - WEEK, [(MONDAY - WEEK, MONDAY)]), (MONDAY, []), (MONDAY + WEEK, [])]
    )
    def test_what_is_stated_of_a_platform_goes_from_this_week_on(
        self,
        session: Session,
        client: TestClient,
        owner: Organisation,
        planner: Account,
        starts: date,
        left: list[tuple[date, date]],
    ) -> None:
        row = records.starts_of(session, owner)
        row.starts = starts
        keep(session)
        of, platform = row.facility_id, row.platform
        path = f"/facilities/{of}/starts"
        assert delete(client, f"{path}/other", planner, self.seen(session, of)).status_code == 404
        gone = delete(client, f"{path}/{platform}", planner, self.seen(session, of))
        assert gone.status_code == 204
        act_as(session, OPERATOR)
        session.expire_all()
        kept = session.execute(select(StartsStatement.starts, StartsStatement.ends)).all()
        assert [tuple(one) for one in kept] == left
        again = delete(client, f"{path}/{platform}", planner, self.seen(session, of))
        assert again.status_code == (409 if left else 404)


def test_a_product_goes_until_somebody_asks_for_it(
    session: Session, client: TestClient, owner: Organisation, developer: Account
) -> None:
    first, second, third = (product(session, owner) for _ in range(3))
    process(session, first)
    request(session, process(session, second))
    lot_of(session, owner, product_id=third.id)
    keep(session)
    assert delete(client, f"/products/{first.id}", developer).status_code == 204
    assert "requests (1)" in refused(delete(client, f"/products/{second.id}", developer))
    assert "lots of material (1)" in refused(delete(client, f"/products/{third.id}", developer))


class TestHistoryOfWhatIsGone:
    """The history of a closure that was taken back."""

    def history(self, client: TestClient, key: Any, who: Account) -> Any:
        return client.get(f"/api/v1/closures/{key}/history?as_known_on={TODAY}", headers=who.headers)

    def test_its_owner_and_the_auditor_read_it_and_nobody_else(
        self, session: Session, client: TestClient, owner: Organisation, planner: Account
    ) -> None:
        closure = records.closure_of(session, owner)
        keep(session)
        others = {
            "stranger": account(session, "stranger", Role.PLANNER, organisation(session).id),
            "coordinator": account(session, "coordinator", Role.COORDINATOR),
            "administrator": account(session, "administrator", Role.ADMINISTRATOR),
        }
        auditor = account(session, "auditor", Role.AUDITOR)
        assert delete(client, f"/closures/{closure.id}", planner).status_code == 204
        for who in (planner, auditor):
            told = self.history(client, closure.id, who)
            assert (told.status_code, [item["action"] for item in told.json()["items"]][:1]) == (
                200,
                ["remove closure"],
            )
            assert told.json()["known"]["columns"] is None
        assert {
            name: self.history(client, closure.id, who).status_code for name, who in others.items()
        } == dict.fromkeys(others, 404)

    def test_what_never_was_has_none(self, client: TestClient, planner: Account) -> None:
        assert self.history(client, uuid4(), planner).status_code == 404


def test_a_process_tells_its_steps_and_loads(
    session: Session, client: TestClient, owner: Organisation, developer: Account
) -> None:
    made = product(session, owner)
    keep(session)
    path = f"/api/v1/products/{made.id}/processes"
    steps = [
        {"mode": "open", "background": "B", "equipment": [], "days_held": None},
        {"mode": "closed", "background": "D", "equipment": ["isolator", "incubator"], "days_held": 3},
    ]
    loads = [
        {"kind": "certifications", "amount": 1, "moment": "end", "delay_days": 14},
        {"kind": "operators", "amount": 2, "moment": "each", "delay_days": 0},
    ]
    body = {"platform": "closed_automated", "stay_days": 12, "steps": steps, "loads": loads}
    answer = client.post(path, json=body, headers={**developer.headers, "Idempotency-Key": uuid4().hex})
    assert (answer.status_code, answer.json()["steps"], answer.json()["loads"]) == (201, steps, loads)
    first = client.post(
        path, json={"platform": "x", "stay_days": 1}, headers={**developer.headers, "Idempotency-Key": uuid4().hex}
    )
    assert (first.json()["steps"], first.json()["loads"]) == ([], [])
    items = client.get(path, headers=developer.headers).json()["items"]
    assert [(item["steps"], item["loads"]) for item in items] == [([], []), (steps, loads)]
