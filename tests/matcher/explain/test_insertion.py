"""One request beside a plan: the search finds as many starts as exhaustive search does, and what it finds holds."""

from dataclasses import replace

import pytest

from matcher.explain.insertion import Insertion, insertion
from matcher.explain.residual import beside, rest_of
from matcher.greedy import greedy
from matcher.outcome import Placement
from matcher.problem import Problem, RequestId
from tests.matcher.brute import all_plans, naive_faults
from tests.matcher.drawing import random_problem

ORDINARY, FULL = range(60), range(60, 700)


def alone_in(problem: Problem, request: RequestId) -> tuple[Problem, tuple[Placement, ...]]:
    """The problem of one request beside the first-come plan, and the plan of all others."""
    plan = greedy(problem)
    asked = next(one for one in problem.requests if one.id == request)
    others = tuple(placement for placement in plan if placement.request != request)
    return beside(rest_of(problem, plan), asked), others


def most_starts(problem: Problem) -> int:
    """The most starts of any plan, by looking at every plan."""
    return max(len(plan) for plan in all_plans(problem))


def compare(seed: int) -> int:
    """Check every request of a random problem; how many were checked."""
    problem = random_problem(seed)
    for request in problem.requests:
        residual, others = alone_in(problem, request.id)
        found = insertion(residual)
        assert found.exact
        assert found.starts == most_starts(residual), (seed, request.id)
        assert naive_faults(problem, (*others, *found.placements)) == [], (seed, request.id)
    return len(problem.requests)


@pytest.mark.parametrize("seed", ORDINARY)
def test_as_many_starts_as_exhaustive_search(seed: int) -> None:
    assert compare(seed) > 0


@pytest.mark.deep
@pytest.mark.parametrize("seed", FULL)
def test_as_many_starts_as_exhaustive_search_in_full(seed: int) -> None:
    assert compare(seed) > 0


def test_a_search_without_steps_says_that_it_is_not_exact() -> None:
    problem = next(
        residual
        for seed in range(100)
        for residual, _ in [alone_in(random_problem(seed), RequestId("Q0"))]
        if insertion(residual).starts > 1
    )
    given_up = insertion(problem, steps=0)
    assert not given_up.exact
    assert given_up.most >= insertion(problem).starts


def test_a_spoiled_rest_is_noticed() -> None:
    """The twin: a rest that forgets the plan's stays finds starts that break the whole plan."""
    broken = 0
    for seed in range(60):
        problem = random_problem(seed)
        residual, others = alone_in(problem, problem.requests[-1].id)
        own = {booking for booking in residual.bookings if booking in problem.bookings}
        forgetful = replace(residual, bookings=tuple(booking for booking in residual.bookings if booking in own))
        found: Insertion = insertion(forgetful)
        broken += naive_faults(problem, (*others, *found.placements)) != []
    assert broken > 0
