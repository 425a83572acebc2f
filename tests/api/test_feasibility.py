"""A first answer without an account: directory facts only, small numbers as "a few"."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from registry.vocabulary.facilities import ServiceModel
from registry.vocabulary.lifecycle import DataSet, FacilityStatus
from tests.api.bodies import FEASIBILITY
from tests.api.keeping import keep
from tests.factories.facilities import facility, organisation

pytestmark = pytest.mark.database


def directory(session: Session, count: int, **facts: object) -> None:
    for _ in range(count):
        owner = organisation(session, data_set=DataSet.DIRECTORY)
        facility(session, owner, product_classes=["GTMP_exvivo"], **facts)


@pytest.mark.parametrize(("count", "told"), [(0, "none"), (1, "a few"), (4, "a few"), (5, "5"), (7, "7")])
def test_under_five_is_a_few(session: Session, client: TestClient, count: int, told: str) -> None:
    directory(session, count)
    keep(session)
    assert client.post("/api/v1/feasibility", json=FEASIBILITY).json()["plausible"] == told


def test_closed_captive_and_other_classes_do_not_count_and_are_said(session: Session, client: TestClient) -> None:
    directory(session, 5)
    directory(session, 1, status=FacilityStatus.CLOSED)
    directory(session, 1, service_model=ServiceModel.CAPTIVE)
    facility(session, organisation(session, data_set=DataSet.DIRECTORY), product_classes=["TEP"])
    facility(session, product_classes=["GTMP_exvivo"])
    keep(session)
    answer = client.post("/api/v1/feasibility", json=FEASIBILITY).json()
    assert (answer["plausible"], answer["of"]) == ("5", 8)
    assert any("closed" in text for text in answer["obstacles"])
    assert any("owner's products" in text for text in answer["obstacles"])
    assert "Unverified" in answer["label"]
    assert not any("Facility " in text and text[9:10].isdigit() for text in answer["obstacles"])


def test_a_country_without_a_facility_is_said(session: Session, client: TestClient) -> None:
    directory(session, 5)
    keep(session)
    answer = client.post("/api/v1/feasibility", json={**FEASIBILITY, "country": "MT"}).json()
    assert any("MT" in text for text in answer["obstacles"])


@pytest.mark.parametrize(
    ("country", "told"), [("DE", "5"), ("CH", "5"), ("GB", "5"), ("US", "unknown"), ("TR", "unknown")]
)
def test_across_a_border_no_rule_knows_the_answer_is_unknown(
    session: Session, client: TestClient, country: str, told: str
) -> None:
    directory(session, 5)
    keep(session)
    answer = client.post("/api/v1/feasibility", json={**FEASIBILITY, "country": country}).json()
    assert (answer["plausible"], any("no rule is recorded" in text for text in answer["obstacles"])) == (
        told,
        told == "unknown",
    )


def test_a_facility_in_the_country_itself_crosses_no_border(session: Session, client: TestClient) -> None:
    directory(session, 5)
    directory(session, 1, country="TR")
    keep(session)
    assert client.post("/api/v1/feasibility", json={**FEASIBILITY, "country": "TR"}).json()["plausible"] == "a few"


def test_a_quarter_that_is_over_and_a_country_that_is_none_are_refused(client: TestClient) -> None:
    today = datetime.now(UTC).date()
    now, before = (f"{day.year}-Q{(day.month + 2) // 3}" for day in (today, today - timedelta(days=93)))
    assert client.post("/api/v1/feasibility", json={**FEASIBILITY, "quarter": now}).status_code == 200
    refused = client.post("/api/v1/feasibility", json={**FEASIBILITY, "quarter": before, "country": "ZZ"})
    assert (refused.status_code, [fault["where"] for fault in refused.json()["errors"]]) == (
        422,
        ["/country", "/quarter"],
    )
