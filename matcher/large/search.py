"""The improvement of a plan, neighbourhood by neighbourhood; the same for the same input, seed and number of workers."""

import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model_helper

from matcher.large.neighbourhood import Answer, Task, apply, build_task, solve_task
from matcher.large.plan import Plan
from matcher.large.ragged import Flags, Floats, Ints
from matcher.large.related import Relations
from matcher.large.setting import Setting
from matcher.large.shares import Shares, guide
from matcher.large.watch import Watch

_WORK = 0.1
"""Deterministic time of one neighbourhood; about as many seconds on a quiet machine."""
_FEWEST, _FIRST, _MOST = 200.0, 500.0, 1500.0
"""Columns of one neighbourhood; more when all are solved to the end, fewer when not."""
_GROWTH, _SHRINKING = 1.05, 0.85
_GROUP_ROOM = 2**40
_BATCHES_ASSUMED = 64
_SCARCITY_WEIGHS = 0.9


@dataclass(slots=True)
class Search:
    """What a search needs and what it has found; `best` is the best plan seen, by all tiers in order."""

    setting: Setting
    plan: Plan
    watch: Watch
    worth: Floats
    usable: Flags
    best: Ints
    best_value: tuple[int, ...]


def tier_groups(shares: Shares) -> list[list[int]]:
    """Tiers that one sum can hold together, in order."""
    groups: list[list[int]] = []
    room = 1
    for tier, linear in enumerate(shares.linear):
        widest = int(np.abs(linear).max(initial=0)) * _BATCHES_ASSUMED
        width = widest + 1000 * shares.fairness[tier] + _BATCHES_ASSUMED * shares.sites[tier] + 1
        if groups and room * width <= _GROUP_ROOM:
            groups[-1].append(tier)
            room *= width
        else:
            groups.append([tier])
            room = width
    return groups


def improve(search: Search, focus: Sequence[Sequence[int]], calls: int | None) -> None:
    """Improve the last group of tiers in `focus` without making an earlier one worse; `calls` None = until the clock."""
    setting, watch = search.setting, search.watch
    last = len(focus) - 1
    gain = guide(_only(setting.shares, focus[-1]))
    if last == 0:  # what is scarce matters most, but nothing is left out for good
        gain = _SCARCITY_WEIGHS * search.worth + (1 - _SCARCITY_WEIGHS) * gain
    relations = Relations(setting, search.worth, search.usable, gain, placed_only=last > 0)
    workers = watch.options.workers
    dice = random.Random(watch.options.seed * 1000 + last)  # noqa: S311  a repeatable choice, no secret
    most, done = _FIRST, 0
    while calls is None or done < calls:
        if not relations.lacking(search.plan).any():
            return
        tasks = _tasks(
            search, relations, focus, dice, (round(most), workers if calls is None else min(workers, calls - done))
        )
        done += max(len(tasks), 1)
        for task, answer in zip(tasks, _solved(watch, tasks), strict=True):
            apply(search.plan, task, answer, focus[-1][-1] + 1)
            most = min(most * _GROWTH, _MOST) if answer.proved else max(most * _SHRINKING, _FEWEST)
        remember(search)


def remember(search: Search) -> None:
    """Keep the plan when it is the best so far, and report its value."""
    value = search.plan.value()
    if value > search.best_value:
        search.best_value, search.best = value, search.plan.chosen.copy()
        search.watch.objective = value
    search.watch.look()


def _only(shares: Shares, tiers: Sequence[int]) -> Shares:
    return Shares(tuple(shares.linear[tier] for tier in tiers), (), (), ())


def _tasks(
    search: Search, relations: Relations, focus: Sequence[Sequence[int]], dice: random.Random, wanted: tuple[int, int]
) -> list[Task]:
    """Up to wanted[1] models on disjoint requests, each of about wanted[0] columns, all on the present plan."""
    tasks: list[Task] = []
    busy: Ints = np.zeros(0, dtype=np.int64)
    for _ in range(wanted[1]):
        requests = relations.choose(search.plan, dice)
        requests = requests[~np.isin(requests, busy)]
        if not len(requests):
            continue
        requests, candidates = relations.candidates(search.plan, requests, wanted[0])
        busy = np.append(busy, requests)
        seed = dice.randrange(2**31)
        tasks.append(build_task(search.setting, search.plan, requests, candidates, focus, _WORK, seed))
    return tasks


def _solved(watch: Watch, tasks: Sequence[Task]) -> list[Answer]:
    """The answers in the order of the tasks, each solved in a thread of its own."""
    solvers = [cp_model_helper.SolveWrapper() for _ in tasks]

    def stop() -> None:
        for solver in solvers:
            solver.stop_search()

    return watch.run(lambda: _all([_solving(*pair) for pair in zip(tasks, solvers, strict=True)]), stop)


def _solving(task: Task, solver: cp_model_helper.SolveWrapper) -> Callable[[], Answer]:
    return lambda: solve_task(task, solver)


def _all(works: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """Results of the works, the first in this thread, the others beside it."""
    results: dict[int, Answer] = {}
    errors: list[BaseException] = []

    def body(at: int) -> None:
        try:
            results[at] = works[at]()
        except BaseException as error:  # noqa: BLE001  handed to the caller below
            errors.append(error)

    threads = [threading.Thread(target=body, args=(at,), daemon=True) for at in range(1, len(works))]
    for thread in threads:
        thread.start()
    if works:
        body(0)
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return [results[at] for at in range(len(works))]
