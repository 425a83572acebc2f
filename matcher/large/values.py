"""Scarcity values: what a place for one tick, or one unit of a resource, is worth; and the limit they prove.

Capacity is relaxed with a value per cell; requests then fall apart and each takes its best facility. For any values
the sum is an upper limit of the tier. Source: Lagrangian relaxation by request, formulas in docs of the method
(Fisher 1981, Management Science 27(1)); subgradient with deflection and Polyak step.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from matcher.large.columns import Columns
from matcher.large.ragged import Flags, Floats, Ints, lengths, stretch

Number = TypeVar("Number", np.float64, np.int64)

_DEFLECTION = 0.35
_PATIENCE = 8
_NEVER = -(2**60)
"""The profit of a column left out: below any other, and a site of an all-or-nothing request that needs it is closed."""
_DEAREST = 2.0**45


@dataclass(frozen=True, slots=True)
class Answer(Generic[Number]):
    """What requests would take at given values: the limit, the sum of the requests' best, and the best per request."""

    total: float | int
    per_request: NDArray[Number]
    per_site: NDArray[Number]
    per_batch: NDArray[Number]
    profit: NDArray[Number]


class Relaxation:
    """The relaxed problem of one tier; columns that are not `possible` are left out (None = all are possible)."""

    def __init__(self, columns: Columns, whole: Flags, free: Ints, possible: Flags | None = None) -> None:
        self.columns = columns
        self.free = free
        self.possible = possible
        self._sites = len(columns.first_of_site)
        self._batches_at = lengths(columns.first_of_site, len(columns.first_of_batch))
        self._columns_of = lengths(columns.first_of_batch, columns.count)
        request_of_batch = columns.request[columns.first_of_batch]
        self._whole_batch = whole[request_of_batch]
        request_of_site = request_of_batch[columns.first_of_site]
        wanted = np.diff(columns.batch_start)[request_of_site]
        startable = np.ones(len(columns.first_of_batch), dtype=np.int64)
        if possible is not None and columns.count:
            startable = np.logical_or.reduceat(possible, columns.first_of_batch).astype(np.int64)
        there = np.add.reduceat(startable, columns.first_of_site) if columns.count else startable
        self._lacking = whole[request_of_site] & (there < wanted)
        self._sites_of = lengths(columns.first_of_request, self._sites)

    def answer(self, share: NDArray[Number], values: NDArray[Number]) -> Answer[Number]:
        """What every request takes best when the cells cost `values`; integers stay integers."""
        columns = self.columns
        if columns.count == 0:
            none = share[:0]
            return Answer((values * self.free).sum().item(), none, none, none, none)
        slots = columns.slots
        cost = np.add.reduceat(slots.amount * values[slots.cell], slots.first[:-1])
        profit = share - cost[slots.of_column]
        if self.possible is not None:
            profit = np.where(self.possible, profit, _NEVER)
        per_batch = np.maximum.reduceat(profit, columns.first_of_batch)
        floored = np.where(self._whole_batch, per_batch, np.maximum(per_batch, 0))
        per_site = np.add.reduceat(floored, columns.first_of_site)
        per_site = np.where(self._lacking, 0, np.maximum(per_site, 0))
        per_request = np.maximum.reduceat(per_site, columns.first_of_request)
        total = per_request.sum() + (values * self.free).sum()
        return Answer(total.item(), per_request, per_site, floored, profit)

    def taken(self, answer: Answer[Number]) -> Ints:
        """How much of every cell the answer's choices take together."""
        columns = self.columns
        best_site = np.flatnonzero(answer.per_site == np.repeat(answer.per_request, self._sites_of))
        _, first = np.unique(self._request_of(best_site), return_index=True)
        sites = best_site[first]
        sites = sites[answer.per_site[sites] > 0]
        batches = stretch(columns.first_of_site[sites], self._batches_at[sites])
        batches = batches[(answer.per_batch[batches] > 0) | self._whole_batch[batches]]
        count = self._columns_of[batches]
        candidates = stretch(columns.first_of_batch[batches], count)
        owner = np.repeat(np.arange(len(batches), dtype=np.int64), count)
        best = answer.profit[candidates] == answer.per_batch[batches][owner]
        _, first = np.unique(owner[best], return_index=True)
        _, cell, amount = columns.taken_by(candidates[best][first])
        return np.bincount(cell, weights=amount, minlength=len(self.free)).astype(np.int64)

    def _request_of(self, sites: Ints) -> Ints:
        return np.searchsorted(self.columns.first_of_request, sites, side="right")


def scarcity_values(
    relaxation: Relaxation,
    share: Floats,
    reached: float,
    rounds: int,
    go_on: Callable[[float], bool],
    start: Floats | None = None,
) -> tuple[Floats, float]:
    """Values that make the limit low, and that limit; `reached` is what a known plan is worth.

    Always the same for the same input unless `go_on`, asked with the best limit each round, says stop.
    """
    blocked = relaxation.free == 0
    values = _first_guess(relaxation, share) if start is None else start
    best_values, best, step, since = values, np.inf, 1.0, 0
    direction = np.zeros_like(values)
    for _ in range(rounds):
        answer = relaxation.answer(share, values)
        total = float(answer.total)
        since = 0 if not np.isfinite(best) or total < best - 1e-5 * abs(best) else since + 1
        if total < best:
            best, best_values = total, values
        if best <= reached or not go_on(best):
            break
        if since >= _PATIENCE:
            step, since, values = step * 0.6, 0, best_values
            direction[:] = 0
            answer = relaxation.answer(share, values)
        over = (relaxation.taken(answer) - relaxation.free).astype(np.float64)
        direction = _DEFLECTION * over + (1 - _DEFLECTION) * direction
        moving = np.where(blocked | ((values <= 0) & (direction < 0)), 0.0, direction)
        size = float((moving * moving).sum())
        if size == 0:
            break
        values = np.maximum(values + moving * (step * (float(answer.total) - reached) / size), 0.0)
    return best_values, best


def _first_guess(relaxation: Relaxation, share: Floats) -> Floats:
    """Values where every batch, spread evenly over its starts, would overfill a cell; the best of a few scales.

    At no values at all every tied request asks for the same cells and the first steps go astray.
    """
    columns, free = relaxation.columns, relaxation.free
    none = np.zeros(len(free))
    none[free == 0] = min(float(np.abs(share).max(initial=0.0)) + 1.0, _DEAREST)
    if columns.count == 0:
        return none
    starts = np.bincount(columns.batch, minlength=int(columns.batch_start[-1]))
    weight = np.bincount(
        columns.slots.of_column, weights=1.0 / starts[columns.batch], minlength=len(columns.slots.first) - 1
    )
    of_slot = np.repeat(weight, np.diff(columns.slots.first))
    asked = np.bincount(columns.slots.cell, weights=of_slot * columns.slots.amount, minlength=len(free))
    taken = np.add.reduceat(columns.slots.amount, columns.slots.first[:-1])[columns.slots.of_column]
    usual = float(np.maximum(share, 0.0).mean() / taken.mean())
    shape = np.where(free == 0, 0.0, np.maximum(1.0 - free / np.maximum(asked, 1e-9), 0.0)) * usual
    guesses = [none + scale * shape for scale in (0.0, 0.5, 1.0, 2.0, 4.0)]
    return min(guesses, key=lambda values: float(relaxation.answer(share, values).total))
