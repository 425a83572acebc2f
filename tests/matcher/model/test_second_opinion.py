"""The second opinion: agrees with what is right, disputes what is not."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from matcher.measure import objective, terms
from matcher.model import second_opinion, solve_exact
from matcher.outcome import Outcome, SolveOptions
from matcher.problem import Booking, Problem
from tests.matcher.drawing import random_problem

FOLDER = Path(__file__).parents[3] / "matcher" / "model"


def _disagreement(seed: int) -> str | None:
    """In what the two models differ on a drawn problem; None when in nothing."""
    problem = random_problem(seed)
    outcome = solve_exact(problem, SolveOptions(), ())
    opinion = second_opinion(problem, outcome, SolveOptions())
    if not opinion.agrees or opinion.status != "optimal":
        return f"{seed}: {opinion.status}, {opinion.disputed_because}"
    if not opinion.objective == opinion.bound == outcome.objective:
        return f"{seed}: {opinion.objective} up to {opinion.bound} beside {outcome.objective}"
    return None


@pytest.mark.parametrize("seed", range(20))
def test_agrees_with_the_exact_model_on_small_problems(seed: int) -> None:
    assert _disagreement(seed) is None


@pytest.mark.deep
@pytest.mark.parametrize("first", range(0, 400, 50))
def test_agrees_on_hundreds_of_small_problems(first: int) -> None:
    assert [found for seed in range(first, first + 50) if (found := _disagreement(seed))] == []


def _solved() -> tuple[Problem, Outcome]:
    """A problem whose best plan places something in its first tier."""
    for seed in range(100):
        problem = random_problem(seed)
        if "placed" in problem.policy.tiers[0]:
            outcome = solve_exact(problem, SolveOptions(), ())
            if len(outcome.placements) > 1 and outcome.objective > objective(problem, ()):
                return problem, outcome
    raise AssertionError("no drawn problem places anything")


def test_once_cancelled_no_further_tier_is_looked_at() -> None:
    problem, outcome = next(case for seed in range(100) if len((case := _case(seed))[0].policy.tiers) > 1)
    whole = second_opinion(problem, outcome, SolveOptions(cancelled=lambda: False))
    cut = second_opinion(problem, outcome, SolveOptions(cancelled=lambda: True))
    assert (whole.status, None in whole.bound) == ("optimal", False)
    assert (cut.agrees, cut.status, cut.objective) == (True, "feasible", outcome.objective)
    assert cut.bound[1:] == (None,) * (len(problem.policy.tiers) - 1)


def _case(seed: int) -> tuple[Problem, Outcome]:
    problem = random_problem(seed)
    return problem, solve_exact(problem, SolveOptions(), ())


def test_disputes_a_limit_that_a_checked_plan_passes() -> None:
    problem, outcome = _solved()
    nothing = objective(problem, ())
    low = replace(outcome, placements=(), objective=nothing, terms=terms(problem, ()), bound=nothing)
    opinion = second_opinion(problem, low, SolveOptions())
    assert not opinion.agrees
    assert "above the first limit" in opinion.disputed_because


def test_does_not_dispute_a_poorer_plan_with_an_honest_limit() -> None:
    problem, outcome = _solved()
    poorer = replace(outcome, placements=(), objective=objective(problem, ()), status="feasible", bound=(10**9,) * 3)
    assert second_opinion(problem, poorer, SolveOptions()).agrees


def test_disputes_a_plan_that_breaks_a_rule() -> None:
    problem, outcome = _solved()
    first = outcome.placements[0]
    full = tuple(replace(suite, open=()) if suite.id == first.suite else suite for suite in problem.suites)
    opinion = second_opinion(replace(problem, suites=full), outcome, SolveOptions())
    assert not opinion.agrees
    assert "does not admit" in opinion.disputed_because


def test_disputes_a_plan_that_takes_more_places_than_there_are() -> None:
    problem, outcome = _solved()
    first = outcome.placements[0]
    places = next(suite.places for suite in problem.suites if suite.id == first.suite)
    taken = Booking(first.suite, first.start, first.start + 1, places)
    opinion = second_opinion(replace(problem, bookings=(*problem.bookings, taken)), outcome, SolveOptions())
    assert opinion.status == "infeasible"
    assert "proves the plan impossible" in opinion.disputed_because


def test_disputes_a_value_that_it_counts_otherwise() -> None:
    problem, outcome = _solved()
    raised = replace(outcome, objective=(outcome.objective[0] + 1, *outcome.objective[1:]))
    opinion = second_opinion(problem, raised, SolveOptions())
    assert "by the first count" in opinion.disputed_because


def test_imports_nothing_of_the_first_model() -> None:
    for path in FOLDER.glob("second_*.py"):
        tree = ast.parse(path.read_text())
        modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        own = {name for name in modules if name.startswith("matcher")}
        allowed = {"matcher.problem", "matcher.outcome", "matcher.serialise", "matcher.verifier"}
        assert all(name in allowed or name.startswith("matcher.model.second_") for name in own), path.name
