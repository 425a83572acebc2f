"""A first plan guided by scarcity values: each request takes its best facility that still fits."""

from collections.abc import Callable

import numpy as np

from matcher.large.plan import Plan, plan_of
from matcher.large.ragged import Floats, Ints
from matcher.large.setting import Setting
from matcher.occupancy import Occupancy
from matcher.outcome import Placement
from matcher.problem import Batch, Request

_FACILITIES_TRIED = 4
_STARTS_TRIED = 40


def construct(setting: Setting, order: Ints, worth: Floats, go_on: Callable[[], bool]) -> Plan:
    """The plan that takes requests in `order`, each at the facility of largest `worth` that still fits.

    `worth` is what a column is worth beyond the scarcity values of what it takes. Stops early when `go_on` says so.
    """
    calendar = Occupancy(setting.problem)
    for request in order.tolist():
        if not go_on():
            break
        _place(setting, calendar, request, worth)
    return plan_of(setting, calendar.placements())


def _place(setting: Setting, calendar: Occupancy, request: int, worth: Floats) -> None:
    """Try the facilities with the largest sum of best worths, keep the best of those tried."""
    columns, asked = setting.columns, setting.problem.requests[request]
    own = columns.of_requests(np.array([request]))
    site = columns.site[own]
    sums = []
    for name in np.unique(site).tolist():
        there = own[site == name]
        best = _best_per_batch(columns.batch[there], worth[there])
        if asked.all_or_nothing and len(best) < len(asked.batches):
            continue
        total = best.sum() if asked.all_or_nothing else np.maximum(best, 0).sum()
        if total > 0 or asked.all_or_nothing:
            sums.append((-float(total), name, there))
    sums.sort(key=lambda one: one[:2])
    found: tuple[float, list[Placement]] = (0.0, [])
    for negative, _, there in sums[:_FACILITIES_TRIED]:
        if found[1] and -negative <= found[0]:
            break
        value, stays = _try(setting, calendar, request, there, worth)
        if stays and (not found[1] or value > found[0]):
            found = value, stays
    for stay in found[1]:
        calendar.add(stay)


def _best_per_batch(batch: Ints, worth: Floats) -> Floats:
    order = np.argsort(batch, kind="stable")
    first = np.flatnonzero(np.diff(batch[order], prepend=-1))
    return np.maximum.reduceat(worth[order], first) if len(order) else worth


def _try(
    setting: Setting, calendar: Occupancy, request: int, there: Ints, worth: Floats
) -> tuple[float, list[Placement]]:
    """Place batch after batch on the columns `there`, best worth first; the calendar is left as it was."""
    columns, asked = setting.columns, setting.problem.requests[request]
    base, batch_base = int(columns.option_start[request]), int(columns.batch_start[request])
    stays: list[Placement] = []
    value = 0.0
    for at in in_order(asked):
        own = there[columns.batch[there] == batch_base + at]
        if not asked.all_or_nothing:
            own = own[worth[own] > 0]
        own = own[np.lexsort((own, -worth[own]))][:_STARTS_TRIED]
        rows = zip(columns.option[own].tolist(), columns.start[own].tolist(), worth[own].tolist(), strict=True)
        for option, start, gain in rows:
            if calendar.fits(asked, asked.batches[at], asked.options[option - base], start):
                stay = Placement(asked.id, asked.batches[at].id, asked.options[option - base].suite, start)
                calendar.add(stay)
                stays.append(stay)
                value += gain
                break
        else:
            if asked.all_or_nothing:
                break
    whole = calendar.whole(asked)
    for stay in reversed(stays):
        calendar.remove(stay)
    return (value, stays) if whole else (0.0, [])


def in_order(request: Request) -> list[int]:
    """Positions of the batches, each after the one it waits for, else by latest start, then id."""
    position = {batch.id: at for at, batch in enumerate(request.batches)}
    done: set[int] = set()
    ordered: list[int] = []
    for first in sorted(position.values(), key=lambda at: _due(request.batches[at])):
        chain: list[int] = []
        at: int | None = first
        while at is not None and at not in done:
            done.add(at)
            chain.append(at)
            before = request.batches[at].after
            at = None if before is None else position[before.batch]
        ordered.extend(reversed(chain))
    return ordered


def _due(batch: Batch) -> tuple[int, int, str]:
    return batch.latest, batch.earliest, batch.id
