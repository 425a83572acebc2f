"""The door to solving: the way by size, fallbacks, and what is always said."""

from dataclasses import replace

import pytest

from matcher import dispatch as answering
from matcher.generate import network
from matcher.greedy import greedy
from matcher.large import solve_large
from matcher.measure import objective
from matcher.outcome import Outcome, Progress, SolveOptions
from matcher.problem import Problem
from matcher.serialise import outcome_json, problem_json, seal
from matcher.solve import solve
from matcher.verifier import verify_bytes
from tests.matcher.brute import best_plan
from tests.matcher.drawing import random_problem

QUICK = SolveOptions(effort=1)


def test_a_small_problem_is_solved_exactly() -> None:
    problem = random_problem(1)
    outcome = solve(problem, QUICK)
    assert outcome.objective == best_plan(problem)[0]
    assert outcome.status == "optimal"
    assert verify_bytes(problem_json(problem), outcome_json(outcome)).findings == ()


def test_beyond_the_limit_the_large_way_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "MOST_COLUMNS_OF_ONE_MODEL", 0)
    problem = random_problem(1)
    outcome = solve(problem, QUICK)
    assert outcome.stopped == "effort"
    assert outcome.objective >= objective(problem, greedy(problem))
    assert {"python", "ortools", "numpy", "gmphub"} <= set(outcome.versions)


@pytest.mark.parametrize("limit", [0, 20_000])
def test_passing_the_seconds_fails_a_run_decided_by_effort(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "MOST_COLUMNS_OF_ONE_MODEL", limit)
    outcome = solve(random_problem(1), SolveOptions(effort=1, seconds=0.0))
    assert outcome.status == "unknown"
    assert outcome.stopped == "clock"
    assert outcome.placements == ()


@pytest.mark.parametrize("limit", [0, 20_000])
def test_cancelled_at_once_the_plan_so_far_comes_back(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "MOST_COLUMNS_OF_ONE_MODEL", limit)
    problem = random_problem(2)
    outcome = solve(problem, replace(QUICK, cancelled=lambda: True))
    assert outcome.stopped == "cancelled"
    assert verify_bytes(problem_json(problem), outcome_json(outcome)).findings == ()


@pytest.mark.parametrize("limit", [0, 20_000])
@pytest.mark.parametrize("better", [1, 3])
def test_cancelled_on_the_way_no_plan_that_was_told_is_lost(
    limit: int, better: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked to stop after so many better plans; more would have come."""
    monkeypatch.setattr(answering, "MOST_COLUMNS_OF_ONE_MODEL", limit)
    problem = a_part_of(network("S", 0))
    baseline = objective(problem, greedy(problem))
    told: list[tuple[int, ...]] = []

    def hear(progress: Progress) -> None:
        if progress.objective > max(told, default=baseline):
            told.append(progress.objective)

    outcome = solve(problem, SolveOptions(effort=50, on_progress=hear, cancelled=lambda: len(told) >= better))
    assert len(told) >= better
    assert outcome.stopped == "cancelled"
    assert outcome.objective >= told[-1]
    assert verify_bytes(problem_json(problem), outcome_json(outcome)).findings == ()


def a_part_of(problem: Problem) -> Problem:
    """Every second request on every third facility, which is still too much for them."""
    kept = {facility.id for facility in problem.facilities[::3]}
    suites = tuple(suite for suite in problem.suites if suite.facility in kept)
    names = {suite.id for suite in suites}
    requests = tuple(
        replace(request, options=tuple(option for option in request.options if option.suite in names))
        for request in problem.requests[::2]
    )
    return seal(
        replace(
            problem,
            facilities=problem.facilities[::3],
            suites=suites,
            resources=tuple(one for one in problem.resources if one.facility in kept),
            requests=requests,
            bookings=tuple(one for one in problem.bookings if one.suite in names),
        )
    )


def test_bookings_beyond_a_limit_are_told_and_only_they() -> None:
    seen = {True: 0, False: 0}
    for seed in range(12):
        problem = random_problem(seed)
        outcome = solve(problem, QUICK)
        assert verify_bytes(problem_json(problem), outcome_json(outcome)).findings == ()
        seen[bool(outcome.warnings)] += 1
    assert min(seen.values()) > 0


def test_a_plan_that_breaks_a_rule_is_thrown_away(monkeypatch: pytest.MonkeyPatch) -> None:
    right = solve_large

    def sabotaged(problem: Problem, options: SolveOptions, start: answering.Plan) -> Outcome:
        good = right(problem, options, start)
        return replace(good, placements=tuple(replace(stay, start=-1) for stay in good.placements))

    monkeypatch.setattr(answering, "MOST_COLUMNS_OF_ONE_MODEL", 0)
    monkeypatch.setattr(answering, "solve_large", sabotaged)
    problem = random_problem(3)
    outcome = solve(problem, QUICK)
    assert outcome.placements == greedy(problem) != ()
    assert any("broke a hard rule" in text for text in outcome.warnings)


def test_a_plan_below_the_baseline_is_thrown_away(monkeypatch: pytest.MonkeyPatch) -> None:
    right = solve_large

    def sabotaged(problem: Problem, options: SolveOptions, start: answering.Plan) -> Outcome:
        return replace(right(problem, options, start), placements=())

    monkeypatch.setattr(answering, "MOST_COLUMNS_OF_ONE_MODEL", 0)
    monkeypatch.setattr(answering, "solve_large", sabotaged)
    problem = replace(random_problem(3), policy=replace(random_problem(3).policy, tiers=({"placed": 1},)))
    outcome = solve(problem, QUICK)
    assert outcome.placements == greedy(problem) != ()
    assert any("below the first-come baseline" in text for text in outcome.warnings)
