"""A conflict names what is in the way and the first free day, and no other party."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from registry.access.subject import OPERATOR
from registry.database import act_as
from registry.models import Booking, Closure, Facility, Opening, Suite
from registry.queries.first_free import Block, first_clear
from registry.vocabulary.facilities import ClosureKind
from registry.vocabulary.lifecycle import BookingKind, BookingState
from registry.vocabulary.periods import Days
from registry.vocabulary.roles import Role
from tests.api.conftest import Account, account, keep
from tests.factories.facilities import added, facility, organisation, site, suite

pytestmark = pytest.mark.database
MONDAY = date(2027, 1, 4)


class Place:
    """A suite with one place, open for a year, and its planner."""

    def __init__(self, session: Session) -> None:
        owner = organisation(session)
        self.session = session
        self.facility: Facility = facility(session, owner)
        self.suite: Suite = suite(session, site(session, self.facility), clearance_days=2)
        self.of = {"facility_id": self.facility.id, "organisation_id": owner.id}
        added(session, Opening(**self.of, starts=date(2026, 12, 1), ends=date(2027, 12, 1)))
        self.planner: Account = account(session, "planner", Role.PLANNER, owner.id)
        self.coordinator: Account = account(session, "coordinator", Role.COORDINATOR)
        keep(session)

    def book(self, start: date, days: int, kind: BookingKind = BookingKind.RESERVATION) -> None:
        act_as(self.session, OPERATOR)
        stay = {"stay_id": uuid4(), "lane": 1, "starts": start, "ends": start + timedelta(days=days), "kind": kind}
        row = Booking(
            **self.of, **stay, suite_id=self.suite.id, state=BookingState.CONFIRMED, data_set=self.facility.data_set
        )
        added(self.session, row)
        keep(self.session)

    def close(self, client: TestClient, starts: date, ends: date | None, **more: Any) -> Any:
        body = {"kind": "maintenance", "starts": str(starts), "ends": ends and str(ends), **more}
        headers = {**self.planner.headers, "Idempotency-Key": uuid4().hex}
        return client.post(f"/api/v1/facilities/{self.facility.id}/closures", json=body, headers=headers)

    def first_free(self, client: TestClient, earliest: date, days: int, who: Account | None = None) -> Any:
        address = f"/api/v1/suites/{self.suite.id}/first-free?earliest={earliest}&days={days}"
        return client.get(address, headers=(who or self.planner).headers).json()


@pytest.fixture
def place(session: Session) -> Place:
    return Place(session)


def test_a_closure_on_a_stay_is_refused_with_what_blocks_and_the_first_free_day(
    client: TestClient, place: Place
) -> None:
    place.book(MONDAY, 12)
    place.book(MONDAY + timedelta(days=14), 7)
    refused = place.close(client, MONDAY + timedelta(days=5), MONDAY + timedelta(days=10))
    told = refused.json()
    assert (refused.status_code, told["code"]) == (409, "conflict")
    assert told["blocking"] == [
        {"what": "reservation", "suite_id": str(place.suite.id), "starts": "2027-01-04", "ends": "2027-01-16"}
    ]
    assert told["first_free"] == "2027-01-25"


def test_sabotage_a_closure_nobody_compares_with_stays_would_be_noticed(
    client: TestClient, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.routes.closures.refuse_closing_on_stays", lambda *_: None)
    place.book(MONDAY, 12)
    assert place.close(client, MONDAY, MONDAY + timedelta(days=1)).status_code == 201


def test_the_day_before_and_the_day_after_are_allowed(client: TestClient, place: Place) -> None:
    place.book(MONDAY, 12)
    assert place.close(client, MONDAY - timedelta(days=3), MONDAY).status_code == 201
    assert place.close(client, MONDAY + timedelta(days=12), MONDAY + timedelta(days=13)).status_code == 201


def test_it_is_closed_all_the_same_when_that_is_meant(client: TestClient, place: Place) -> None:
    place.book(MONDAY, 12)
    assert place.close(client, MONDAY, None, despite_stays=True).status_code == 201


def test_a_closure_that_comes_back_names_no_free_day(client: TestClient, place: Place) -> None:
    place.book(MONDAY + timedelta(days=28), 3)
    told = place.close(client, MONDAY, MONDAY + timedelta(days=1), recurrence="FREQ=WEEKLY;COUNT=8").json()
    assert (len(told["blocking"]), told["first_free"]) == (1, None)


def test_moving_a_closure_onto_a_stay_is_refused_too(client: TestClient, place: Place) -> None:
    made = place.close(client, MONDAY, MONDAY + timedelta(days=2)).json()
    place.book(MONDAY + timedelta(days=7), 5)
    body = {"kind": "maintenance", "starts": "2027-01-11", "ends": "2027-01-12"}
    headers = {**place.planner.headers, "If-Match": '"v1"'}
    assert client.put(f"/api/v1/closures/{made['id']}", json=body, headers=headers).status_code == 409


def test_an_opening_of_closed_days_is_refused_and_one_with_a_day_left_is_not(client: TestClient, place: Place) -> None:
    place.close(client, MONDAY, MONDAY + timedelta(days=7))
    address = f"/api/v1/facilities/{place.facility.id}/openings"
    for ends, status in ((MONDAY + timedelta(days=7), 409), (MONDAY + timedelta(days=8), 201)):
        headers = {**place.planner.headers, "Idempotency-Key": uuid4().hex}
        answer = client.post(address, json={"starts": str(MONDAY), "ends": str(ends)}, headers=headers)
        assert answer.status_code == status
        if status == 409:
            assert answer.json()["first_free"] == "2027-01-11"
            assert [block["what"] for block in answer.json()["blocking"]] == ["closed"]


def test_an_opening_under_a_stay_is_not_taken_back(session: Session, client: TestClient, place: Place) -> None:
    place.book(MONDAY, 12)
    (opening,) = client.get(f"/api/v1/facilities/{place.facility.id}/openings", headers=place.planner.headers).json()[
        "items"
    ]
    headers = {**place.planner.headers, "If-Match": '"v1"'}
    assert client.delete(f"/api/v1/openings/{opening['id']}", headers=headers).json()["code"] == "conflict"


def test_a_first_start_waits_for_stay_clearance_closure_and_weekday(
    session: Session, client: TestClient, place: Place
) -> None:
    place.book(MONDAY, 12)
    assert place.first_free(client, MONDAY, 12)["day"] == "2027-01-18"
    act_as(session, OPERATOR)
    days = {"starts": date(2027, 1, 25), "ends": date(2027, 1, 27), "kind": ClosureKind.SHUTDOWN}
    added(session, Closure(**place.of, **days))
    keep(session)
    assert place.first_free(client, MONDAY, 12)["day"] == "2027-01-27"
    act_as(session, OPERATOR)
    session.get_one(Suite, place.suite.id).start_weekdays = [5]
    keep(session)
    told = place.first_free(client, MONDAY, 12)
    assert told["day"] == "2027-01-29"
    assert {block["what"] for block in told["blocking"]} == {"reservation", "no day of starts"}


def test_what_is_free_is_told_at_once_and_never_beyond_the_opening(client: TestClient, place: Place) -> None:
    assert place.first_free(client, MONDAY, 12) == {"day": "2027-01-04", "blocking": []}
    late = place.first_free(client, date(2027, 11, 25), 12)
    assert late["day"] is None
    assert [block["what"] for block in late["blocking"]] == ["not open"]


def test_overseers_learn_that_own_use_is_taken_and_not_what_it_is(client: TestClient, place: Place) -> None:
    place.book(MONDAY, 12, BookingKind.OWN)
    own = place.first_free(client, MONDAY, 5)["blocking"]
    others = place.first_free(client, MONDAY, 5, place.coordinator)["blocking"]
    assert ([block["what"] for block in own], [block["what"] for block in others]) == (["own"], ["taken"])


DAY = st.integers(0, 60).map(lambda number: MONDAY + timedelta(days=number))
BLOCKS = st.lists(
    st.builds(lambda start, days: Block("held", None, start, start + timedelta(days=days)), DAY, st.integers(1, 20)),
    max_size=8,
)


@given(DAY, st.integers(1, 10), BLOCKS)
def test_the_first_clear_day_is_the_first_that_touches_nothing(starts: date, length: int, blocks: list[Block]) -> None:
    def clear(day: date) -> bool:
        asked = Days(day, day + timedelta(days=length))
        return not any(Days(block.starts, block.ends).overlaps(asked) for block in blocks)

    found = first_clear(Days(starts, starts + timedelta(days=length)), blocks)
    plain = next(day for number in range(200) if clear(day := starts + timedelta(days=number)))
    assert found == plain
