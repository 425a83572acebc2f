"""Competence over HTTP: recorded by QA from nothing, read as far as each may, and what the matcher then knows."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from registry.access.subject import OPERATOR
from registry.database import act_as
from registry.matching.snapshot.facilities import facilities_of
from registry.matching.snapshot.period import Horizon
from registry.models import Facility
from registry.seeding import seed_vocabularies
from registry.vocabulary.lifecycle import DataSet
from registry.vocabulary.products import ProductClass
from registry.vocabulary.roles import Role
from tests.api import bodies
from tests.api.conftest import Account, account, keep
from tests.factories.facilities import facility, organisation, site, suite

pytestmark = pytest.mark.database
ORIGIN = date(2026, 11, 30)


@pytest.fixture
def made(session: Session) -> Facility:
    seed_vocabularies(session)
    return facility(session, name="House")


@pytest.fixture
def qa(session: Session, made: Facility) -> Account:
    return account(session, "qa", Role.QA, made.organisation_id)


@pytest.fixture
def developer(session: Session) -> Account:
    return account(session, "developer", Role.DEVELOPER, organisation(session).id)


def post(client: TestClient, address: str, body: Any, who: Account) -> Any:
    return client.post(f"/api/v1{address}", json=body, headers={**who.headers, "Idempotency-Key": uuid4().hex})


def put(client: TestClient, address: str, body: Any, who: Account, seen: str) -> Any:
    return client.put(f"/api/v1{address}", json=body, headers={**who.headers, "If-Match": seen})


def get(client: TestClient, address: str, who: Account) -> Any:
    return client.get(f"/api/v1{address}", headers=who.headers)


def known_to_the_matcher(session: Session, of: UUID) -> Any:
    keep(session)
    act_as(session, OPERATOR)
    code = session.get_one(Facility, of).code
    found = facilities_of(session, DataSet.LIVE, Horizon(ORIGIN, 26), ORIGIN)
    return next(one for one in found if one.id == code)


def test_what_qa_records_is_what_the_matcher_reads(
    session: Session, client: TestClient, made: Facility, qa: Account
) -> None:
    before = known_to_the_matcher(session, made.id)
    assert (before.experience, before.qc_methods, before.qp) == (frozenset(), frozenset(), None)
    address = f"/facilities/{made.id}"
    assert post(client, f"{address}/experience", bodies.EXPERIENCE, qa).status_code == 201
    assert post(client, f"{address}/qc-methods", bodies.QC_METHOD, qa).status_code == 201
    unknown = get(client, f"{address}/qp-cover", qa)
    assert (unknown.json()["classes"], unknown.headers["etag"]) == (None, '"v0"')
    told = put(client, f"{address}/qp-cover", bodies.COVER, qa, '"v0"')
    assert (told.status_code, told.headers["etag"], told.json()["names"]) == (200, '"v1"', ["Somebody"])
    assert put(client, f"{address}/qp-cover", bodies.COVER, qa, '"v0"').status_code == 412
    after = known_to_the_matcher(session, made.id)
    assert (after.experience, after.qc_contracted) == ({"til"}, {"sterility"})
    assert after.qp.classes == {ProductClass.TEP}


def test_a_developer_reads_what_helps_it_and_no_third_party(
    client: TestClient, made: Facility, qa: Account, developer: Account
) -> None:
    address = f"/facilities/{made.id}"
    post(client, f"{address}/experience", bodies.EXPERIENCE, qa)
    method = post(client, f"{address}/qc-methods", bodies.QC_METHOD, qa).json()
    put(client, f"{address}/qp-cover", bodies.COVER, qa, '"v0"')
    (experience,) = get(client, f"{address}/experience", developer).json()["items"]
    assert (experience["family"], experience["batches_made"], experience["actions"]) == ("til", 3, [])
    assert get(client, f"/qc-methods/{method['id']}", qa).json()["contracted_to"] == "A laboratory"
    assert get(client, f"/qc-methods/{method['id']}", developer).json()["contracted_to"] is None
    cover = get(client, f"{address}/qp-cover", developer).json()
    assert (cover["classes"], cover["here"], cover["holds"], cover["names"]) == (["TEP"], True, True, None)


def test_recorded_twice_is_refused_and_so_is_a_word_of_no_list(client: TestClient, made: Facility, qa: Account) -> None:
    address = f"/facilities/{made.id}/experience"
    assert post(client, address, bodies.EXPERIENCE, qa).status_code == 201
    assert post(client, address, bodies.EXPERIENCE, qa).status_code == 409
    refused = post(client, address, {"family": "nothing", "platform": "nowhere"}, qa)
    assert (refused.status_code, [fault["where"] for fault in refused.json()["errors"]]) == (
        422,
        ["/family", "/platform"],
    )


def test_what_its_own_people_hold_back_is_theirs_in_the_history(
    client: TestClient, made: Facility, qa: Account
) -> None:
    cover = put(client, f"/facilities/{made.id}/qp-cover", bodies.COVER, qa, '"v0"').json()
    told = get(client, f"/qp-covers/{cover['id']}/history?as_known_on={datetime.now(UTC).date()}", qa).json()
    assert told["known"]["columns"]["classes"] == ["TEP"]
    assert "names" not in told["known"]["columns"]
    assert post(client, f"/qp-covers/{cover['id']}/impact", bodies.DAYS, qa).json()["held"] == 0


def test_qa_stands_for_the_suites_as_they_were_shown(
    session: Session, client: TestClient, made: Facility, qa: Account
) -> None:
    act_as(session, OPERATOR)
    suite(session, site(session, made))
    keep(session)
    listed = get(client, f"/facilities/{made.id}/suites", qa)
    assert [one["confirmed_on"] for one in listed.json()["items"]] == [None]
    address = f"/api/v1/facilities/{made.id}/suite-confirmations"
    headers = {**qa.headers, "Idempotency-Key": "walked-through", "If-Match": listed.headers["etag"]}
    first, again = (client.post(address, json={}, headers=headers) for _ in range(2))
    assert [one["confirmed_on"] for one in first.json()["items"]] == [str(datetime.now(UTC).date())]
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (first.json(), "true")
    late = {**headers, "Idempotency-Key": "later"}
    assert client.post(address, json={}, headers=late).status_code == 412


def test_a_period_without_end_is_stated_in_one_call(session: Session, client: TestClient, made: Facility) -> None:
    planner = account(session, "planner", Role.PLANNER, made.organisation_id)
    address = f"/facilities/{made.id}/starts"
    seen = get(client, address, planner).headers["etag"]
    body = {**bodies.PERIOD, "starts": "2026-12-08", "ends": "2026-12-08", "starts_per_week": 2}
    refused = put(client, f"{address}/closed_automated/period", body, planner, seen)
    assert (refused.status_code, len(refused.json()["errors"])) == (422, 3)
    stated = put(client, f"{address}/closed_automated/period", bodies.PERIOD, planner, seen).json()["items"]
    assert [(one["starts"], one["ends"], one["starts_per_week"]) for one in stated] == [("2026-12-07", None, 2)]
