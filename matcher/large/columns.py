"""The table of all admissible starts of a problem, as NumPy arrays; built once, never shortened.

A *slot* is a suite, a stay and what the stay takes: many requests share one. A *column* is one batch on one option at
one start and points at its slot. What is taken is counted in *cells*: first suites by ticks, then resources by periods.
"""

from dataclasses import dataclass

import numpy as np

from matcher.large.ragged import Flags, Ints, starts_of_runs, stretch
from matcher.large.slots import Kind, Slots, build_slots, joined
from matcher.problem import Option, Problem, Suite, SuiteId


@dataclass(frozen=True, slots=True)
class Columns:
    """All arrays are int64. Columns are sorted by request, site, batch, option, start.

    `site` is the facility's position, or -1 where the request may split over facilities. Batches and options are
    numbered through all requests; `batch_request` and `option_request` lead back, `batch_start` and `option_start`
    say where those of a request begin. `first_of_batch` is where each (request, site, batch) begins, `first_of_site`
    points into those, `first_of_request` into the sites, `column_start` to the columns of a request.
    """

    request: Ints
    batch: Ints
    option: Ints
    start: Ints
    end: Ints
    site: Ints
    facility: Ints
    slots: Slots
    first_of_batch: Ints
    first_of_site: Ints
    first_of_request: Ints
    column_start: Ints
    batch_request: Ints
    batch_start: Ints
    option_request: Ints
    option_start: Ints
    option_suite: Ints

    @property
    def count(self) -> int:
        """How many admissible starts there are."""
        return len(self.start)

    def of_requests(self, requests: Ints) -> Ints:
        """The columns of these requests, in the order in which the requests are given."""
        first = self.column_start[requests]
        return stretch(first, self.column_start[requests + 1] - first)

    def taken_by(self, columns: Ints) -> tuple[Ints, Ints, Ints]:
        """What the columns take: position in `columns`, cell, amount, one entry each."""
        slot = self.slots.of_column[columns]
        first = self.slots.first[slot]
        count = self.slots.first[slot + 1] - first
        entries = stretch(first, count)
        owner = np.repeat(np.arange(len(columns), dtype=np.int64), count)
        return owner, self.slots.cell[entries], self.slots.amount[entries]


def build_columns(problem: Problem) -> Columns:
    """The table of a problem in canonical order; memory is about 150 bytes a column."""
    suite_at = {suite.id: position for position, suite in enumerate(problem.suites)}
    facility_at = {facility.id: position for position, facility in enumerate(problem.facilities)}
    suite_facility = _ints([facility_at[suite.facility] for suite in problem.suites])
    options = [option for request in problem.requests for option in request.options]
    batch_count = _ints([len(request.batches) for request in problem.requests])
    option_count = _ints([len(request.options) for request in problem.requests])
    requests = np.arange(len(problem.requests), dtype=np.int64)
    option_request = np.repeat(requests, option_count)
    option_suite = _ints([suite_at[option.suite] for option in options])
    splits = np.array([request.max_sites > 1 for request in problem.requests], dtype=np.bool_)
    batch, option, start, kind, kinds = _pairs(problem, suite_at)
    request = option_request[option]
    facility = suite_facility[option_suite[option]]
    site = np.where(splits[request], -1, facility)
    order = np.lexsort((start, option, batch, site, request))
    request, batch, option, start = request[order], batch[order], option[order], start[order]
    site, facility = site[order], facility[order]
    of_batch = starts_of_runs(request, site, batch)
    of_site = starts_of_runs(request[of_batch], site[of_batch])
    return Columns(
        request=request,
        batch=batch,
        option=option,
        start=start,
        end=start + _ints([one.duration for one in options])[option],
        site=site,
        facility=facility,
        slots=build_slots(problem, kinds, kind[order], start),
        first_of_batch=of_batch,
        first_of_site=of_site,
        first_of_request=starts_of_runs(request[of_batch][of_site]),
        column_start=np.searchsorted(request, np.arange(len(problem.requests) + 1)).astype(np.int64),
        batch_request=np.repeat(requests, batch_count),
        batch_start=np.append(0, np.cumsum(batch_count)).astype(np.int64),
        option_request=option_request,
        option_start=np.append(0, np.cumsum(option_count)).astype(np.int64),
        option_suite=option_suite,
    )


def _ints(values: list[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def _pairs(problem: Problem, suite_at: dict[SuiteId, int]) -> tuple[Ints, Ints, Ints, Ints, list[Kind]]:
    """Batch, option, start and kind of every admissible start, and the kinds."""
    batches, options, starts, kinds = [], [], [], []
    kind_at: dict[object, int] = {}
    shapes: list[Kind] = []
    possible: dict[object, Ints] = {}
    batch_at = option_at = 0
    for request in problem.requests:
        numbers = np.arange(batch_at, batch_at + len(request.batches), dtype=np.int64)
        earliest = _ints([min(batch.earliest, problem.horizon) for batch in request.batches])
        latest = _ints([min(batch.latest, problem.horizon) for batch in request.batches])
        for option in request.options:
            suite = suite_at[option.suite]
            shape = (suite, option.duration, option.windows)
            if shape not in possible:
                possible[shape] = _starts(problem.horizon, problem.suites[suite], option)
            ticks = possible[shape]
            first = np.searchsorted(ticks, earliest, "left").astype(np.int64)
            count = np.maximum(np.searchsorted(ticks, latest, "right") - first, 0).astype(np.int64)
            kind = kind_at.setdefault((suite, option.duration, option.uses), len(shapes))
            if kind == len(shapes):
                shapes.append(Kind(suite, option))
            batches.append(np.repeat(numbers, count))
            starts.append(ticks[stretch(first, count)])
            options.append(np.full(len(starts[-1]), option_at, dtype=np.int64))
            kinds.append(np.full(len(starts[-1]), kind, dtype=np.int64))
            option_at += 1
        batch_at += len(request.batches)
    return joined(batches), joined(options), joined(starts), joined(kinds), shapes


def _starts(horizon: int, suite: Suite, option: Option) -> Ints:
    """Start ticks of the option whatever the batch: one opening holds the whole stay, inside the windows."""
    good: Flags = np.zeros(horizon + 1, dtype=np.bool_)
    for opens, closes in suite.open:
        last = min(closes, horizon) - option.duration
        if last >= max(opens, 0):
            good[max(opens, 0) : last + 1] = True
    if option.windows is not None:
        wanted = np.zeros_like(good)
        for first, last in option.windows:
            if last >= 0:
                wanted[max(first, 0) : last + 1] = True
        good &= wanted
    return np.flatnonzero(good).astype(np.int64)


def count_columns(problem: Problem) -> int:
    """How many admissible starts a problem has, without building the table."""
    suite_at = {suite.id: position for position, suite in enumerate(problem.suites)}
    return len(_pairs(problem, suite_at)[0])
