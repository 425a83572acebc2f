"""Which requests to free together: one that could do better, and those that stand in its way."""

import random
from itertools import zip_longest

import numpy as np

from matcher.large.plan import Plan
from matcher.large.ragged import Flags, Floats, Ints
from matcher.large.setting import Setting

_MOST_OF_ONE = 4000
_BOOKED, _WAITING_TOO = 16, 4


class Relations:
    """Chooses neighbourhoods.

    `worth` is each column's worth beyond scarcity values, `usable` the columns to consider, `gain` what is missed when
    a batch has a lesser column; `placed_only` leaves batches without a place out of what is missed.
    """

    def __init__(self, setting: Setting, worth: Floats, usable: Flags, gain: Floats, placed_only: bool) -> None:
        self.setting = setting
        self.worth = worth
        self.usable = usable
        self.gain = gain
        self.placed_only = placed_only
        columns = setting.columns
        self.reach = np.zeros((len(setting.problem.requests), len(setting.problem.facilities)), dtype=np.bool_)
        self.reach[columns.request[usable], columns.facility[usable]] = True
        self.best = _best_per_batch(setting, usable, gain)

    def lacking(self, plan: Plan) -> Floats:
        """Per request: how much more its batches could gain, each alone, than with what they take now."""
        placed = plan.chosen >= 0
        now = np.where(placed, self.gain[np.maximum(plan.chosen, 0)], 0.0)
        missed = np.where(placed | (not self.placed_only), np.maximum(self.best - now, 0.0), 0.0)
        return _sums(self.setting.columns.batch_request, missed, len(self.reach))

    def choose(self, plan: Plan, dice: random.Random) -> Ints:
        """A request that could do better, then some booked in its way and some waiting for the same facilities."""
        lacking = self.lacking(plan)
        seed = _one_of(dice, lacking)
        sites = self._sites(seed, dice)
        columns = self.setting.columns
        own = columns.of_requests(np.array([seed]))
        own = own[self.usable[own]]
        first, end = int(columns.start[own].min(initial=0)), int(columns.end[own].max(initial=1))
        placed = plan.chosen[plan.chosen >= 0]
        near = np.isin(columns.facility[placed], sites) & (columns.start[placed] < end) & (columns.end[placed] > first)
        booked = np.unique(columns.request[placed[near]])
        unplaced = np.unique(columns.batch_request[plan.chosen < 0])
        waiting = unplaced[self.reach[unplaced][:, sites].any(axis=1)]
        others = [_some(dice, booked, _BOOKED), _some(dice, waiting, _WAITING_TOO)]
        turns = [one for pair in zip_longest(*others) for one in pair if one is not None]
        return np.array(list(dict.fromkeys([seed, *turns])), dtype=np.int64)

    def _sites(self, request: int, dice: random.Random) -> Ints:
        """One to three facilities of the request, those of larger worth more often."""
        columns = self.setting.columns
        own = columns.of_requests(np.array([request]))
        own = own[self.usable[own]]
        if not len(own):
            return np.flatnonzero(self.reach[request])
        names, place = np.unique(columns.facility[own], return_inverse=True)
        best = np.full(len(names), -np.inf)
        np.maximum.at(best, place, self.worth[own])
        ranked = names[np.argsort(-best, kind="stable")].tolist()
        wanted = dice.randint(1, 3)
        picked: list[int] = []
        while ranked and len(picked) < wanted:
            picked.append(ranked.pop(int(len(ranked) * dice.random() ** 2)))
        return np.array(picked, dtype=np.int64)

    def candidates(self, plan: Plan, requests: Ints, most: int) -> tuple[Ints, Ints]:
        """As many of the requests as `most` columns allow, and their columns that fit when all of them are free."""
        columns = self.setting.columns
        own = columns.of_requests(requests)
        own = own[self.usable[own]]
        freed = {int(request): plan.take_out(int(request)) for request in requests}
        own = own[plan.fits(own)]
        for request, taken in freed.items():
            plan.put(request, taken)
        place_of = np.zeros(len(self.reach), dtype=np.int64)
        place_of[requests] = np.arange(len(requests))
        place = place_of[columns.request[own]]
        running = np.cumsum(np.bincount(place, minlength=len(requests)))
        kept = max(1, int(np.searchsorted(running, most, side="right")))
        own = own[place < kept]
        if len(own) > _MOST_OF_ONE:
            own = own[np.lexsort((own, -self.worth[own]))[:_MOST_OF_ONE]]
        return requests[:kept], np.sort(own)


def _best_per_batch(setting: Setting, usable: Flags, gain: Floats) -> Floats:
    best = np.full(len(setting.columns.batch_request), -np.inf)
    np.maximum.at(best, setting.columns.batch[usable], gain[usable])
    return np.where(np.isfinite(best), best, 0.0)


def _sums(place: Ints, amount: Floats, length: int) -> Floats:
    return np.bincount(place, weights=amount, minlength=length).astype(np.float64)


def _one_of(dice: random.Random, weight: Floats) -> int:
    """A position, drawn in proportion to its weight; any position when all weights are 0."""
    total = float(weight.sum())
    if total <= 0:
        return dice.randrange(len(weight))
    return min(int(np.searchsorted(np.cumsum(weight), dice.random() * total, side="right")), len(weight) - 1)


def _some(dice: random.Random, names: Ints, count: int) -> list[int]:
    chosen: list[int] = dice.sample(names.tolist(), min(count, len(names)))
    return chosen
