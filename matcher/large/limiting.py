"""Limits of a finished plan, tier by tier: first the quick ones, then the first tier with a gap again facility by facility."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import numpy as np

from matcher.large.bounds import GoOn, later_limit, tier_limit
from matcher.large.facilities import Pricing, build_pricing, facility_task, saved_at
from matcher.large.plan import Plan
from matcher.large.ragged import Flags
from matcher.large.setting import Setting
from matcher.large.watch import Watch
from matcher.outcome import Proof

Found = TypeVar("Found")

_FIRST_ROUNDS, _ROUNDS_PER_EFFORT, _LATER_ROUNDS = 250, 20, 40
_EFFORT_WHEN_EXPLORING = 10
_WORK_AT_A_FACILITY = 0.02
_PART_OF_TIME = 0.3


@dataclass(slots=True)
class Limits:
    """The limits known so far; complete enough at any moment to be handed out."""

    bound: list[int | None]
    proof: Proof | None = None
    warnings: list[str] = field(default_factory=list)


def find_limits(setting: Setting, watch: Watch, plan: Plan, possible: Flags, limits: Limits) -> None:
    """Fill `limits` for `plan`; what is known when the watch stops this stays known."""
    watch.phase = "proving the limit"
    taken, value = plan.chosen[plan.chosen >= 0], plan.value()
    effort = watch.options.effort or _EFFORT_WHEN_EXPLORING
    rounds = _FIRST_ROUNDS + _ROUNDS_PER_EFFORT * effort
    first = _run(watch, lambda go_on: tier_limit(setting, 0, possible, taken, rounds, go_on))
    limits.proof = first.proof
    _keep(limits, watch, 0, first.bound, value)
    for tier in range(1, len(value)):
        _keep(limits, watch, tier, _run(watch, _later(setting, tier, possible, plan)), value)
    gap = next((tier for tier, bound in enumerate(limits.bound) if bound != value[tier]), None)
    if gap is not None and (setting.shares.linear[gap] > 0).any():
        watch.phase = "tightening the limit"
        start = (
            first if gap == 0 else _run(watch, lambda go_on: tier_limit(setting, gap, possible, taken, rounds, go_on))
        )
        _by_facility(watch, plan, build_pricing(setting, gap, possible, start), limits)


def _by_facility(watch: Watch, plan: Plan, pricing: Pricing, limits: Limits) -> None:
    """Solve facility after facility, those that count most first, until all are done or the watch stops it."""
    work = _WORK_AT_A_FACILITY * (watch.options.effort or _EFFORT_WHEN_EXPLORING)
    saved = 0
    for facility in np.argsort(-pricing.looser, kind="stable").tolist():
        task = facility_task(pricing, facility, plan.chosen, work)
        solving = partial(saved_at, pricing, facility, task)
        saved += watch.run(solving, None if task is None else task.solver.stop_search)
        _keep(limits, watch, pricing.tier, pricing.bound(saved), plan.value())


def _later(setting: Setting, tier: int, possible: Flags, plan: Plan) -> Callable[[GoOn], int]:
    taken, value = plan.chosen[plan.chosen >= 0], plan.value()
    return lambda go_on: later_limit(setting, tier, possible, taken, value, _LATER_ROUNDS, go_on)


def _keep(limits: Limits, watch: Watch, tier: int, bound: int, value: tuple[int, ...]) -> None:
    """Take a limit over when it is lower; one below a checked plan is dropped with a warning."""
    known = limits.bound[tier]
    if bound < value[tier]:
        limits.warnings.append(f"A limit of tier {tier + 1} came out below a checked plan and was dropped.")
    elif known is None or bound < known:
        limits.bound[tier] = bound
        watch.bound = tuple(limits.bound)


def _run(watch: Watch, work: Callable[[GoOn], Found]) -> Found:
    """The result of `work`, which asks each round whether to go on: when exploring, for a part of the time left."""
    stop = threading.Event()
    until = watch.seconds + _PART_OF_TIME * watch.left()

    def go_on(_: float) -> bool:
        return not stop.is_set() and (not watch.exploring or watch.seconds < until)

    return watch.run(lambda: work(go_on), stop.set)
