"""How the exact way behaves: fallbacks, cancelling, progress, large numbers, limits that never promise too much."""

from dataclasses import replace
from pathlib import Path

import pytest

from matcher.generate import network
from matcher.greedy import greedy
from matcher.measure import objective
from matcher.model import column_count, solve_exact
from matcher.model.linear import Linear
from matcher.model.tiers import safe_bound
from matcher.occupancy import plan_holds
from matcher.outcome import Placement, Progress, SolveOptions
from matcher.problem import BatchId, Option, Policy, Problem, Request, Resource, Use
from matcher.reading.problems import read_problem
from tests.matcher.brute import best_plan, naive_faults
from tests.matcher.drawing import random_problem

_BILLION = 10**9
INSTANCES = Path(__file__).parents[1] / "instances"


def test_a_start_that_breaks_a_rule_is_not_used() -> None:
    problem = random_problem(3)
    best = solve_exact(problem, SolveOptions(), ())
    twice = tuple(replace(each, start=each.start + 100) for each in best.placements)
    assert solve_exact(problem, SolveOptions(), twice).placements == best.placements


def test_the_best_plan_as_a_start_is_kept() -> None:
    problem = random_problem(4)
    best = solve_exact(problem, SolveOptions(), ())
    again = solve_exact(problem, SolveOptions(), best.placements)
    assert (again.objective, again.status) == (best.objective, "optimal")


def test_nothing_to_place_is_optimal() -> None:
    problem = replace(random_problem(5), requests=(), previous=())
    outcome = solve_exact(problem, SolveOptions(), ())
    assert (outcome.status, outcome.placements, outcome.stopped) == ("optimal", (), "done")
    assert column_count(problem) == 0


def test_cancelled_gives_the_plan_so_far() -> None:
    problem = network("S", 0)
    start = greedy(problem)
    polls = iter(range(10**6))
    outcome = solve_exact(problem, SolveOptions(effort=None, seconds=60, cancelled=lambda: next(polls) > 20), start)
    assert outcome.stopped == "cancelled"
    assert outcome.status == "feasible"
    assert plan_holds(problem, outcome.placements)
    assert outcome.objective >= objective(problem, start)


def test_progress_tells_values_and_limits_that_only_improve() -> None:
    problem = network("S", 1)
    told: list[Progress] = []
    options = SolveOptions(effort=None, seconds=3, workers=2, on_progress=told.append)
    outcome = solve_exact(problem, options, greedy(problem))
    values = [progress.objective for progress in told]
    limits = [progress.bound[0] for progress in told if progress.bound[0] is not None]
    assert values == sorted(values)
    assert limits == sorted(limits, reverse=True)
    assert outcome.objective >= values[-1]
    assert outcome.bound[0] is not None
    assert outcome.bound[0] >= outcome.objective[0]


def _with_large_numbers(problem: Problem) -> Problem:
    """Weights, costs and capacities times a billion: the same plans are best, but floats no longer suffice."""
    return replace(
        problem,
        requests=tuple(_large_request(request) for request in problem.requests),
        resources=tuple(_large_resource(resource) for resource in problem.resources),
        bookings=tuple(replace(item, uses=tuple(_large_use(use) for use in item.uses)) for item in problem.bookings),
    )


def _large_request(request: Request) -> Request:
    batches = tuple(replace(each, weight=_BILLION * request.weight_of(each) + 1) for each in request.batches)
    return replace(request, batches=batches, options=tuple(_large_option(option) for option in request.options))


def _large_option(option: Option) -> Option:
    return replace(option, cost=option.cost * _BILLION, uses=tuple(_large_use(use) for use in option.uses))


def _large_use(use: Use) -> Use:
    return replace(use, amount=use.amount * _BILLION)


def _large_resource(resource: Resource) -> Resource:
    return replace(resource, capacity=tuple(amount * _BILLION + 1 for amount in resource.capacity))


@pytest.mark.parametrize("seed", range(15))
def test_large_numbers_are_counted_in_whole_numbers(seed: int) -> None:
    problem = _with_large_numbers(random_problem(seed))
    best, _ = best_plan(problem)
    outcome = solve_exact(problem, SolveOptions(), ())
    assert naive_faults(problem, outcome.placements) == []
    assert outcome.objective == outcome.bound == best


@pytest.mark.parametrize("unit", [1, 100, 10_000])
def test_what_is_taken_once_may_differ_by_tens_of_millions_between_suites(unit: int) -> None:
    """In units of 10,000 no amount is beyond what a solver counts in floating point; the best plan is the same."""
    problem = read_problem((INSTANCES / "spread_once.json").read_bytes())
    assert isinstance(problem, Problem)
    coarser = _in_units(problem, unit)
    outcome = solve_exact(coarser, SolveOptions(), ())
    assert (outcome.status, outcome.objective, outcome.bound) == ("optimal", (23,), (23,))
    assert best_plan(coarser)[0] == (23,)


def _in_units(problem: Problem, unit: int) -> Problem:
    def uses(of: tuple[Use, ...]) -> tuple[Use, ...]:
        return tuple(replace(use, amount=use.amount // unit) for use in of)

    return replace(
        problem,
        resources=tuple(
            replace(each, capacity=tuple(amount // unit for amount in each.capacity)) for each in problem.resources
        ),
        requests=tuple(
            replace(request, options=tuple(replace(option, uses=uses(option.uses)) for option in request.options))
            for request in problem.requests
        ),
    )


def test_a_tier_of_a_class_nobody_has_is_worth_nothing() -> None:
    problem = replace(random_problem(6), policy=Policy(({"placed_class_77": 1}, {"placed": 1})))
    outcome = solve_exact(problem, SolveOptions(), ())
    assert outcome.objective[0] == 0
    assert outcome.status == "optimal"


def test_an_unknown_batch_in_the_start_is_refused_by_the_lookup() -> None:
    problem = random_problem(7)
    request = problem.requests[0]
    stranger = Placement(request.id, BatchId("nobody"), request.options[0].suite, 0)
    with pytest.raises(KeyError):
        solve_exact(problem, SolveOptions(), (stranger,))


@pytest.mark.parametrize(
    ("solver_bound", "limit"),
    [(4.0, 13), (3.99999, 13), (4.00001, 13), (3.999, 10), (3.5, 10), (float("inf"), None)],
)
def test_a_limit_is_rounded_down_only_where_there_is_no_doubt(solver_bound: float, limit: int | None) -> None:
    expression = Linear({0: 3, 1: 6}, constant=1)
    assert safe_bound(expression, solver_bound) == limit
