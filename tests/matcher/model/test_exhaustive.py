"""The exact model against every plan there is, on small random problems with every feature."""

import pytest

from matcher.measure import objective
from matcher.model import solve_exact
from matcher.outcome import SolveOptions
from tests.matcher.brute import best_plan, naive_faults
from tests.matcher.drawing import random_problem


def _equals_exhaustive_search(seed: int) -> None:
    problem = random_problem(seed)
    best, _ = best_plan(problem)
    outcome = solve_exact(problem, SolveOptions(), ())
    assert naive_faults(problem, outcome.placements) == []
    assert outcome.objective == objective(problem, outcome.placements) == best
    assert outcome.bound == best
    assert outcome.status == "optimal"
    assert outcome.warnings == ()


@pytest.mark.parametrize("seed", range(30))
def test_a_small_problem_gets_the_best_of_all_plans(seed: int) -> None:
    _equals_exhaustive_search(seed)


@pytest.mark.deep
@pytest.mark.parametrize("first", range(0, 2000, 50))
def test_two_thousand_small_problems_get_the_best_of_all_plans(first: int) -> None:
    for seed in range(first, first + 50):
        _equals_exhaustive_search(seed)
