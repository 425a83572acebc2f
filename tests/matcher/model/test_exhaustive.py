"""The exact model against every plan there is, on small random problems with every feature."""

from dataclasses import replace

import pytest

from matcher.measure import objective
from matcher.model import solve_exact
from matcher.outcome import Outcome, Placement, SolveOptions
from matcher.problem import Problem
from tests.matcher.brute import best_plan, naive_faults
from tests.matcher.drawing import random_problem


def _faults_beside_exhaustive_search(seed: int) -> list[str]:
    """In what the answer to a drawn problem differs from the best of all plans."""
    problem = random_problem(seed)
    best, _ = best_plan(problem)
    outcome = solve_exact(problem, SolveOptions(), ())
    wanted = {
        "no rule broken": naive_faults(problem, outcome.placements) == [],
        "the value is the plan's own": outcome.objective == objective(problem, outcome.placements),
        "the best value": outcome.objective == best,
        "the limit is that value": outcome.bound == best,
        "called optimal": outcome.status == "optimal",
        "without a warning": outcome.warnings == (),
    }
    return [f"{seed}: {what}" for what, holds in wanted.items() if not holds]


@pytest.mark.parametrize("seed", range(200))
def test_a_small_problem_gets_the_best_of_all_plans(seed: int) -> None:
    assert _faults_beside_exhaustive_search(seed) == []


@pytest.mark.deep
@pytest.mark.parametrize("first", range(0, 2000, 50))
def test_two_thousand_small_problems_get_the_best_of_all_plans(first: int) -> None:
    assert [fault for seed in range(first, first + 50) for fault in _faults_beside_exhaustive_search(seed)] == []


def test_a_poorer_plan_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotage: the empty plan handed out as the best one."""
    honest = solve_exact

    def nothing(problem: Problem, _options: SolveOptions, _start: tuple[Placement, ...]) -> Outcome:
        return replace(honest(problem, SolveOptions(), ()), placements=(), objective=objective(problem, ()))

    monkeypatch.setattr("tests.matcher.model.test_exhaustive.solve_exact", nothing)
    assert any("the best value" in fault for seed in range(5) for fault in _faults_beside_exhaustive_search(seed))
