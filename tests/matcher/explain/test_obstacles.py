"""What is said to keep a start out: each kind of limit alone, and nothing when there is none."""

from dataclasses import replace

import pytest

from matcher.explain import obstacles as kinds
from matcher.explain.obstacles import obstacles
from matcher.outcome import Placement
from matcher.problem import (
    After,
    Batch,
    BatchId,
    Booking,
    Facility,
    FacilityId,
    Option,
    Policy,
    Problem,
    Request,
    RequestId,
    Resource,
    ResourceId,
    Suite,
    SuiteId,
    Use,
)

HERE, THERE = FacilityId("here"), FacilityId("there")
ROOM, OTHER_ROOM = SuiteId("room"), SuiteId("other-room")
QC = ResourceId("qc")
ONE = Batch(BatchId("1"), 0, 0)


def problem(*requests: Request, bookings: tuple[Booking, ...] = (), exclusive: bool = False, qc: int = 9) -> Problem:
    """Two facilities with one place each, four ticks, one quality control limit at the first."""
    return Problem(
        origin="2026-11-30",
        tick="week",
        horizon=4,
        facilities=(Facility(HERE), Facility(THERE)),
        suites=(
            Suite(ROOM, HERE, 1 + exclusive, ((0, 4),), exclusive=exclusive),
            Suite(OTHER_ROOM, THERE, 1, ((0, 4),)),
        ),
        resources=(Resource(QC, HERE, 1, (qc,) * 4),),
        requests=requests,
        bookings=bookings,
        previous=(),
        policy=Policy(({"placed": 1},)),
        sha256="",
    )


def request(name: str, *batches: Batch, suites: tuple[SuiteId, ...] = (ROOM,), **more: object) -> Request:
    """A request whose stays last one tick and take one quality control result at their end."""
    options = tuple(Option(suite, 1, uses=(Use(QC, 1, "end"),) if suite == ROOM else ()) for suite in suites)
    return Request(RequestId(name), batches or (ONE,), options, **more)  # type: ignore[arg-type]


def rules_of(asked: Problem, *placements: Placement, name: str = "waits") -> dict[str, int]:
    """Obstacle rule → number of facilities, for one request."""
    found = obstacles(asked, placements, {QC: "qc-limit"})
    return {obstacle.rule: len(obstacle.facilities) for obstacle in found[RequestId(name)]}


def test_a_taken_place_is_named_as_no_room() -> None:
    asked = problem(request("waits"), bookings=(Booking(ROOM, 0, 1),))
    assert rules_of(asked) == {kinds.NO_ROOM: 1}


def test_a_place_taken_by_the_plan_counts_as_taken() -> None:
    asked = problem(request("waits"), request("sits"))
    plan = Placement(RequestId("sits"), BatchId("1"), ROOM, 0)
    assert rules_of(asked, plan) == {kinds.NO_ROOM: 1}


def test_a_used_up_limit_is_named_by_its_rule() -> None:
    assert rules_of(problem(request("waits"), qc=0)) == {"qc-limit": 1}


def test_another_product_in_an_exclusive_room_is_named() -> None:
    asked = problem(request("waits"), bookings=(Booking(ROOM, 0, 1, family="else"),), exclusive=True)
    assert rules_of(asked) == {kinds.OTHER_PRODUCT: 1}


@pytest.mark.parametrize(("places", "rule"), [(2, kinds.OUTWEIGHED), (1, kinds.OTHER_PRODUCT)])
def test_the_change_between_products_matters_only_where_they_do_not_share_a_room(places: int, rule: str) -> None:
    asked = problem(request("waits"), bookings=(Booking(ROOM, 1, 2, family="else"),))
    room = replace(asked.suites[0], places=places, changeover=1)
    assert rules_of(replace(asked, suites=(room, *asked.suites[1:]))) == {rule: 1}


def test_the_same_product_in_an_exclusive_room_is_no_obstacle() -> None:
    asked = problem(request("waits", family="same"), bookings=(Booking(ROOM, 0, 1, family="same"),), exclusive=True)
    assert rules_of(asked) == {kinds.OUTWEIGHED: 1}


def test_a_second_facility_is_refused_to_a_request_that_may_use_one() -> None:
    second = Batch(BatchId("2"), 0, 0)
    asked = problem(request("waits", ONE, second, suites=(ROOM, OTHER_ROOM)))
    plan = Placement(RequestId("waits"), BatchId("1"), ROOM, 0)
    assert rules_of(asked, plan) == {kinds.ONE_FACILITY: 1, kinds.NO_ROOM: 1}


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        (problem(request("waits", ONE, Batch(BatchId("2"), 1, 1), all_or_nothing=True)), kinds.ALL_OR_NOTHING),
        (problem(request("waits", ONE, Batch(BatchId("2"), 1, 1, after=After(BatchId("1"), 0)))), kinds.SEQUENCE),
        (problem(request("waits", Batch(BatchId("late"), 9, 9))), kinds.NO_START),
    ],
)
def test_what_belongs_together_and_what_comes_too_late_have_names_of_their_own(asked: Problem, rule: str) -> None:
    assert rules_of(asked) == {rule: 1}


def test_a_wholly_placed_request_has_no_obstacles() -> None:
    asked = problem(request("sits"))
    assert obstacles(asked, (Placement(RequestId("sits"), BatchId("1"), ROOM, 0),), {}) == {}
