"""An operation that is to go says so on every answer; tried on a route that is no part of the product."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api import problems
from api.app import create_app
from api.deprecation import going
from api.headers import AnswerHeaders

SINCE, SUNSET = datetime(2026, 11, 25, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC)


def small_app() -> FastAPI:
    app = FastAPI()

    @app.get("/old", **going(SINCE, SUNSET, "/api/v1/new"))
    def old(number: int) -> int:
        return number

    @app.get("/new")
    def new() -> None:
        return None

    problems.install(app)
    app.add_middleware(AnswerHeaders)
    return app


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(small_app()) as client:
        yield client


@pytest.mark.parametrize(("query", "status"), [("number=1", 200), ("number=x", 422)])
def test_every_answer_names_both_days_and_the_successor(client: TestClient, query: str, status: int) -> None:
    answer = client.get(f"/old?{query}")
    assert answer.status_code == status
    assert answer.headers["deprecation"] == "@1795564800"
    assert answer.headers["sunset"] == "Tue, 01 Jun 2027 00:00:00 GMT"
    assert answer.headers["link"] == '</api/v1/new>; rel="successor-version"'


def test_other_routes_say_nothing(client: TestClient) -> None:
    assert not {"deprecation", "sunset"} & set(client.get("/new").headers)


def test_the_description_marks_it() -> None:
    assert small_app().openapi()["paths"]["/old"]["get"]["deprecated"] is True


def test_less_than_six_months_notice_is_refused() -> None:
    assert going(SINCE, SINCE + timedelta(days=183))["deprecated"]
    with pytest.raises(ValueError, match="six months"):
        going(SINCE, SINCE + timedelta(days=182))
    with pytest.raises(ValueError, match="time zone"):
        going(SINCE.replace(tzinfo=None), SUNSET)


def test_nothing_of_the_product_is_to_go_yet() -> None:
    paths = create_app().openapi()["paths"]
    marked = [name for name, operations in paths.items() if any("deprecated" in one for one in operations.values())]
    assert marked == []
