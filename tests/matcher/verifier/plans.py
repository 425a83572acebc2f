"""Right outcomes of small random problems: random sound plans, right numbers, sometimes a proof."""

import json
import random
from typing import Any

from matcher.admissible import admissible_starts
from matcher.measure import objective, terms
from matcher.outcome import Placement
from matcher.problem import Problem, Request
from matcher.serialise import problem_json
from matcher.verifier.reading import canonical, sha256
from tests.matcher.brute import naive_faults
from tests.matcher.drawing import Features, random_problem

Document = dict[str, Any]
ROOMY = Features(requests=5, batches=3, horizon=12, plans=10**12)
PROVABLE = {"placed", "waiting", "cost", "travel", "preference", "changes"}


def random_plan(problem: Problem, source: random.Random) -> tuple[Placement, ...]:
    """A sound plan, request by request; soundness is judged by the naive reading of the format."""
    plan: tuple[Placement, ...] = ()
    for request in source.sample(problem.requests, len(problem.requests)):
        for _ in range(9):
            longer = tuple(sorted((*plan, *attempt(problem, request, source))))
            if not naive_faults(problem, longer):
                plan = longer
                break
    return plan


def right_outcome(seed: int) -> tuple[Document, Document]:
    """A problem document and an outcome document in which everything is right."""
    source = random.Random(seed)
    problem = random_problem(seed, ROOMY)
    plan = random_plan(problem, source)
    return json.loads(problem_json(problem)), outcome_of(problem, plan, source)


def outcome_of(problem: Problem, plan: tuple[Placement, ...], source: random.Random) -> Document:
    """An outcome with the numbers of the plan, and now and then bounds, status optimal, a proof."""
    values = list(objective(problem, plan))
    optimal = source.random() < 0.3
    loose = [value + source.randint(0, 5) if source.random() < 0.7 else None for value in values]
    names = ("request", "batch", "suite", "start")
    document: Document = {
        "format": "gmphub/outcome/1",
        "problem_sha256": sha256(canonical(json.loads(problem_json(problem)))),
        "status": "optimal" if optimal else "feasible",
        "placements": [{name: getattr(placement, name) for name in names} for placement in plan],
        "objective": values,
        "terms": terms(problem, plan),
        "bound": values if optimal else loose,
        "warnings": ["bookings exceed a limit"],
        "stopped": source.choice(["done", "effort", "clock", "cancelled"]),
        "seed": source.randint(0, 9),
        "effort": source.choice([None, 1, 10]),
        "workers": 1,
        "seconds": source.randint(0, 9),
        "versions": {"python": "3.11"},
    }
    if can_have_proof(problem):
        document["proof"] = random_proof(problem, source)
    return document


def can_have_proof(problem: Problem) -> bool:
    return all(term in PROVABLE or term.startswith("placed_class_") for term in problem.policy.tiers[0])


def random_proof(problem: Problem, source: random.Random) -> Document:
    """Any values that are not negative prove some limit."""
    most = source.choice([0, 3, 30])
    return {
        "scale": source.randint(1, 7),
        "suites": {s.id: [source.randint(0, most) for _ in range(problem.horizon)] for s in problem.suites},
        "resources": {r.id: [source.randint(0, most) for _ in r.capacity] for r in problem.resources},
    }


def attempt(problem: Problem, request: Request, source: random.Random) -> list[Placement]:
    rows = []
    options = source.sample(request.options, min(request.max_sites, len(request.options)))
    for batch in request.batches:
        choices = [(o.suite, s) for o in options for s in admissible_starts(problem, request, batch, o)]
        if choices and (request.all_or_nothing or source.random() < 0.8):
            suite, start = source.choice(choices)
            rows.append(Placement(request.id, batch.id, suite, start))
    return rows
