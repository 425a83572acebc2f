"""Generalised assignment instances become problems."""

import json
from pathlib import Path

import pytest

from matcher.convert import UnreadableInstance, gap_problem
from matcher.measure import objective
from matcher.problem import Problem
from matcher.serialise import read_problem
from tests.matcher.brute import best_plan

SMALL = "2 3  4 1 5  2 6 3  2 2 2  3 1 2  4 3"


def read(text: str) -> Problem:
    found = read_problem(json.dumps(gap_problem(text)).encode())
    assert isinstance(found, Problem), found.faults
    return found


def test_agents_become_facilities_and_jobs_become_requests() -> None:
    problem = read(SMALL)
    assert [suite.places for suite in problem.suites] == [3, 3]
    assert [suite.open for suite in problem.suites] == [((0, 1),), ((0, 1),)]
    assert [resource.capacity for resource in problem.resources] == [(4,), (3,)]
    assert [[option.cost for option in request.options] for request in problem.requests] == [[4, 2], [1, 6], [5, 3]]
    sizes = [[option.uses[0].amount for option in request.options] for request in problem.requests]
    assert sizes == [[2, 3], [2, 1], [2, 2]]
    assert problem.policy.tiers == ({"placed": 1}, {"cost": 1})


def test_the_best_plan_is_the_cheapest_assignment() -> None:
    problem = read(SMALL)
    best, plan = best_plan(problem)
    assert best == objective(problem, plan) == (3, -8)


def test_a_stored_instance_is_read() -> None:
    text = (Path(__file__).parent / "instances" / "assignment_3_8.txt").read_text(encoding="ascii")
    problem = read(text)
    assert (len(problem.suites), len(problem.requests)) == (3, 8)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "before the number of agents"),
        ("2", "before the number of jobs"),
        ("0 3", "at least 1"),
        ("2 3 1 2", "costs of agent 0"),
        (SMALL[:-2], "capacities"),
        (SMALL + " 1", "more numbers"),
        (SMALL.replace("6", "-6"), "'-6'"),
        (SMALL.replace("6", "6.0"), "'6.0'"),
        (SMALL.replace("6", "six"), "'six'"),
        ("1000000 1000000", "not so many"),
        ("1 1 " + "9" * 5000, "is no whole number"),
    ],
)
def test_what_is_no_instance_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(UnreadableInstance, match=why):
        gap_problem(text)
