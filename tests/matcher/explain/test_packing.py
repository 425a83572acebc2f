"""The limit that lets a search stop: never below what really fits, and as low as places and limits make it."""

from dataclasses import replace

import pytest

from matcher.explain.alone import Alone
from matcher.explain.insertion import _Search, choices_by_facility
from matcher.explain.packing import limits_from
from matcher.greedy import in_order
from matcher.problem import (
    Batch,
    BatchId,
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
from tests.matcher.drawing import random_problem
from tests.matcher.explain.test_insertion import alone_in, most_starts

STARTS = ResourceId("starts")
OF_ONE = Option(SuiteId("S"), 2, uses=(Use(STARTS, 1, "start"),))
ROOM = Suite(SuiteId("S"), FacilityId("F"), 1, ((0, 6),), exclusive=False, changeover=0)


def four_batches(suite: Suite = ROOM, starts: tuple[int, ...] = (9,), period: int = 6) -> Problem:
    """Four batches with the whole horizon of six weeks, stays of two, in one suite."""
    return Problem(
        origin="2026-11-30",
        tick="week",
        horizon=6,
        facilities=(Facility(FacilityId("F"), "DE"),),
        suites=(suite,),
        resources=(Resource(STARTS, FacilityId("F"), period, starts),),
        requests=(
            Request(
                RequestId("Q"),
                batches=tuple(Batch(BatchId(f"B{number}"), 0, 5) for number in range(4)),
                options=(OF_ONE,),
            ),
        ),
        bookings=(),
        previous=(),
        policy=Policy(({"placed": 1},)),
        sha256="",
    )


def limits(problem: Problem) -> list[int]:
    alone = Alone(problem, 1000)
    batches = in_order(alone.request)
    (choices,) = choices_by_facility(alone, batches).values()
    return limits_from(alone, batches, choices)


@pytest.mark.parametrize(
    ("problem", "most"),
    [
        (four_batches(), 3),
        (four_batches(replace(ROOM, places=2)), 4),
        (four_batches(replace(ROOM, open=((0, 3), (4, 6)))), 2),
        (four_batches(starts=(2,)), 2),
        (four_batches(starts=(1, 0, 1), period=2), 2),
    ],
)
def test_places_and_limits_are_counted(problem: Problem, most: int) -> None:
    assert limits(problem)[0] == most == most_starts(problem)


def test_the_limit_falls_with_every_batch_that_is_decided() -> None:
    assert limits(four_batches()) == [3, 3, 2, 1, 0]


@pytest.mark.parametrize("seed", range(60))
def test_never_below_what_really_fits(seed: int) -> None:
    problem = random_problem(seed)
    for request in problem.requests:
        residual, _ = alone_in(problem, request.id)
        alone = Alone(residual, 1000)
        batches = in_order(alone.request)
        found = choices_by_facility(alone, batches).values()
        together = {b.id: [choice for of in found for choice in of.get(b.id, ())] for b in batches}
        assert limits_from(alone, batches, together)[0] >= most_starts(residual), (seed, request.id)


def test_a_limit_that_is_too_low_loses_starts() -> None:
    """The twin: the same search, told that one start less fits, stops before it has found the last one."""
    problem = four_batches()
    (request,) = problem.requests
    late, early = Batch(BatchId("B0"), 0, 5), Batch(BatchId("B1"), 1, 1)
    problem = replace(problem, requests=(replace(request, batches=(late, early)),))
    alone = Alone(problem, 1000)
    batches = in_order(alone.request)
    (choices,) = choices_by_facility(alone, batches).values()
    for lower, most in ((0, 2), (1, 1)):
        search = _Search(alone, batches, choices, [max(0, limit - lower) for limit in limits(problem)], 0)
        search.go(0)
        assert len(search.best) == most
