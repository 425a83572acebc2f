"""What everybody may see of facilities, and what nobody else may."""

from uuid import uuid4

import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from registry.access.subject import OPERATOR
from registry.database import act_as
from registry.vocabulary.lifecycle import DataSet, Publication
from registry.vocabulary.roles import Role
from tests.api.conftest import account, keep
from tests.factories.facilities import facility, organisation, site

pytestmark = pytest.mark.database

PUBLIC = {
    "id", "name", "organisation", "kind", "service_model", "status", "country", "city", "product_classes", "latitude",
    "longitude", "source_note", "confirmed", "invented",
}  # fmt: skip


def names(client: TestClient, address: str = "/api/v1/facilities") -> list[str]:
    return [item["name"] for item in client.get(address).json()["items"]]


class TestList:
    def test_public_fields_without_an_account_and_no_others(self, session: Session, client: TestClient) -> None:
        site(session, facility(session, name="Alpha", notes="private remark"))
        keep(session)
        answer = client.get("/api/v1/facilities")
        (item,) = answer.json()["items"]
        assert set(item) == PUBLIC
        assert (item["name"], item["latitude"]) == ("Alpha", 50.5)
        assert "private remark" not in answer.text

    def test_drafts_are_seen_by_their_own_people_only(self, session: Session, client: TestClient) -> None:
        owner = organisation(session)
        draft = facility(session, owner, name="Draft", publication=Publication.DRAFT)
        own = account(session, "own", Role.PLANNER, owner.id)
        other = account(session, "other", Role.PLANNER, organisation(session).id)
        keep(session)
        address = f"/api/v1/facilities/{draft.id}"
        assert client.get(address).status_code == 404
        assert client.get(address, headers=other.headers).status_code == 404
        assert client.get(address, headers=own.headers).json()["name"] == "Draft"

    def test_of_an_organisation_its_own_people_find_drafts_too(self, session: Session, client: TestClient) -> None:
        owner = organisation(session)
        for name, state in (("Beta", Publication.PUBLISHED), ("Alpha", Publication.DRAFT)):
            facility(session, owner, name=name, publication=state)
        facility(session, name="Of somebody else")
        own = account(session, "own", Role.PLANNER, owner.id)
        keep(session)
        address = f"/api/v1/organisations/{owner.id}/facilities"
        assert names(client, address) == ["Beta"]
        first = client.get(f"{address}?limit=1", headers=own.headers)
        assert [item["name"] for item in first.json()["items"]] == ["Alpha"]
        second = client.get(first.links["next"]["url"], headers=own.headers)
        assert [item["name"] for item in second.json()["items"]] == ["Beta"]
        assert "next" not in second.links
        assert client.get(f"/api/v1/organisations/{uuid4()}/facilities").status_code == 404

    def test_what_is_hidden_looks_like_what_does_not_exist(self, session: Session, client: TestClient) -> None:
        draft = facility(session, publication=Publication.DRAFT)
        keep(session)
        masked = {"X-Request-Id": "the-same-id"}
        hidden = client.get(f"/api/v1/facilities/{draft.id}", headers=masked)
        missing = client.get(f"/api/v1/facilities/{uuid4()}", headers=masked)
        assert hidden.content == missing.content

    def test_the_rehearsal_hides_real_use_and_the_directory_stays_apart(
        self, session: Session, client: TestClient
    ) -> None:
        for data_set in (DataSet.LIVE, DataSet.DIRECTORY):
            facility(session, organisation(session, data_set=data_set), name=data_set.value)
        keep(session)
        assert names(client) == ["live"]
        act_as(session, OPERATOR)
        facility(session, organisation(session, data_set=DataSet.REHEARSAL), name="rehearsal")
        keep(session)
        assert names(client) == ["rehearsal"]
        assert names(client, "/api/v1/directory") == ["directory"]

    def test_pages_show_everything_once_by_name(self, session: Session, client: TestClient) -> None:
        for number in range(7):
            facility(session, name=f"Same name {number // 3}")
        keep(session)
        seen: list[str] = []
        address = "/api/v1/facilities?limit=2"
        while address:
            answer = client.get(address)
            seen += [item["id"] for item in answer.json()["items"]]
            address = answer.links.get("next", {}).get("url", "")
        assert len(seen) == len(set(seen)) == 7

    def test_filters(self, session: Session, client: TestClient) -> None:
        owner = organisation(session, country="FR")
        facility(session, owner, name="100 % cells", product_classes=["TEP"])
        facility(session, name="Other", product_classes=["sCTMP"])
        keep(session)
        assert names(client, "/api/v1/facilities?country=FR") == ["100 % cells"]
        assert names(client, "/api/v1/facilities?product_class=sCTMP") == ["Other"]
        assert names(client, "/api/v1/facilities?q=100 %25") == ["100 % cells"]
        assert names(client, "/api/v1/facilities?q=%25%25") == []
        assert client.get("/api/v1/facilities?country=fr").status_code == 422

    def test_a_cursor_of_another_list_is_refused(self, client: TestClient) -> None:
        assert client.get("/api/v1/facilities?cursor=WyJhIl0").status_code == 422


class TestWhoIsCalling:
    def test_me_says_account_roles_and_rights(self, session: Session, client: TestClient) -> None:
        owner = organisation(session, name="House of cells")
        planner = account(session, "planner-x", Role.PLANNER, owner.id)
        told = client.get("/api/v1/me", headers=planner.headers).json()
        assert told["account"] == "planner-x"
        assert told["seats"] == [
            {"role": "planner", "organisation_id": str(owner.id), "organisation": "House of cells"}
        ]
        assert "edit a calendar" in told["may"]
        assert "manage accounts" not in told["may"]

    def test_without_a_key_401_and_how_to_send_one(self, client: TestClient) -> None:
        answer = client.get("/api/v1/me")
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")

    @pytest.mark.parametrize(
        "sent", ["Bearer gmphub_nonsense", "Basic YTpi", "Bearer", "x" * 300, "Bearer " + "y" * 300]
    )
    def test_a_bad_key_is_refused_even_where_none_is_needed(self, client: TestClient, sent: str) -> None:
        assert client.get("/api/v1/facilities", headers={"Authorization": sent}).status_code == 401

    def test_a_closed_account_is_out_on_the_next_call(self, session: Session, client: TestClient) -> None:
        someone = account(session, "someone", Role.COORDINATOR)
        assert client.get("/api/v1/me", headers=someone.headers).status_code == 200
        someone = account(session, "operator-again")
        other = account(session, "closing", Role.COORDINATOR)
        other.person.disabled_at = other.person.created_at
        keep(session)
        assert client.get("/api/v1/me", headers=other.headers).status_code == 401
        assert client.get("/api/v1/me", headers=someone.headers).status_code == 200


class TestWholeApplication:
    def test_health_tells_of_the_database(self, client: TestClient) -> None:
        assert client.get("/api/v1/health").json() == {"status": "ok", "database": "ok"}

    def test_unknown_api_addresses_are_problems_and_pages_are_pages(self, client: TestClient) -> None:
        assert client.get("/api/v1/nothing").headers["content-type"] == "application/problem+json"
        assert client.post("/api/v1/health").status_code == 405
        assert client.put(f"/api/v1/tokens/{uuid4()}").headers["allow"] == "DELETE, GET"
        assert client.get("/nothing").headers["content-type"].startswith("text/html")

    def test_openapi_is_3_1_and_every_operation_documents_its_refusals(self, client: TestClient) -> None:
        document = client.get("/openapi.json").json()
        assert document["openapi"].startswith("3.1")
        for address, operations in document["paths"].items():
            for method, operation in operations.items():
                assert "401" in operation["responses"], f"{method} {address}"
                for status, answer in operation["responses"].items():
                    if int(status) >= 400:
                        assert set(answer["content"]) == {"application/problem+json"}, f"{method} {address} {status}"
