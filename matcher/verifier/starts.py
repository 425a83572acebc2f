"""Admissible starts as spans `(first, last)` of ticks, both inside; nothing here grows with the horizon."""

from bisect import bisect_left
from collections.abc import Iterable
from operator import itemgetter

from matcher.verifier.problem import Batch, Option, Problem, Request, Spans


def option_starts(problem: Problem, option: Option) -> Spans:
    """Return the starts whose whole stay lies in one opening and the horizon, and that the windows allow."""
    openings = problem.suites[option.suite].open
    inside = united((max(start, 0), min(end, problem.horizon) - option.duration) for start, end in openings)
    return inside if option.windows is None else common(inside, united(option.windows))


def batch_starts(starts: Spans, batch: Batch) -> Spans:
    """Return those of the sorted spans that the batch's own range allows."""
    at = bisect_left(starts, batch.earliest, key=itemgetter(1))
    chosen: list[tuple[int, int]] = []
    while at < len(starts) and starts[at][0] <= batch.latest:
        chosen.append((max(starts[at][0], batch.earliest), min(starts[at][1], batch.latest)))
        at += 1
    return tuple(chosen)


def all_starts(problem: Problem, request: Request) -> dict[str, Spans]:
    """Return suite → starts of the option there, before the ranges of the batches."""
    return {suite: option_starts(problem, option) for suite, option in request.options.items()}


def united(spans: Iterable[tuple[int, int]]) -> Spans:
    """Return the union, sorted and disjoint; spans that end before they begin hold nothing."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(span for span in spans if span[0] <= span[1]):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return tuple(joined)


def common(left: Spans, right: Spans) -> Spans:
    """Return the ticks that lie in both of two sorted, disjoint lists of spans."""
    shared: list[tuple[int, int]] = []
    i = j = 0
    while i < len(left) and j < len(right):
        first, last = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if first <= last:
            shared.append((first, last))
        if left[i][1] == last:
            i += 1
        else:
            j += 1
    return tuple(shared)
