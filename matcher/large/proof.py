"""Whole-number scarcity values: a limit of the first tier that a stranger can add up again."""

import numpy as np

from matcher.large.ragged import Floats, Ints
from matcher.large.slots import resource_offsets
from matcher.large.values import Relaxation
from matcher.outcome import Proof
from matcher.problem import Problem

PROVABLE = ("placed", "waiting", "cost", "travel", "preference", "changes")
_FINEST_SCALE = 2**14
_ROOM = 2.0**51
_CELLS_ASSUMED = 1000


def is_provable(problem: Problem) -> bool:
    """Whether the first tier holds only terms that the proof of the problem format covers."""
    return all(term in PROVABLE or term.startswith("placed_class_") for term in problem.policy.tiers[0])


def whole_number_bound(relaxation: Relaxation, share: Ints, values: Floats) -> tuple[int, int, Ints]:
    """The limit that rounded values prove, without the constant of `changes`; the scale; the rounded values.

    Exact integer arithmetic; every sum stays below 2^53 while the problem's own sums do.
    """
    columns = relaxation.columns
    most = np.maximum.reduceat(np.abs(share), columns.first_of_batch).astype(np.float64).sum() if columns.count else 0.0
    size = float(most) + float(values @ relaxation.free) + float(values.max(initial=0.0)) * _CELLS_ASSUMED + 1.0
    scale = 1
    while scale < _FINEST_SCALE and size * scale * 2 < _ROOM:
        scale *= 2
    rounded = np.rint(values * scale).astype(np.int64)
    answer = relaxation.answer(share * np.int64(scale), rounded)
    return int(answer.total) // scale, scale, rounded


def proof_of(problem: Problem, scale: int, rounded: Ints) -> Proof:
    """The values by suite and resource, in the form of the outcome format."""
    horizon = problem.horizon
    offsets = resource_offsets(problem)
    values = rounded.tolist()
    return Proof(
        scale=scale,
        suites={
            suite.id: tuple(values[position * horizon : (position + 1) * horizon])
            for position, suite in enumerate(problem.suites)
        },
        resources={
            resource.id: tuple(values[offsets[resource.id] : offsets[resource.id] + len(resource.capacity)])
            for resource in problem.resources
        },
    )
