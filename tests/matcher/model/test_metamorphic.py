"""Changes of a problem with a known effect: what must not change, and what must not get worse."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from matcher.generate import network
from matcher.model import solve_exact
from matcher.outcome import Outcome, SolveOptions
from matcher.problem import Batch, Policy, Problem, RequestId, Use
from tests.matcher.drawing import random_problem

FINER = 10**8


def _solved(problem: Problem) -> Outcome:
    outcome = solve_exact(problem, SolveOptions(), ())
    assert outcome.status == "optimal"
    return outcome


def _heavier(batch: Batch) -> Batch:
    return batch if batch.weight is None else replace(batch, weight=batch.weight + 2)


def _raising_a_weight_never_hurts_its_request(seed: int) -> bool:
    """With placed weight alone as the policy, the heavier request gets no fewer batches."""
    problem = replace(random_problem(seed), policy=Policy(({"placed": 1},)))
    for request in problem.requests:
        raised = replace(
            request, weight=request.weight + 2, batches=tuple(_heavier(batch) for batch in request.batches)
        )
        others = tuple(raised if each.id == request.id else each for each in problem.requests)
        before, after = _solved(problem), _solved(replace(problem, requests=others))
        if after.objective[0] < before.objective[0] or _batches(after, request.id) < _batches(before, request.id):
            return False
    return True


def _batches(outcome: Outcome, request: RequestId) -> int:
    return sum(1 for placement in outcome.placements if placement.request == request)


def _removing_an_unmatched_request_changes_no_value(seed: int) -> bool:
    """Without the terms that count a request by its mere presence, the best values stay."""
    problem = replace(random_problem(seed), previous=(), policy=Policy(({"placed": 1}, {"waiting": 1}, {"cost": 1})))
    outcome = _solved(problem)
    served = {placement.request for placement in outcome.placements}
    left = tuple(request for request in problem.requests if request.id in served)
    smaller = _solved(replace(problem, requests=left))
    return smaller.objective == outcome.objective


def _scaling_the_weights_scales_the_values(seed: int) -> bool:
    problem = random_problem(seed)
    scaled = replace(
        problem,
        policy=Policy(tuple({term: 7 * weight for term, weight in tier.items()} for tier in problem.policy.tiers)),
    )
    one, other = _solved(problem), _solved(scaled)
    sevenfold = tuple(7 * value for value in one.objective)
    return (other.objective, other.placements) == (sevenfold, one.placements)


def _adding_capacity_never_lowers_the_values(seed: int) -> bool:
    problem = random_problem(seed)
    roomier = replace(
        problem,
        suites=tuple(
            suite if suite.changeover or suite.exclusive else replace(suite, places=suite.places + 1)
            for suite in problem.suites
        ),
        resources=tuple(
            replace(resource, capacity=tuple(amount + 1 for amount in resource.capacity))
            for resource in problem.resources
        ),
    )
    return _solved(roomier).objective >= _solved(problem).objective


def _other_units_change_no_value(seed: int) -> bool:
    """What is counted in units a hundred million times smaller fits as before."""
    problem = random_problem(seed)
    finer = replace(
        problem,
        resources=tuple(
            replace(resource, capacity=tuple(FINER * amount for amount in resource.capacity))
            for resource in problem.resources
        ),
        bookings=tuple(replace(booking, uses=_finer(booking.uses)) for booking in problem.bookings),
        requests=tuple(
            replace(request, options=tuple(replace(option, uses=_finer(option.uses)) for option in request.options))
            for request in problem.requests
        ),
    )
    return _solved(finer).objective == _solved(problem).objective


def _finer(uses: tuple[Use, ...]) -> tuple[Use, ...]:
    return tuple(replace(use, amount=FINER * use.amount) for use in uses)


def _shuffled_lists_give_the_same_plan(seed: int) -> bool:
    problem = random_problem(seed)
    one, other = _solved(problem), _solved(_backwards(problem))
    return (other.placements, other.objective, other.bound) == (one.placements, one.objective, one.bound)


def _backwards(problem: Problem) -> Problem:
    return replace(
        problem,
        facilities=problem.facilities[::-1],
        suites=problem.suites[::-1],
        resources=problem.resources[::-1],
        bookings=problem.bookings[::-1],
        previous=problem.previous[::-1],
        requests=tuple(
            replace(request, batches=request.batches[::-1], options=request.options[::-1])
            for request in problem.requests[::-1]
        ),
    )


RELATIONS: tuple[Callable[[int], bool], ...] = (
    _raising_a_weight_never_hurts_its_request,
    _removing_an_unmatched_request_changes_no_value,
    _scaling_the_weights_scales_the_values,
    _adding_capacity_never_lowers_the_values,
    _shuffled_lists_give_the_same_plan,
    _other_units_change_no_value,
)


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("seed", range(5))
def test_relation_holds(relation: Callable[[int], bool], seed: int) -> None:
    assert relation(seed)


@pytest.mark.deep
@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("first", range(0, 300, 25))
def test_relation_holds_three_hundred_times(relation: Callable[[int], bool], first: int) -> None:
    assert [seed for seed in range(first, first + 25) if not relation(seed)] == []


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(2))
def test_a_whole_network_backwards_gets_the_same_plan(seed: int) -> None:
    problem = network("S", seed)
    one = solve_exact(problem, SolveOptions(effort=1), ())
    other = solve_exact(_backwards(problem), SolveOptions(effort=1), ())
    assert (other.placements, other.objective, other.bound) == (one.placements, one.objective, one.bound)
