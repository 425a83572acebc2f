"""The second meaning of a change: not beside the plan as it is, but in a new calculation of the whole round."""

from dataclasses import replace

from matcher.explain.changes import Counterfactual, Meaning
from matcher.explain.premises import Premises
from matcher.outcome import SolveOptions
from matcher.problem import Problem
from matcher.serialise import seal
from matcher.solve import solve


def changed_round(premises: Premises, one: Counterfactual) -> Problem:
    """The whole problem with the change made: the changed request with its patients again, and wider limits."""
    (alone,) = one.proof.requests
    known = next(request for request in premises.problem.requests if request.id == one.request)
    patients = {batch.id: batch.weight for batch in known.batches}
    changed = replace(
        alone,
        weight=known.weight,
        batches=tuple(replace(batch, weight=patients[batch.id]) for batch in alone.batches),
    )
    suites = {suite.id: suite for suite in one.proof.suites}
    resources = {resource.id: resource for resource in premises.wide.resources}
    resources |= {resource.id: resource for resource in one.proof.resources}
    requests = tuple(changed if request.id == one.request else request for request in premises.wide.requests)
    return seal(
        replace(
            premises.wide,
            suites=tuple(suites.get(suite.id, suite) for suite in premises.wide.suites),
            resources=tuple(resources.values()),
            requests=requests,
        )
    )


def in_a_new_calculation(premises: Premises, one: Counterfactual, options: SolveOptions) -> Counterfactual | None:
    """The change proved in the other sense: a new calculation places more starts of the request than the plan does.

    None where it does not. Solving a whole round takes as long as the round did.
    """
    problem = changed_round(premises, one)
    outcome = solve(problem, options)
    placements = tuple(placement for placement in outcome.placements if placement.request == one.request)
    now = sum(placement.request == one.request for placement in premises.plan)
    if len(placements) <= now:
        return None
    return replace(
        one, meaning=Meaning.NEW_CALCULATION, now=now, starts=len(placements), placements=placements, proof=problem
    )
