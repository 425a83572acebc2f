"""What every cell can still take, bookings considered."""

import numpy as np

from matcher.admissible import taken
from matcher.large.ragged import Flags, Ints
from matcher.large.slots import cell_count, resource_offsets
from matcher.lookup import lookup
from matcher.problem import Problem


def limits_after_bookings(problem: Problem) -> Ints:
    """Per cell: places or capacity less bookings; below 0 where bookings alone exceed the limit."""
    horizon = problem.horizon
    left = np.zeros(cell_count(problem), dtype=np.int64)
    suite_at = {suite.id: position for position, suite in enumerate(problem.suites)}
    offsets, resources = resource_offsets(problem), lookup(problem).resources
    for suite in problem.suites:
        begin = suite_at[suite.id] * horizon
        left[begin : begin + horizon] = suite.places
    for resource in problem.resources:
        begin = offsets[resource.id]
        left[begin : begin + len(resource.capacity)] = resource.capacity
    for booking in problem.bookings:
        begin = suite_at[booking.suite] * horizon
        first, end = max(booking.start, 0), min(booking.end, horizon)
        if first < end:
            left[begin + first : begin + end] -= booking.places
        for name, period, amount in taken(booking.uses, (booking.start, booking.end), horizon, resources):
            left[offsets[name] + period] -= amount
    return left


def free_of_proof(problem: Problem, left: Ints) -> Ints:
    """Free as the proof counts it: not below 0, and 0 in a suite at ticks outside every opening."""
    open_ticks: Flags = np.zeros((len(problem.suites), problem.horizon), dtype=np.bool_)
    for position, suite in enumerate(problem.suites):
        for opens, closes in suite.open:
            open_ticks[position, max(opens, 0) : max(min(closes, problem.horizon), 0)] = True
    free = np.maximum(left, 0)
    free[: open_ticks.size] *= open_ticks.ravel()
    return free


def overbooked(problem: Problem) -> tuple[str, ...]:
    """A warning for every suite and resource whose bookings alone exceed its limit somewhere."""
    left, horizon = limits_after_bookings(problem), problem.horizon
    offsets = resource_offsets(problem)
    ends = [(f"suite {suite.id}", at * horizon, horizon) for at, suite in enumerate(problem.suites)]
    ends += [(f"resource {one.id}", offsets[one.id], len(one.capacity)) for one in problem.resources]
    return tuple(
        f"Bookings alone exceed {name} {int(over.sum())} times, first at position {int(over.argmax())}; "
        "nothing is added there."
        for name, begin, count in ends
        if (over := left[begin : begin + count] < 0).any()
    )
