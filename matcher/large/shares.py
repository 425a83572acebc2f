"""What each admissible start adds to each tier, and what of a tier no single start can tell."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matcher.large.columns import Columns
from matcher.large.ragged import Floats, Ints
from matcher.problem import Problem

_GUIDE_STEP = 0.2


@dataclass(frozen=True, slots=True)
class Shares:
    """Per tier: `linear[k][column]` is what the start adds, signed, `changes` kept included.

    `fixed[k]` is what placing nothing is worth (every entry of `previous` changed). `fairness[k]` and `sites[k]` are
    the weights of the two terms that concern several stays at once.
    """

    linear: tuple[Ints, ...]
    fixed: tuple[int, ...]
    fairness: tuple[int, ...]
    sites: tuple[int, ...]


def build_shares(problem: Problem, columns: Columns) -> Shares:
    """The shares of every column in every tier of the policy."""
    terms = _terms(problem, columns)
    tiers = problem.policy.tiers
    return Shares(
        linear=tuple(_linear(tier, terms, problem, columns) for tier in tiers),
        fixed=tuple(-tier.get("changes", 0) * len(problem.previous) for tier in tiers),
        fairness=tuple(tier.get("fairness", 0) for tier in tiers),
        sites=tuple(tier.get("sites", 0) for tier in tiers),
    )


def _terms(problem: Problem, columns: Columns) -> dict[str, Ints]:
    options = [option for request in problem.requests for option in request.options]
    weight = batch_weights(problem)[columns.batch]
    earliest = np.array([b.earliest for r in problem.requests for b in r.batches], dtype=np.int64)
    cost, travel, preference = (
        np.array([getattr(option, name) for option in options], dtype=np.int64)[columns.option]
        for name in ("cost", "travel", "preference")
    )
    return {
        "placed": weight,
        "waiting": -weight * (columns.start - earliest[columns.batch]),
        "cost": -cost,
        "travel": -travel,
        "preference": -preference,
        "changes": _kept(problem, columns),
    }


def batch_weights(problem: Problem) -> Ints:
    """The weight of every batch, numbered through all requests."""
    weights = [request.weight_of(batch) for request in problem.requests for batch in request.batches]
    return np.array(weights, dtype=np.int64)


def _kept(problem: Problem, columns: Columns) -> Ints:
    """1 where a column is what the last published plan said."""
    kept = np.zeros(columns.count, dtype=np.int64)
    request_at = {str(request.id): position for position, request in enumerate(problem.requests)}
    for was in problem.previous:
        position = request_at.get(was.request)
        if position is None:
            continue
        request = problem.requests[position]
        own = np.arange(columns.column_start[position], columns.column_start[position + 1])
        batch = [columns.batch_start[position] + at for at, one in enumerate(request.batches) if one.id == was.batch]
        option = [columns.option_start[position] + at for at, o in enumerate(request.options) if o.suite == was.suite]
        if batch and option:
            same = (columns.batch[own] == batch[0]) & (columns.option[own] == option[0])
            kept[own[same & (columns.start[own] == was.start)]] = 1
    return kept


def _linear(tier: Mapping[str, int], terms: Mapping[str, Ints], problem: Problem, columns: Columns) -> Ints:
    share = np.zeros(columns.count, dtype=np.int64)
    urgency = np.array([request.urgency for request in problem.requests], dtype=np.int64)
    for term, weight in tier.items():
        if term in terms:
            share += weight * terms[term]
        elif term.startswith("placed_class_"):
            wanted = int(term.removeprefix("placed_class_"))
            share += np.where(urgency[columns.request] == wanted, weight * terms["placed"], 0)
    return share


def guide(shares: Shares) -> Floats:
    """One number per column that respects the order of the tiers roughly: for prices and choices, never for bounds.

    Each tier is scaled to at most 1 and counts a fifth of the tier before it.
    """
    total = np.zeros(len(shares.linear[0]), dtype=np.float64)
    step = 1.0
    for share in shares.linear:
        largest = float(np.abs(share).max(initial=0))
        if largest > 0:
            total += step * share / largest
            step *= _GUIDE_STEP
    return total
