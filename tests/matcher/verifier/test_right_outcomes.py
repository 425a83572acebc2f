"""Right outcomes raise no alarm; plans good and bad are judged as the naive reading of the format judges them."""

import json
import random

import pytest

from matcher.greedy import greedy
from matcher.measure import objective, terms
from matcher.outcome import Placement
from matcher.serialise import problem_json
from matcher.verifier import verify, verify_bytes
from tests.matcher.brute import best_plan, naive_faults
from tests.matcher.drawing import Features, random_problem
from tests.matcher.verifier.plans import ROOMY, attempt, can_have_proof, outcome_of, random_proof, right_outcome


def false_alarms(seeds: range) -> list[int]:
    """The seeds whose right outcome the verifier finds something in."""
    return [seed for seed in seeds if verify(*right_outcome(seed)).exit_code != 0]


def test_no_false_alarm() -> None:
    assert false_alarms(range(200)) == []


@pytest.mark.deep
def test_no_false_alarm_in_two_thousand() -> None:
    assert false_alarms(range(2000)) == []


def test_the_plans_of_these_outcomes_are_not_all_empty() -> None:
    sizes = [len(right_outcome(seed)[1]["placements"]) for seed in range(100)]
    assert sum(size > 0 for size in sizes) >= 60
    assert sum(size > 2 for size in sizes) >= 20


def disagreements(seeds: range) -> list[int]:
    """The seeds where verifier and naive reading differ over a careless plan, its terms or its objective."""
    found = []
    for seed in seeds:
        source = random.Random(seed)
        problem = random_problem(seed)
        rows = [row for request in problem.requests for row in attempt(problem, request, source)]
        plan: tuple[Placement, ...] = tuple(sorted(rows))
        document = json.loads(problem_json(problem))
        report = verify(document, outcome_of(problem, plan, source))
        hard = [finding for finding in report.findings if finding.check != "proof"]
        same = report.terms == terms(problem, plan) and report.objective == objective(problem, plan)
        if bool(hard) != bool(naive_faults(problem, plan)) or not same:
            found.append(seed)
    return found


def test_careless_plans_are_judged_alike() -> None:
    assert disagreements(range(300)) == []


@pytest.mark.deep
def test_ten_thousand_careless_plans_are_judged_alike() -> None:
    assert disagreements(range(10_000)) == []


def unproved(seeds: range) -> list[int]:
    """The seeds where a proof with random values lies below the best plan: weak duality says there are none."""
    found = []
    for seed in seeds:
        problem = random_problem(seed, Features(plans=300))
        if can_have_proof(problem):
            source = random.Random(seed)
            (best, *_), plan = best_plan(problem)
            answer = outcome_of(problem, plan, source) | {"proof": random_proof(problem, source)}
            limit = verify(json.loads(problem_json(problem)), answer).proof_bound
            if limit is None or limit < best:
                found.append(seed)
    return found


def test_no_proof_lies_below_the_best_plan() -> None:
    assert unproved(range(150)) == []


@pytest.mark.deep
def test_no_proof_lies_below_the_best_plan_in_two_thousand() -> None:
    assert unproved(range(2000)) == []


def test_the_greedy_baseline_is_found_right_from_its_bytes() -> None:
    for seed in range(100):
        problem = random_problem(seed, ROOMY)
        answer = outcome_of(problem, tuple(sorted(greedy(problem))), random.Random(seed))
        report = verify_bytes(problem_json(problem), json.dumps(answer).encode())
        assert report.findings == ()
        assert report.refused == ()
