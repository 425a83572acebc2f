"""The way for large problems, on small ones where brute force knows the truth."""

import json
import os
import random
import subprocess
import sys
from dataclasses import replace

import pytest

from matcher.greedy import greedy
from matcher.large import solve_large
from matcher.large.bounds import proved_bound
from matcher.large.canonical import canonical_problem
from matcher.large.limits import overbooked
from matcher.large.setting import build_setting
from matcher.measure import objective
from matcher.outcome import Outcome, Progress, SolveOptions
from matcher.problem import Problem
from matcher.serialise import outcome_json, problem_document, problem_json, read_problem
from matcher.verifier import verify_bytes
from tests.matcher.brute import best_plan
from tests.matcher.drawing import Features, random_problem

QUICK = SolveOptions(effort=1)
WIDER = Features(requests=9, batches=4, horizon=14, plans=10**30)
DEEP = [pytest.param(seed, marks=pytest.mark.deep) for seed in range(20, 300)]


def _solved(problem: Problem, options: SolveOptions = QUICK) -> Outcome:
    outcome = solve_large(problem, options, greedy(problem))
    return replace(outcome, warnings=(*overbooked(problem), *outcome.warnings))


@pytest.mark.parametrize("seed", [*range(20), *DEEP])
def test_plans_pass_the_verifier_and_limits_hold_for_every_plan(seed: int) -> None:
    problem = random_problem(seed)
    outcome = _solved(problem)
    report = verify_bytes(problem_json(problem), outcome_json(outcome))
    assert report.findings == ()
    best, _ = best_plan(problem)
    assert objective(problem, greedy(problem)) <= outcome.objective <= best
    for tier, bound in enumerate(outcome.bound):
        if outcome.objective[:tier] != best[:tier]:
            break
        assert bound is not None
        assert bound >= best[tier]
    assert outcome.status == ("optimal" if outcome.bound == outcome.objective else "feasible")
    assert outcome.status != "optimal" or outcome.objective == best


def test_nearly_all_small_problems_are_solved_to_the_best_plan() -> None:
    best = [_solved(random_problem(seed)).objective == best_plan(random_problem(seed))[0] for seed in range(300, 330)]
    assert sum(best) >= 27


@pytest.mark.parametrize("seed", range(12))
def test_a_wider_problem_passes_the_verifier_and_is_not_below_the_baseline(seed: int) -> None:
    problem = random_problem(seed, WIDER)
    outcome = _solved(problem)
    assert verify_bytes(problem_json(problem), outcome_json(outcome)).findings == ()
    assert outcome.objective >= objective(problem, greedy(problem))


@pytest.mark.parametrize("seed", range(12))
def test_the_proof_adds_up_to_no_less_than_the_limit_and_falls_with_a_value_changed(seed: int) -> None:
    problem = random_problem(seed, replace(WIDER, tiers=1))
    problem = replace(problem, policy=replace(problem.policy, tiers=({"placed": 3, "waiting": 1},)))
    outcome = _solved(problem)
    assert outcome.proof is not None
    assert outcome.bound[0] is not None
    setting = build_setting(canonical_problem(problem))
    assert proved_bound(setting, outcome.proof) >= outcome.bound[0] >= outcome.objective[0]


def _shuffled(problem: Problem, seed: int) -> Problem:
    """The same problem with every list of its document in another order."""
    dice = random.Random(seed)

    def mixed(value: object) -> object:
        if isinstance(value, dict):
            keys = list(value)
            dice.shuffle(keys)
            return {key: mixed(value[key]) for key in keys}
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return dice.sample([mixed(item) for item in value], len(value))
        return value

    document = problem_document(problem)
    tiers = document["policy"]
    mixed_document = mixed(document)
    assert isinstance(mixed_document, dict)
    mixed_document["policy"] = tiers
    read = read_problem(json.dumps(mixed_document).encode())
    assert isinstance(read, Problem)
    return read


def _answer(outcome: Outcome) -> tuple[object, ...]:
    return outcome.placements, outcome.objective, outcome.terms, outcome.bound


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_the_file_changes_nothing(seed: int) -> None:
    problem = random_problem(seed, WIDER)
    assert _answer(_solved(_shuffled(problem, seed))) == _answer(_solved(problem))


PRINT = """
from matcher.greedy import greedy
from matcher.large import solve_large
from matcher.outcome import SolveOptions
from tests.matcher.drawing import random_problem
from tests.matcher.large.test_solving import WIDER
problem = random_problem(3, WIDER)
outcome = solve_large(problem, SolveOptions(effort=1), greedy(problem))
print(outcome.placements, outcome.objective, sorted(outcome.terms.items()), outcome.bound)
"""


def test_the_hash_seed_changes_nothing() -> None:
    printed = {
        subprocess.run(
            [sys.executable, "-c", PRINT],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(printed) == 1
    assert printed != {""}


def test_two_workers_keep_every_rule_and_repeat() -> None:
    problem = random_problem(5, WIDER)
    options = replace(QUICK, workers=2)
    outcome = _solved(problem, options)
    assert verify_bytes(problem_json(problem), outcome_json(outcome)).findings == ()
    assert _answer(_solved(problem, options)) == _answer(outcome)


def test_cancelled_at_once_it_hands_back_the_plan_it_was_given() -> None:
    problem = random_problem(5, WIDER)
    outcome = _solved(problem, replace(QUICK, cancelled=lambda: True))
    assert outcome.stopped == "cancelled"
    assert outcome.placements == greedy(problem)
    assert verify_bytes(problem_json(problem), outcome_json(outcome)).findings == ()


def test_cancelled_while_improving_it_hands_back_the_best_plan_so_far() -> None:
    problem = random_problem(5, WIDER)
    seen: list[Progress] = []
    options = SolveOptions(effort=1000, on_progress=seen.append, cancelled=lambda: len(seen) > 1)
    outcome = _solved(problem, options)
    assert outcome.stopped == "cancelled"
    assert outcome.objective >= objective(problem, greedy(problem))
    assert verify_bytes(problem_json(problem), outcome_json(outcome)).findings == ()


def test_an_exploration_ends_by_the_clock_and_still_has_its_limits() -> None:
    problem = random_problem(5, WIDER)
    outcome = _solved(problem, SolveOptions(effort=None, seconds=1.0))
    assert outcome.stopped in {"clock", "done"}
    assert None not in outcome.bound
    assert verify_bytes(problem_json(problem), outcome_json(outcome)).findings == ()


def test_a_problem_without_any_start_gives_an_empty_plan_that_is_optimal() -> None:
    problem = replace(random_problem(5), requests=())
    outcome = _solved(problem)
    assert outcome.placements == ()
    assert None not in outcome.bound
