"""The way for problems too large for one model: values, construction, neighbourhoods, limits, proof."""

import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from matcher.large.canonical import canonical_problem
from matcher.large.construct import construct
from matcher.large.limiting import Limits, find_limits
from matcher.large.plan import Plan, plan_of
from matcher.large.possible import possible_columns
from matcher.large.ragged import Flags, Floats, Ints
from matcher.large.search import Search, improve, remember, tier_groups
from matcher.large.setting import Setting, build_setting
from matcher.large.shares import guide
from matcher.large.values import Relaxation, scarcity_values
from matcher.large.watch import StoppedEarly, Watch
from matcher.measure import objective, terms
from matcher.outcome import Outcome, Placement, SolveOptions, Stopped
from matcher.problem import Problem

_CALLS_PER_EFFORT, _REQUESTS_PER_CALL = 20, 40
_GUIDE_ROUNDS, _ROUNDS_PER_EFFORT = 120, 20
_GUIDE_TIME, _CONSTRUCTION_TIME, _FIRST_GROUP = 0.15, 0.2, 0.6
_NEGLIGIBLE = 0.05
_EFFORT_FOR_A_START, _TIME_FOR_A_START = 2, 0.2
_TIME_BESIDE_ANOTHER = 0.07
"""The same when a second worker will go on improving while the exact model is solved."""


@dataclass(slots=True)
class _Found:
    """What is known so far; complete enough at any moment to be handed out."""

    placements: tuple[Placement, ...]
    limits: Limits
    stopped: Stopped = "done"


def solve_large(problem: Problem, options: SolveOptions, start: tuple[Placement, ...]) -> Outcome:
    """The best plan found from `start`, never worse than it in the first tier that differs, with honest limits.

    With an effort the result is the same for the same problem, effort, seed and number of workers; with seconds alone
    the plan takes that long and its limits up to half as long again and five seconds. `start` must keep every hard rule.
    """
    watch = Watch(options)
    problem = canonical_problem(problem)
    found = _Found(tuple(sorted(start)), Limits([None] * len(problem.policy.tiers)))
    try:
        setting = watch.run(lambda: build_setting(problem))
        _solve(setting, watch, found)
    except StoppedEarly as early:
        found.stopped = early.why
    return _outcome(problem, watch, found)


def improved_plan(problem: Problem, options: SolveOptions, start: tuple[Placement, ...]) -> tuple[Placement, ...]:
    """`start`, improved by a construction and a few neighbourhoods; what there is by then when that is stopped early."""
    ordered = canonical_problem(problem)
    watch = Watch(replace(options, effort=min(options.effort or 1, _EFFORT_FOR_A_START), seconds=None))
    part = _TIME_FOR_A_START if options.workers == 1 or options.effort is not None else _TIME_BESIDE_ANOTHER
    watch.until = None if options.seconds is None else options.seconds * part
    found = _Found(tuple(sorted(start)), Limits([None] * len(problem.policy.tiers)))
    with suppress(StoppedEarly):
        setting = watch.run(lambda: build_setting(ordered))
        possible = watch.run(lambda: possible_columns(setting))
        _improve(setting, watch, found, plan_of(setting, found.placements), possible)
    return found.placements


def _solve(setting: Setting, watch: Watch, found: _Found) -> None:
    plan = plan_of(setting, found.placements)
    watch.objective, watch.bound = plan.value(), tuple(found.limits.bound)
    possible = watch.run(lambda: possible_columns(setting))
    try:
        _improve(setting, watch, found, plan, possible)
        found.stopped = "done" if watch.options.effort is None else "effort"
    except StoppedEarly as early:
        found.stopped = early.why
        if early.why == "cancelled" or not watch.exploring:
            raise
    if watch.exploring and watch.options.seconds is not None:
        watch.until = watch.options.seconds * 1.5 + 4
    find_limits(setting, watch, plan_of(setting, found.placements), possible, found.limits)


def _improve(setting: Setting, watch: Watch, found: _Found, plan: Plan, possible: Flags) -> None:
    """Values, constructions, neighbourhoods; `found` holds the best plan whatever stops this."""
    if setting.columns.count == 0:
        return
    watch.phase = "pricing scarce weeks"
    effort = watch.options.effort
    share = guide(setting.shares)
    worth = _worth(setting, watch, plan, share, possible)
    usual = float(np.maximum(share, 0.0).max(initial=0.0))
    search = Search(
        setting, plan, watch, worth, possible & (worth >= -_NEGLIGIBLE * usual), plan.chosen.copy(), plan.value()
    )
    try:
        watch.phase = "building a first plan"
        search.plan = _first_plan(search)
        remember(search)
        watch.phase = "improving the plan"
        groups = tier_groups(setting.shares)
        for last, calls in enumerate(_calls(len(groups), effort, len(setting.problem.requests))):
            _until(watch, last, len(groups))
            try:
                improve(search, groups[: last + 1], calls)
            except StoppedEarly as early:
                if early.why == "cancelled" or not watch.exploring or last == len(groups) - 1:
                    raise
    finally:
        search.plan.chosen[:] = search.best
        found.placements = search.plan.placements()
        watch.objective = search.best_value


def _until(watch: Watch, last: int, groups: int) -> None:
    """When exploring, the share of the time after which the improvement of this group of tiers ends."""
    seconds = watch.options.seconds
    if watch.exploring and seconds is not None:
        part = 1.0 if last == groups - 1 else _FIRST_GROUP + (1 - _FIRST_GROUP) * last / (groups - 1)
        watch.until = watch.seconds + (seconds - watch.seconds) * part


def _calls(groups: int, effort: int | None, requests: int) -> list[int | None]:
    """How many neighbourhoods each group of tiers gets; None when the clock decides."""
    if effort is None:
        return [None] * groups
    total = effort * max(_CALLS_PER_EFFORT, requests // _REQUESTS_PER_CALL)
    if groups == 1:
        return [total]
    first = int(total * _FIRST_GROUP)
    return [first, *[(total - first) // (groups - 1)] * (groups - 1)]


def _worth(setting: Setting, watch: Watch, plan: Plan, share: Floats, possible: Flags) -> Floats:
    """What each column is worth beyond the scarcity values of what it takes."""
    relaxation = Relaxation(setting.columns, setting.whole, setting.free, possible)
    reached = float(share[plan.chosen[plan.chosen >= 0]].sum())
    rounds = _GUIDE_ROUNDS + _ROUNDS_PER_EFFORT * (watch.options.effort or 10)
    limit = None if watch.options.seconds is None or not watch.exploring else watch.options.seconds * _GUIDE_TIME
    values, _ = _priced(watch, relaxation, (share, reached, rounds), limit)
    return relaxation.answer(share, values).profit


def _priced(
    watch: Watch, relaxation: Relaxation, what: tuple[Floats, float, int], limit: float | None
) -> tuple[Floats, float]:
    """Scarcity values, found while the watch keeps looking; `limit` stops the rounds after so many seconds."""
    stop = threading.Event()
    until = None if limit is None else watch.seconds + limit

    def go_on(_: float) -> bool:
        return not stop.is_set() and (until is None or watch.seconds < until)

    return watch.run(lambda: scarcity_values(relaxation, *what, go_on), stop.set)


def _first_plan(search: Search) -> Plan:
    """The better of the plan at hand and two constructions, by the tiers in order."""
    setting, watch = search.setting, search.watch
    stop = threading.Event()
    until = watch.seconds + watch.left() * _CONSTRUCTION_TIME

    def go_on() -> bool:
        return not stop.is_set() and (not watch.exploring or watch.seconds < until)

    orders = _orders(setting, search.worth)
    made = [watch.run(partial(construct, setting, order, search.worth, go_on), stop.set) for order in orders]
    return max([search.plan, *made], key=lambda plan: plan.value())


def _orders(setting: Setting, worth: Floats) -> list[Ints]:
    """Two orders of the requests: by class and weight, and by class and what their batches could be worth."""
    requests = setting.problem.requests
    columns = setting.columns
    best = np.zeros(len(columns.batch_request))
    np.maximum.at(best, columns.batch, worth)
    value = np.bincount(columns.batch_request, weights=best, minlength=len(requests))
    count = np.maximum(np.diff(columns.batch_start), 1)
    urgency = np.array([request.urgency for request in requests], dtype=np.int64)
    weight = np.array([request.weight for request in requests], dtype=np.int64)
    names = np.arange(len(requests), dtype=np.int64)
    return [np.lexsort((names, -value, -weight, urgency)), np.lexsort((names, -value / count, urgency))]


def _outcome(problem: Problem, watch: Watch, found: _Found) -> Outcome:
    value = objective(problem, found.placements)
    return Outcome(
        problem_sha256=problem.sha256,
        status="optimal" if tuple(found.limits.bound) == value else "feasible",
        placements=found.placements,
        objective=value,
        terms=terms(problem, found.placements),
        bound=tuple(found.limits.bound),
        stopped=found.stopped,
        seed=watch.options.seed,
        effort=watch.options.effort,
        workers=watch.options.workers,
        seconds=watch.seconds,
        proof=found.limits.proof,
        warnings=tuple(found.limits.warnings),
    )
