"""The terms of a plan and the values of its tiers, by the words of the format."""

from collections import defaultdict

from matcher.verifier.formats import SMALL_TERMS
from matcher.verifier.plan import Plan
from matcher.verifier.problem import Problem
from matcher.verifier.starts import all_starts, batch_starts


def measured(problem: Problem, plan: Plan) -> dict[str, int]:
    """Return every term of the plan, unsigned; `placed_class_k` for each class that a request has."""
    terms = {"placed": 0}
    terms |= {f"placed_class_{k}": 0 for k in sorted({request.urgency for request in problem.requests.values()})}
    terms |= {"fairness": _fairness(problem, plan)}
    terms |= dict.fromkeys(SMALL_TERMS, 0)
    kept = 0
    for name, placements in plan.items():
        terms["sites"] += len({placed.facility for placed in placements})
        for placed in placements:
            weight = placed.batch.weight
            terms["placed"] += weight
            terms[f"placed_class_{placed.request.urgency}"] += weight
            terms["waiting"] += weight * (placed.start - placed.batch.earliest)
            terms["cost"] += placed.option.cost
            terms["travel"] += placed.option.travel
            terms["preference"] += placed.option.preference
            kept += problem.previous.get((name, placed.batch.id)) == (placed.option.suite, placed.start)
    terms["changes"] = len(problem.previous) - kept
    return terms


def valued(problem: Problem, terms: dict[str, int]) -> tuple[int, ...]:
    """Return the value of each tier; a class that nobody has counts 0."""
    return tuple(
        sum((-weight if term in SMALL_TERMS else weight) * terms.get(term, 0) for term, weight in tier.items())
        for tier in problem.tiers
    )


def _fairness(problem: Problem, plan: Plan) -> int:
    """Return the smallest share, in thousandths, over groups with a batch that has an admissible start."""
    total: dict[str, int] = defaultdict(int)
    placed: dict[str, int] = defaultdict(int)
    for request in problem.requests.values():
        if request.group is None:
            continue
        starts = all_starts(problem, request).values()
        for batch in request.batches.values():
            if any(batch_starts(spans, batch) for spans in starts):
                total[request.group] += batch.weight
        placed[request.group] += sum(placed.batch.weight for placed in plan.get(request.id, ()))
    return min((1000 * placed[group] // weight for group, weight in total.items()), default=0)
