"""A solve under way: the best plan so far, the limits known, and whether to go on."""

import threading
import time
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from matcher.measure import objective
from matcher.model.linear import Linear
from matcher.model.variables import Variables
from matcher.occupancy import plan_holds
from matcher.outcome import Placement, Progress, SolveOptions, Stopped
from matcher.problem import Problem

_PROGRESS_SECONDS = 1.0


@dataclass(slots=True)
class Search:
    """What is known so far; plans may be offered from several threads."""

    problem: Problem
    options: SolveOptions
    variables: Variables
    tiers: tuple[Linear, ...]
    plan: tuple[Placement, ...]
    value: tuple[int, ...]
    bounds: list[int | None]
    began: float
    stopped: Stopped = "done"
    warnings: list[str] = field(default_factory=list)
    phase: str = "exact model"
    final: bool = False
    """No plan is taken over any more; only limits are still lowered."""
    _reported: float = 0.0
    _told: tuple[int, ...] = ()
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def exploring(self) -> bool:
        """Whether the clock decides, not the effort."""
        return self.options.effort is None and self.options.seconds is not None

    def offer(self, placements: Iterable[Placement]) -> None:
        """Takes a plan over when it is better, tier before tier, and keeps every hard rule."""
        plan = tuple(sorted(placements))
        value = objective(self.problem, plan)
        with self._lock:
            if not self.final and value > self.value and plan_holds(self.problem, plan):
                self.plan, self.value = plan, value

    def offer_values(self, ones: "array[int]") -> None:
        """As `offer`, for the variables that are 1."""
        starts = self.variables.starts
        self.offer(starts[number].placement for number in ones if number < len(starts))

    def best(self) -> tuple[tuple[Placement, ...], tuple[int, ...]]:
        """The plan and its value, which belong together."""
        with self._lock:
            return self.plan, self.value

    def limit(self, tier: int, bound: int | None) -> None:
        """Takes a lower limit over."""
        known = self.bounds[tier]
        if bound is not None:
            self.bounds[tier] = bound if known is None else min(known, bound)

    def closed(self, tier: int) -> bool:
        """Whether the tier's limit is reached."""
        return self.bounds[tier] == self.value[tier]

    def _report(self, tell: Callable[[Progress], None], now: float) -> None:
        """A line for every better plan, else every second."""
        value = self.best()[1]
        if value != self._told or now - self._reported >= _PROGRESS_SECONDS:
            self._reported, self._told = now, value
            tell(Progress(self.phase, value, tuple(self.bounds), now - self.began))

    def go_on(self, deadline: float | None) -> bool:
        """Tells how far it is; no when somebody cancelled or the clock has reached `deadline`."""
        now = time.monotonic()
        if self.options.on_progress is not None:
            self._report(self.options.on_progress, now)
        if self.options.cancelled is not None and self.options.cancelled():
            self.stopped = "cancelled"
            return False
        if deadline is not None and now >= deadline:
            self.stopped = "clock"
            return False
        return True
