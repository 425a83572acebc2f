"""When a batch may start at all, and what a stay takes from the resources of its facility."""

from collections.abc import Mapping

from matcher.lookup import lookup
from matcher.problem import Batch, Option, Problem, Request, Resource, ResourceId, Suite, Use


def admissible_starts(problem: Problem, request: Request, batch: Batch, option: Option) -> tuple[int, ...]:
    """The sorted start ticks at which `batch` may go to `option`, other stays and limits apart.

    A start lies inside the batch's range and the option's windows; the whole stay lies inside one opening
    of the suite, clipped to the horizon. Source: problem format, *Admissible start*.
    """
    del request  # a start depends on the batch and the option alone; callers name the request for the reader
    return starts_in(lookup(problem).suites[option.suite], problem.horizon, batch, option)


def starts_in(suite: Suite, horizon: int, batch: Batch, option: Option) -> tuple[int, ...]:
    """As `admissible_starts`, for callers that hold the suite already."""
    windows = ((batch.earliest, batch.latest),) if option.windows is None else option.windows
    ranges = [
        range(max(opening[0], 0, batch.earliest, first), min(latest_start, batch.latest, last) + 1)
        for opening in suite.open
        if (latest_start := min(opening[1], horizon) - option.duration) >= 0
        for first, last in windows
    ]
    ranges = [starts for starts in ranges if starts]
    if len(ranges) == 1:
        return tuple(ranges[0])
    return tuple(sorted({start for starts in ranges for start in starts}))


def has_start(problem: Problem, request: Request, batch: Batch) -> bool:
    """Whether the batch has an admissible start on any option of its request: what the fairness total counts."""
    return any(admissible_starts(problem, request, batch, option) for option in request.options)


def uses_of(
    option: Option, start: int, horizon: int, resources: Mapping[ResourceId, Resource]
) -> list[tuple[ResourceId, int, int]]:
    """What a stay at `start` takes: (resource, period index, amount), each pair once; `once` uses are left out.

    A use that falls at or beyond the horizon (a delay after the stay) does not count.
    """
    return taken(option.uses, (start, start + option.duration), horizon, resources)


def taken(
    uses: tuple[Use, ...], stay: tuple[int, int], horizon: int, resources: Mapping[ResourceId, Resource]
) -> list[tuple[ResourceId, int, int]]:
    """As `uses_of`, for a stay over the ticks [start, end), which for a booking may leave [0, horizon)."""
    amounts: dict[tuple[ResourceId, int], int] = {}
    for use in uses:
        period = resources[use.resource].period
        for index, ticks in _periods_of(use, stay, horizon, period):
            key = (use.resource, index)
            amounts[key] = amounts.get(key, 0) + use.amount * ticks
    return [(resource, index, amount) for (resource, index), amount in amounts.items()]


def _periods_of(use: Use, stay: tuple[int, int], horizon: int, period: int) -> list[tuple[int, int]]:
    """(period index, ticks counted) of one use."""
    if use.at == "once":
        return []
    if use.at == "each":
        first, end = max(stay[0], 0), min(stay[1], horizon)
        return [
            (index, min(end, (index + 1) * period) - max(first, index * period))
            for index in range(first // period, (end - 1) // period + 1)
            if first < end
        ]
    tick = stay[0] if use.at == "start" else stay[1] - 1 + use.delay
    return [(tick // period, 1)] if 0 <= tick < horizon else []
