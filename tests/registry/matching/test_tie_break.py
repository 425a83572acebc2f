"""Ties are broken by a rank that was committed to: nothing of the plan's value changes, and anybody can work it out."""

import hashlib
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from matcher.greedy import greedy
from matcher.measure import objective, terms
from matcher.occupancy import plan_holds
from matcher.outcome import Outcome
from matcher.problem import Problem
from matcher.serialise import seal
from registry.matching.calculation import prepare
from registry.matching.tie_break import ranked, seed_of, served_by_rank
from tests.matcher.drawing import random_problem
from tests.registry.matching.small import small_facts

secrets = st.text(alphabet="0123456789abcdef", min_size=64, max_size=64)


def outcome_of(problem: Problem) -> Outcome:
    """The baseline as an outcome."""
    plan = tuple(sorted(greedy(problem)))
    return Outcome(
        problem_sha256=problem.sha256,
        status="feasible",
        placements=plan,
        objective=objective(problem, plan),
        terms=terms(problem, plan),
        bound=(None,) * len(problem.policy.tiers),
        stopped="done",
        seed=0,
        effort=1,
        workers=1,
        seconds=0.0,
    )


def doubled(problem: Problem) -> Problem:
    """The problem with each request twice, the second under another name, so that many are alike."""
    again = tuple(replace(request, id=type(request.id)(f"{request.id} again")) for request in problem.requests)
    return seal(replace(problem, requests=(*problem.requests, *again), previous=()))


@given(st.integers(0, 10_000), secrets)
def test_exchanged_places_keep_every_rule_and_every_value(seed: int, secret: str) -> None:
    problem = doubled(random_problem(seed))
    before = outcome_of(problem)
    after = served_by_rank(problem, before, ranked(secret, (request.id for request in problem.requests)))

    assert plan_holds(problem, after.placements)
    assert terms(problem, after.placements) == before.terms
    assert objective(problem, after.placements) == before.objective
    assert list(after.placements) == sorted(after.placements)


@given(secrets)
def test_the_earlier_rank_is_served_first(secret: str) -> None:
    problem = prepare(small_facts()).formulated.problem
    alike = [request.id for request in problem.requests if request.options]
    rank = ranked(secret, alike)
    after = served_by_rank(problem, outcome_of(problem), rank)
    assert {placement.request for placement in after.placements} == set(rank[:2])


def test_without_a_rank_nothing_moves() -> None:
    problem = prepare(small_facts()).formulated.problem
    before = outcome_of(problem)
    assert served_by_rank(problem, before, ()) == before


def test_requests_that_differ_keep_their_places() -> None:
    problem = prepare(small_facts()).formulated.problem
    before = outcome_of(problem)
    served = {placement.request for placement in before.placements}
    changed = tuple(
        replace(request, urgency=number) if request.options else request
        for number, request in enumerate(problem.requests)
    )
    other = seal(replace(problem, requests=changed))
    rank = tuple(sorted((request.id for request in other.requests), key=lambda request: request in served))
    assert served_by_rank(other, before, rank) == before
    assert served_by_rank(problem, before, rank) != before


def test_the_rank_is_the_hash_that_is_published() -> None:
    ids = ("R1", "R2", "R3")
    digests = {request: hashlib.sha256(f"secret{request}".encode()).hexdigest() for request in ids}
    assert ranked("secret", ids) == tuple(sorted(ids, key=lambda request: digests[request]))
    assert ranked("secret", reversed(ids)) == ranked("secret", ids)


@given(secrets)
def test_the_seed_fits_every_solver(secret: str) -> None:
    assert 0 <= seed_of(secret) < 2**31
    assert seed_of(secret) == seed_of(secret)
