"""What a sponsor wishes: kept in its order, and never told to the other side."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from registry.models import Request
from registry.services.auditing import record_act
from registry.vocabulary.lifecycle import DataSet, RequestState
from registry.vocabulary.roles import Role
from tests.api import records
from tests.api.calls_of_disclosures import judged
from tests.api.calls_of_wishes import lot_of
from tests.api.conftest import Account, account, keep
from tests.factories.facilities import facility, organisation

pytestmark = pytest.mark.database


@pytest.fixture
def asked(session: Session) -> Request:
    made = records.request_of(session, organisation(session))
    keep(session)
    return made


@pytest.fixture
def developer(session: Session, asked: Request) -> Account:
    return account(session, "developer", Role.DEVELOPER, asked.organisation_id)


def put(client: TestClient, who: Account, request_id: UUID, what: str, chosen: list[UUID]) -> Any:
    address = f"/api/v1/requests/{request_id}/{what}"
    tag = client.get(address, headers=who.headers).headers["etag"]
    body = {"items": [str(key) for key in chosen]}
    return client.put(address, json=body, headers={**who.headers, "If-Match": tag})


def test_the_order_of_preferences_is_kept_and_the_whole_list_replaced(
    session: Session, client: TestClient, asked: Request, developer: Account
) -> None:
    chosen = [facility(session).id for _ in range(3)]
    keep(session)
    for order in (chosen, chosen[::-1], chosen[1:2], []):
        answer = put(client, developer, asked.id, "preferences", order)
        assert (answer.status_code, answer.json()["items"]) == (200, [str(key) for key in order])


def test_every_fault_of_a_list_is_named(
    session: Session, client: TestClient, asked: Request, developer: Account
) -> None:
    known = facility(session)
    foreign = facility(session, organisation(session, data_set=DataSet.DIRECTORY))
    keep(session)
    refused = put(client, developer, asked.id, "exclusions", [known.id, known.id, foreign.id])
    assert [fault["where"] for fault in refused.json()["errors"]] == ["/items/1", "/items/2"]


@pytest.mark.parametrize(("first", "second"), [("preferences", "exclusions"), ("exclusions", "preferences")])
def test_a_facility_is_not_excluded_and_preferred(
    session: Session, client: TestClient, asked: Request, developer: Account, first: str, second: str
) -> None:
    one, other = facility(session), facility(session, name="Premises of the other list")
    keep(session)
    assert put(client, developer, asked.id, first, [other.id]).status_code == 200
    assert put(client, developer, asked.id, second, [one.id]).status_code == 200
    refused = put(client, developer, asked.id, second, [one.id, other.id])
    assert refused.status_code == 422
    said = f"Premises of the other list stands in {first}: take it out of preferences or of exclusions"
    assert refused.json()["errors"] == [{"where": "/items/1", "what": said}]


def test_a_lot_of_another_sponsor_is_none(
    session: Session, client: TestClient, asked: Request, developer: Account
) -> None:
    foreign = lot_of(session, organisation(session))
    keep(session)
    assert put(client, developer, asked.id, "materials", [foreign.id]).status_code == 422


def test_after_submission_wishes_stay(session: Session, client: TestClient, developer: Account, asked: Request) -> None:
    made = records.request_of(session, organisation(session), RequestState.SUBMITTED)
    keep(session)
    own = account(session, "second", Role.DEVELOPER, made.organisation_id)
    refused = put(client, own, made.id, "exclusions", [])
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong-state")


class TestTheOtherSide:
    """A facility that a request might go to, and its planner."""

    @pytest.fixture(autouse=True)
    def premises(self, session: Session, asked: Request) -> None:
        owner = organisation(session)
        self.facility = facility(session, owner)
        judged(session, asked, self.facility)
        self.planner = account(session, "planner", Role.PLANNER, owner.id)

    def reads(self, client: TestClient) -> list[bytes]:
        headers = {**self.planner.headers, "X-Request-Id": "the-same-id"}
        parts = ("verdicts", "disclosures", "who-saw", "who-can-see", "history", "record")
        inside = [f"facilities/{self.facility.id}/{part}" for part in parts]
        addresses = [*inside, "audit-events", "requests", "me/waiting"]
        return [client.get(f"/api/v1/{address}", headers=headers).content for address in addresses]

    def test_an_excluded_facility_reads_the_same_as_one_that_is_not(
        self, client: TestClient, asked: Request, developer: Account
    ) -> None:
        before = self.reads(client)
        assert put(client, developer, asked.id, "exclusions", [self.facility.id]).status_code == 200
        assert self.reads(client) == before
        assert put(client, developer, asked.id, "exclusions", []).status_code == 200
        assert put(client, developer, asked.id, "preferences", [self.facility.id]).status_code == 200
        assert self.reads(client) == before

    def test_sabotage_an_event_that_reached_it_would_be_noticed(
        self, session: Session, client: TestClient, asked: Request
    ) -> None:
        before = self.reads(client)
        record_act(session, "set exclusions", "request", asked.id, organisations=[self.facility.organisation_id])
        keep(session)
        assert self.reads(client) != before


def test_requests_are_narrowed_and_sorted_and_paged_by_their_last_change(session: Session, client: TestClient) -> None:
    sponsor = organisation(session)
    made = [records.request_of(session, sponsor) for _ in range(3)]
    for number in (1, 2, 0):
        made[number].label = f"{number} of three"
        keep(session)
    own = account(session, "own", Role.DEVELOPER, sponsor.id)
    seen: list[str] = []
    address = "/api/v1/requests?sort=-changed&limit=1"
    while address:
        answer = client.get(address, headers=own.headers)
        seen += [item["label"][0] for item in answer.json()["items"]]
        address = answer.links.get("next", {}).get("url", "")
    assert sorted(seen) == ["0", "1", "2"]
    by_label = client.get("/api/v1/requests", headers=own.headers).json()["items"]
    assert [item["label"][0] for item in by_label] == ["0", "1", "2"]
    narrowed = f"/api/v1/requests?product={made[1].product_id}&stage=cell_product&state=draft"
    assert [item["id"] for item in client.get(narrowed, headers=own.headers).json()["items"]] == [str(made[1].id)]
