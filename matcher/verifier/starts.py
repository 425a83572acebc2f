"""Admissible starts as spans `(first, last)` of ticks, both inside; nothing here grows with the horizon."""

from bisect import bisect_left, bisect_right
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
    return within(starts, batch.earliest, batch.latest)


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
    return tuple(span for first, last in left for span in within(right, first, last))


def within(spans: Spans, begin: int, end: int) -> Spans:
    """Return what of sorted, disjoint spans lies from `begin` to `end`, both inside."""
    met = slice(bisect_left(spans, begin, key=itemgetter(1)), bisect_right(spans, end, key=itemgetter(0)))
    return tuple((max(first, begin), min(last, end)) for first, last in spans[met])
