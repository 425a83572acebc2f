"""The thread that improves the plan of one tier, neighbourhood after neighbourhood."""

import random
import threading

import numpy as np

from matcher.model.linear import Linear
from matcher.model.neighbourhoods import Integers, Neighbourhoods
from matcher.model.related import choose, find_relations, placed_at
from matcher.model.search import Search

_FIRST_SIZE, _FIRST_STARTS = 8.0, 1200.0
_FEWEST, _MOST, _FEWEST_STARTS = 2.0, 40.0, 600.0
_GROW, _SHRINK = 1.01, 0.93
"""Neighbourhoods grow while they are solved to the end and shrink when they are not."""


class Improvement:
    """Runs `calls` neighbourhoods (None = until `end`) on tier `tier`, offering every better plan to the search.

    `number` tells those apart that work beside each other: each chooses by its own chance.
    """

    def __init__(self, search: Search, tier: int, calls: int | None, number: int = 0) -> None:
        self._search, self._tier, self._calls = search, tier, calls
        self._relations = find_relations(search.variables)
        held: list[tuple[Linear, int]] = list(zip(search.tiers[:tier], search.value[:tier], strict=True))
        self._parts = Neighbourhoods(search.variables, search.tiers[tier], held)
        self._chance = random.Random(search.options.seed * 1000 + tier + number * 100)  # noqa: S311 - repeatable, nothing secret
        self._stop = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._guarded_run, daemon=True)
        self._thread.start()

    def running(self, seconds: float) -> bool:
        """Waits up to `seconds` for the end; whether it still runs."""
        self._thread.join(seconds)
        return self._thread.is_alive()

    def end(self) -> None:
        """Stops within the part under way; what went wrong in the thread is raised here."""
        self._stop.set()
        while self.running(0.05):
            self._parts.stop()
        if self._failure is not None:
            raise self._failure

    def _guarded_run(self) -> None:
        try:
            self._run()
        except BaseException as error:  # noqa: BLE001 - raised again by `end` in the asking thread
            self._failure = error

    def _run(self) -> None:
        size, starts, number = _FIRST_SIZE, _FIRST_STARTS, 0
        values, reached = self._current()
        while not self._stop.is_set() and (self._calls is None or number < self._calls):
            if self._search.value[self._tier] > reached:
                values, reached = self._current()
            placed = placed_at(self._search.variables, np.flatnonzero(values[: len(self._search.variables.starts)]))
            chosen = choose(self._relations, placed, size, starts, self._chance)
            part = self._parts.solve(values, chosen, number)
            number += 1
            proved = part is not None and part.proved
            factor = _GROW if proved else _SHRINK
            size = min(max(size * factor, _FEWEST), _MOST)
            starts = max(starts * factor, _FEWEST_STARTS)
            if part is not None and (worth := int(part.values @ self._parts.worth)) >= reached - self._constant:
                better = worth > reached - self._constant
                values, reached = part.values, worth + self._constant
                if better:
                    self._offer(values)

    @property
    def _constant(self) -> int:
        return self._search.tiers[self._tier].constant

    def _current(self) -> tuple[Integers, int]:
        plan, value = self._search.best()
        known = self._search.variables.values_of(plan)
        values = np.fromiter((known[number] for number in range(self._parts.count)), np.int64, self._parts.count)
        return values, value[self._tier]

    def _offer(self, values: Integers) -> None:
        starts = self._search.variables.starts
        self._search.offer(starts[number].placement for number in np.flatnonzero(values[: len(starts)]))
