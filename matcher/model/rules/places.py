"""At every tick at most `places` stays in a suite, bookings included."""

from collections.abc import Iterator

from matcher.model.variables import Variables
from matcher.problem import Problem, Suite


def add(variables: Variables) -> None:
    """One row per suite and tick where the starts covering it are not contained in those of the tick before."""
    for suite_id, starts in variables.of_suite.items():
        suite = variables.suites[suite_id]
        free = free_places(variables.problem, suite)
        for tick, numbers in covering(variables, starts, free):
            variables.model.add_row(((number, 1) for number in numbers), upper=free[tick])


def covering(variables: Variables, starts: list[int], free: list[int]) -> Iterator[tuple[int, list[int]]]:
    """The ticks that limit anything, with the starts whose stay covers them."""
    at: list[list[int]] = [[] for _ in free]
    begins = {variables.starts[number].start for number in starts}
    for number in starts:
        start = variables.starts[number]
        for tick in range(start.start, start.end):
            at[tick].append(number)
    for tick, numbers in enumerate(at):
        implied = tick not in begins and tick > 0 and free[tick - 1] <= free[tick]
        if numbers and not implied:
            yield tick, numbers


def free_places(problem: Problem, suite: Suite) -> list[int]:
    """Places left by the bookings at each tick of the horizon, never below 0."""
    free = [suite.places] * problem.horizon
    for booking in problem.bookings:
        if booking.suite == suite.id:
            for tick in range(max(booking.start, 0), min(booking.end, problem.horizon)):
                free[tick] -= booking.places
    return [max(places, 0) for places in free]
