"""A misspelt filter is refused by name, and nothing that an operation takes."""

import pytest
from starlette.testclient import TestClient

pytestmark = pytest.mark.database


@pytest.mark.parametrize("sent", ["contry=DE", "country=DE&Country=DE", "limit=5&offset=5&page=2"])
def test_every_misspelt_filter_is_named(client: TestClient, sent: str) -> None:
    answer = client.get(f"/api/v1/facilities?{sent}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-input")
    known = {"country", "limit"}
    assert {fault["where"] for fault in answer.json()["errors"]} == {
        f"query.{name}" for name in (pair.partition("=")[0] for pair in sent.split("&")) if name not in known
    }
    assert "country, cursor, limit, product_class, q, service_model" in answer.json()["errors"][0]["what"]


@pytest.mark.parametrize("address", ["/facilities?country=DE&limit=5&q=cell", "/search?country=DE", "/health"])
def test_what_an_operation_takes_is_taken(client: TestClient, address: str) -> None:
    assert client.get(f"/api/v1{address}").status_code == 200


def test_the_search_refuses_by_its_model(client: TestClient) -> None:
    assert client.get("/api/v1/search?contry=DE").status_code == 422


def test_a_page_lets_strange_ones_pass(client: TestClient) -> None:
    assert client.get("/directory?from=newsletter").status_code == 200
