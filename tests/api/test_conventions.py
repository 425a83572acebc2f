"""Refusals, headers, pages of lists and preconditions, on a small application that has one of each."""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Annotated

import pytest
from fastapi import FastAPI, Query, Request, Response
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from starlette.testclient import TestClient

from api import logs, problems
from api.headers import AnswerHeaders
from api.limits import BodyLimit
from api.paging import PageDep, in_pages, link_next, read_cursor, write_cursor
from api.preconditions import VersionDep, check_version, etag, tag
from api.problems import KINDS, ApiError
from api.unexpected import Unexpected

SECRET = "relation person violates constraint"


class Body(BaseModel):
    amount: int


def small_app() -> FastAPI:
    logs.configure()
    app = FastAPI()

    @app.post("/amounts")
    def add(body: Body) -> Body:
        return body

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError(SECRET)

    @app.get("/numbers")
    def numbers(request: Request, response: Response, page: PageDep, parity: Annotated[int, Query()] = 0) -> list[int]:
        first = 0 if page.after is None else int(page.after[0]) + 1
        found = [number for number in range(25) if number >= first and number % 2 == parity]
        if len(found) > page.limit:
            link_next(request, response, [str(found[page.limit - 1])])
        return found[: page.limit]

    @app.get("/words")
    def words(request: Request, response: Response, page: PageDep) -> list[str]:
        found = [f"{number % 7}-{number}" for number in range(25)]
        return in_pages(request, response, page, found, lambda word: tuple(word.split("-")))

    @app.put("/thing")
    def change(seen: VersionDep, response: Response) -> None:
        check_version(seen, 7)
        tag(response, 8)

    problems.install(app)
    app.add_middleware(Unexpected, answer=problems.broken)
    app.add_middleware(BodyLimit, largest=1000)
    app.add_middleware(AnswerHeaders)
    return app


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(small_app()) as client:
        yield client


class TestProblems:
    def test_all_faults_at_once_with_their_places(self, client: TestClient) -> None:
        answer = client.post("/amounts", json={"amount": "much"})
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        assert [fault["where"] for fault in answer.json()["errors"]] == ["/amount"]

    def test_unreadable_json_is_400(self, client: TestClient) -> None:
        answer = client.post("/amounts", content=b"{", headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed-body")

    def test_a_body_above_the_limit_is_413(self, client: TestClient) -> None:
        answer = client.post("/amounts", content=b"1" * 2000, headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")

    def test_a_body_that_never_announced_its_size_is_counted(self, client: TestClient) -> None:
        parts = (b"1" * 600 for _ in range(2))
        answer = client.post("/amounts", content=parts, headers={"Content-Type": "application/json"})
        assert answer.status_code == 413

    def test_unknown_address_and_wrong_method(self, client: TestClient) -> None:
        assert client.get("/nothing").json()["code"] == "not-found"
        wrong = client.delete("/amounts")
        assert (wrong.status_code, wrong.json()["code"], wrong.headers["allow"]) == (405, "method-not-allowed", "POST")

    def test_nothing_of_an_unexpected_error_reaches_the_caller(
        self, client: TestClient, capsys: pytest.CaptureFixture[str]
    ) -> None:
        answer = client.get("/broken")
        assert (answer.status_code, answer.json()["code"]) == (500, "internal-error")
        assert SECRET not in answer.text
        assert answer.headers["x-content-type-options"] == "nosniff"
        (line,) = capsys.readouterr().err.splitlines()
        logged = json.loads(line)
        assert SECRET in logged["exception"]
        assert logged["request_id"] == answer.headers["x-request-id"]

    def test_every_kind_has_a_status_and_a_sentence(self) -> None:
        for code, kind in KINDS.items():
            assert code == code.lower()
            assert 400 <= kind.status < 600
            assert len(kind.title) > 10

    def test_a_code_without_a_kind_is_refused(self) -> None:
        with pytest.raises(KeyError):
            problems.answers("no-such-code")


class TestHeaders:
    def test_a_harmless_request_id_is_kept_and_another_replaced(self, client: TestClient) -> None:
        assert client.get("/numbers", headers={"X-Request-Id": "abc-123_4.5"}).headers["x-request-id"] == "abc-123_4.5"
        replaced = client.get("/numbers", headers={"X-Request-Id": 'a b"<'}).headers["x-request-id"]
        assert len(replaced) == 32

    def test_the_problem_quotes_the_request_id(self, client: TestClient) -> None:
        answer = client.get("/nothing")
        assert answer.json()["request_id"] == answer.headers["x-request-id"]

    def test_the_policy_allows_nothing_inline(self, client: TestClient) -> None:
        policy = client.get("/numbers").headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy

    def test_transport_security_only_over_https(self) -> None:
        with TestClient(small_app(), base_url="https://hub.test") as secure, TestClient(small_app()) as plain:
            assert "strict-transport-security" in secure.get("/numbers").headers
            assert "strict-transport-security" not in plain.get("/numbers").headers


class TestPaging:
    @pytest.mark.parametrize("limit", [1, 2, 5, 12, 13, 50])
    def test_following_next_sees_everything_once_and_keeps_the_filter(self, client: TestClient, limit: int) -> None:
        seen: list[int] = []
        address = f"/numbers?parity=1&limit={limit}"
        while address:
            answer = client.get(address)
            seen += answer.json()
            address = answer.links.get("next", {}).get("url", "")
        assert seen == [number for number in range(25) if number % 2]

    @pytest.mark.parametrize("limit", [1, 7, 24, 25, 50])
    def test_a_list_read_as_a_whole_is_cut_without_gaps(self, client: TestClient, limit: int) -> None:
        seen: list[str] = []
        address = f"/words?limit={limit}"
        while address:
            answer = client.get(address)
            assert len(answer.json()) <= limit
            seen += answer.json()
            address = answer.links.get("next", {}).get("url", "")
        assert seen == sorted((f"{number % 7}-{number}" for number in range(25)), key=lambda word: word.split("-"))

    def test_a_cursor_of_another_list_is_refused_there_too(self, client: TestClient) -> None:
        assert client.get("/words", params={"cursor": write_cursor(["a", "b", "c"])}).status_code == 422

    @pytest.mark.parametrize("limit", ["0", "201", "x", "-1"])
    def test_limits_outside_the_range_are_refused(self, client: TestClient, limit: str) -> None:
        assert client.get(f"/numbers?limit={limit}").status_code == 422

    @pytest.mark.parametrize("cursor", ["x", "!!", "W10x", "eyJhIjoxfQ", "WzFd", "ä", "WyJcdTAwMDAiXQ"])
    def test_a_foreign_cursor_is_refused(self, client: TestClient, cursor: str) -> None:
        answer = client.get("/numbers", params={"cursor": cursor})
        assert (answer.status_code, answer.json()["errors"][0]["where"]) == (422, "query.cursor")

    @given(st.lists(st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=20), max_size=4))
    def test_cursors_come_back_as_they_went(self, key: list[str]) -> None:
        assert read_cursor(write_cursor(key)) == tuple(key)

    @given(st.text(max_size=40))
    def test_any_text_is_a_cursor_or_refused(self, text: str) -> None:
        with suppress(ApiError):
            assert isinstance(read_cursor(text), tuple)


class TestPreconditions:
    def test_without_if_match_428(self, client: TestClient) -> None:
        assert client.put("/thing").status_code == 428
        assert client.put("/thing", headers={"If-Match": "*"}).status_code == 428

    def test_another_version_412_and_the_current_tag(self, client: TestClient) -> None:
        answer = client.put("/thing", headers={"If-Match": etag(6)})
        assert (answer.status_code, answer.headers["etag"]) == (412, etag(7))

    @pytest.mark.parametrize("sent", ['W/"v7"', "v7", '"7"', '"v07"', '"v99999999999"', "x"])
    def test_a_tag_that_is_not_ours_never_matches(self, client: TestClient, sent: str) -> None:
        assert client.put("/thing", headers={"If-Match": sent}).status_code == 412

    def test_the_version_seen_may_be_changed(self, client: TestClient) -> None:
        answer = client.put("/thing", headers={"If-Match": etag(7)})
        assert (answer.status_code, answer.headers["etag"]) == (200, etag(8))
