"""What a plan is worth: the terms of the problem format and their sums per tier."""

from collections.abc import Iterable, Mapping

from matcher.admissible import has_start
from matcher.lookup import lookup, once_per_problem
from matcher.outcome import Placement
from matcher.problem import Problem

LARGE_IS_GOOD = ("placed", "fairness")
"""Terms that are to be large, `placed_class_k` among them by its beginning; every other term is to be small."""


def terms(problem: Problem, placements: Iterable[Placement]) -> dict[str, int]:
    """Every term of the problem format, unsigned, for a plan that names only what the problem holds.

    `placed_class_k` is given for each class that some request has. Units: `placed` in patients (weights),
    `waiting` in patients times ticks, the others as the options state them.
    """
    plan = tuple(placements)
    found = lookup(problem)
    values = dict.fromkeys(("placed", "fairness", "waiting", "cost", "travel", "preference", "sites", "changes"), 0)
    values.update({f"placed_class_{request.urgency}": 0 for request in problem.requests})
    for placement in plan:
        request = found.requests[placement.request]
        batch = found.batches[placement.request, placement.batch]
        option = found.options[placement.request, placement.suite]
        weight = request.weight_of(batch)
        values["placed"] += weight
        values[f"placed_class_{request.urgency}"] += weight
        values["waiting"] += weight * (placement.start - batch.earliest)
        values["cost"] += option.cost
        values["travel"] += option.travel
        values["preference"] += option.preference
    values["sites"] = len({(placement.request, found.suites[placement.suite].facility) for placement in plan})
    values["changes"] = _changes(problem, plan)
    values["fairness"] = _fairness(problem, plan)
    return values


def objective(problem: Problem, placements: Iterable[Placement]) -> tuple[int, ...]:
    """The value of each tier, most important first; every one is to be large."""
    return tier_values(problem.policy.tiers, terms(problem, placements))


def tier_values(tiers: Iterable[Mapping[str, int]], values: Mapping[str, int]) -> tuple[int, ...]:
    """Σ weight · term per tier, small-is-good terms with a minus; a class nobody has counts 0."""
    return tuple(sum(sign_of(term) * weight * values.get(term, 0) for term, weight in tier.items()) for tier in tiers)


def sign_of(term: str) -> int:
    """1 for a term that is to be large, -1 for one that is to be small."""
    return 1 if term.startswith(LARGE_IS_GOOD) else -1


def _changes(problem: Problem, plan: tuple[Placement, ...]) -> int:
    now: dict[tuple[str, str], tuple[str, int]] = {
        (placement.request, placement.batch): (placement.suite, placement.start) for placement in plan
    }
    return sum((was.suite, was.start) != now.get((was.request, was.batch)) for was in problem.previous)


@once_per_problem
def fairness_totals(problem: Problem) -> dict[str, int]:
    """Weight per group over the batches with an admissible start; groups without any are left out."""
    totals: dict[str, int] = {}
    for request in problem.requests:
        if request.group is None:
            continue
        weight = sum(request.weight_of(batch) for batch in request.batches if has_start(problem, request, batch))
        if weight:
            totals[request.group] = totals.get(request.group, 0) + weight
    return totals


def _fairness(problem: Problem, plan: tuple[Placement, ...]) -> int:
    totals = fairness_totals(problem)
    placed = dict.fromkeys(totals, 0)
    found = lookup(problem)
    for placement in plan:
        request = found.requests[placement.request]
        if request.group is not None:
            placed[request.group] += request.weight_of(found.batches[placement.request, placement.batch])
    return min((1000 * placed[group] // total for group, total in totals.items()), default=0)
