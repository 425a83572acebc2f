"""The pages of a plan: everything a reader must find, in plain words, without scripts or foreign addresses."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

from api.web.app import create_pages
from api.web.pages.home import first_reasons, waiting_first
from api.web.plan import current_plan
from registry.queries.plan_view import PlanView
from tests.web.plans import empty_plan, large_plan

PLAN = large_plan()
BANNER = "Rehearsal: invented licences and calendars"


def client_for(view: PlanView | None) -> TestClient:
    pages = create_pages()
    pages.dependency_overrides[current_plan] = lambda: view
    return TestClient(pages)


@pytest.fixture
def client() -> Iterator[TestClient]:
    with client_for(PLAN) as client:
        yield client


class Reader(HTMLParser):
    """Collects what a test asks about: ids, references, elements, inline styles and handlers."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.references: list[str] = []
        self.elements: list[str] = []
        self.inline: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in {"href", "src"}:
                self.references.append(value or "")
            if name == "style" or name.startswith("on"):
                self.inline.append(name)


class TestFirstPage:
    def test_headline_figures_stand_beside_first_come(self, client: TestClient) -> None:
        text = client.get("/").text
        assert "Patients who could be treated" in text
        assert "Programmes served" in text
        assert f"First come, first served: {PLAN.first_come.patients}" in text

    def test_every_start_and_every_located_facility_is_drawn(self, client: TestClient) -> None:
        text = client.get("/").text
        assert text.count('class="bar ') - text.count('class="swatch"') + 1 == len(PLAN.stays)
        assert text.count('class="point') - text.count('class="points"') == len(PLAN.facilities)

    def test_every_request_not_wholly_placed_shows_every_reason(self, client: TestClient) -> None:
        text = client.get("/").text
        for request in PLAN.requests:
            assert (f">{request.label}</a></th>" in text) == (request.placed < request.starts)
        reasons = sum(len(request.waiting_because) for request in PLAN.requests)
        assert text.count("<code>") == reasons + len(first_reasons(waiting_first(PLAN)))

    def test_a_rehearsal_says_so_first_and_another_plan_does_not(self, client: TestClient) -> None:
        assert BANNER in client.get("/").text
        with client_for(replace(PLAN, rehearsal=False)) as other:
            assert BANNER not in other.get("/").text

    def test_days_are_written_out(self, client: TestClient) -> None:
        text = client.get("/").text
        assert "25 Nov 2026" in text
        assert not re.search(r"\d{4}-\d{2}-\d{2}", text)

    def test_an_unknown_limit_is_not_shown_and_an_unchecked_plan_says_so(self) -> None:
        with client_for(empty_plan()) as client:
            text = client.get("/").text
        assert "No plan could treat more" not in text
        assert "not checked independently yet" in text
        assert "Nothing is waiting" in text

    def test_without_a_plan_it_says_how_to_get_one(self) -> None:
        with client_for(None) as client:
            answer = client.get("/")
        assert answer.status_code == 200
        assert "gmphub demo" in answer.text


class TestPartsOfThePlan:
    def test_a_facility_lists_its_starts(self, client: TestClient) -> None:
        suites = {suite.id for suite in PLAN.suites if suite.facility == "f02"}
        text = client.get("/plan/facilities/f02").text
        assert text.count('<td data-label="Days">') == sum(stay.suite in suites for stay in PLAN.stays)

    def test_a_request_lists_starts_reasons_and_assumptions(self, client: TestClient) -> None:
        request = waiting_first(PLAN)[0]
        text = client.get(f"/plan/requests/{request.id}").text
        assert text.count('<td data-label="Days">') == request.placed
        assert all(obstacle.text in text for obstacle in request.waiting_because)
        assert all(line in text for line in request.assumed)

    @pytest.mark.parametrize("address", ["/plan/facilities/none", "/plan/requests/none", "/nothing"])
    def test_what_is_not_there_is_a_page_of_its_own(self, client: TestClient, address: str) -> None:
        answer = client.get(address)
        assert answer.status_code == 404
        assert "Back to the first page" in answer.text


class TestHygiene:
    def test_no_script_no_inline_style_no_foreign_address(self, client: TestClient) -> None:
        for address in ("/", "/plan/facilities/f02", "/plan/requests/r001", "/nothing"):
            read = Reader(client.get(address).text)
            assert "script" not in read.elements
            assert read.inline == []
            assert all(reference.startswith(("/", "#")) for reference in read.references)

    def test_ids_are_unique(self, client: TestClient) -> None:
        ids = Reader(client.get("/").text).ids
        assert len(ids) == len(set(ids))

    def test_every_link_of_the_first_page_leads_somewhere(self, client: TestClient) -> None:
        links = {link.split("#")[0] for link in Reader(client.get("/").text).references}
        within = {link for link in links if link.startswith(("/plan", "/static", "/map"))}
        assert len(within) > 100
        assert {client.get(link).status_code for link in within} == {200}

    def test_names_are_escaped(self) -> None:
        facility = replace(PLAN.facilities[0], label="<b>bold</b>")
        with client_for(replace(PLAN, facilities=(facility, *PLAN.facilities[1:]))) as client:
            assert "<b>bold" not in client.get("/").text

    def test_the_stylesheet_has_no_text_below_twelve_pixels(self, client: TestClient) -> None:
        css = client.get("/static/gmphub.css").text
        sizes = [float(size) * 16 for size in re.findall(r"font(?:-size)?:[^;]*?([\d.]+)rem", css)]
        sizes += [float(size) for size in re.findall(r"font-size: ([\d.]+)px", css)]
        assert len(sizes) > 10
        assert min(sizes) >= 12

    def test_outlines_are_cached_by_their_tag(self, client: TestClient) -> None:
        first = client.get("/map/europe.svg")
        again = client.get("/map/europe.svg", headers={"If-None-Match": first.headers["ETag"]})
        assert (first.status_code, again.status_code) == (200, 304)
