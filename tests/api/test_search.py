"""The search over HTTP: pages without gaps, refusals by name, and nothing of others in a count."""

from typing import Any

import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from registry.access.subject import OPERATOR
from registry.database import act_as
from registry.vocabulary.facilities import Grade
from registry.vocabulary.lifecycle import DataSet, Publication
from registry.vocabulary.roles import Role
from tests.api.conftest import account, keep
from tests.factories.facilities import facility, organisation, site, starts, suite

pytestmark = pytest.mark.database
ADDRESS = "/api/v1/search"


@pytest.fixture
def five(session: Session) -> None:
    act_as(session, OPERATOR)
    for number in range(5):
        made = facility(session, name=f"Centre {number}", product_classes=["TEP"] if number % 2 else ["sCTMP"])
        site(session, made, latitude=48.0 + number, longitude=11.0)
    keep(session)


def found(client: TestClient, query: str = "", **headers: str) -> dict[str, Any]:
    answer = client.get(f"{ADDRESS}?{query}", headers=headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.mark.usefixtures("five")
class TestPages:
    @pytest.mark.parametrize("limit", [1, 2, 5, 9])
    def test_following_next_finds_everything_once(self, client: TestClient, limit: int) -> None:
        names: list[str] = []
        address = f"{ADDRESS}?limit={limit}&latitude=48&longitude=11"
        while address:
            answer = client.get(address)
            names += [item["name"] for item in answer.json()["items"]]
            address = answer.links.get("next", {}).get("url", "")
        assert names == [f"Centre {number}" for number in range(5)]

    def test_values_are_counted_and_a_filter_that_is_repeated_wants_all(self, client: TestClient) -> None:
        counts = found(client)["counts"]["product_classes"]
        assert {one["value"]: one["facilities"] for one in counts} == {"TEP": 2, "sCTMP": 3}
        assert found(client, "product_class=TEP")["total"] == 2
        assert found(client, "product_class=TEP&product_class=sCTMP")["total"] == 0

    def test_typing_errors_are_forgiven_and_distance_is_told(self, client: TestClient) -> None:
        assert found(client, "q=Centrr")["total"] == 5
        near = found(client, "latitude=48&longitude=11&within_km=150")
        assert [round(item["distance_km"]) for item in near["items"]] == [0, 111]

    @pytest.mark.parametrize(
        ("query", "where"),
        [
            ("latitude=48", "query.longitude"),
            ("within_km=10", "query.within_km"),
            ("free_from=2027-01-04", "query.free_to"),
            ("free_to=2027-01-04&platform=x", "query.free_from"),
            ("cursor=W10", "query.cursor"),
            ("nothing=1", "query.nothing"),
            ("limit=201", "query.limit"),
        ],
    )
    def test_what_is_half_said_or_unknown_is_refused_with_its_place(
        self, client: TestClient, query: str, where: str
    ) -> None:
        answer = client.get(f"{ADDRESS}?{query}")
        assert (answer.status_code, [fault["where"] for fault in answer.json()["errors"]]) == (422, [where])


def test_what_may_not_be_known_is_refused_with_every_name(session: Session, client: TestClient) -> None:
    facility(session)
    keep(session)
    refused = client.get(f"{ADDRESS}?grade=B&licence_kind=MIA&free_from=2027-01-04&free_to=2027-03-29")
    assert (refused.status_code, refused.json()["code"]) == (403, "not-allowed")
    assert [fault["where"] for fault in refused.json()["errors"]] == [
        "query.grade",
        "query.licence_kind",
        "query.free_starts",
    ]


def test_free_starts_are_found_among_ones_own_and_of_others_only_by_overseers(
    session: Session, client: TestClient
) -> None:
    owner = organisation(session)
    for of, name in ((owner, "Own"), (organisation(session), "Other")):
        made = facility(session, of, name=name)
        suite(session, site(session, made), grade=Grade.B)
        starts(session, made)
    planner = account(session, "planner", Role.PLANNER, owner.id)
    coordinator = account(session, "coordinator", Role.COORDINATOR)
    query = "free_from=2027-01-04&free_to=2027-03-29"
    own = found(client, query, **planner.headers)
    assert ([item["name"] for item in own["items"]], own["limited"]) == (["Own"], ["free_starts"])
    assert found(client, query, **coordinator.headers)["total"] == 2


def test_the_directory_is_searched_by_itself_and_drafts_by_their_own_people(
    session: Session, client: TestClient
) -> None:
    owner = organisation(session)
    facility(session, owner, name="Draft", publication=Publication.DRAFT)
    facility(session, organisation(session, data_set=DataSet.DIRECTORY), name="Known")
    own = account(session, "own", Role.QA, owner.id)
    assert found(client)["total"] == 0
    assert [item["name"] for item in found(client, "", **own.headers)["items"]] == ["Draft"]
    assert [item["name"] for item in found(client, "directory=true")["items"]] == ["Known"]
