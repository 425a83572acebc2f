"""Resources: what bookings and placements take per period; memory grows with the capacity lists, not the ticks."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from operator import add

from matcher.verifier.plan import Placed, Plan
from matcher.verifier.problem import Problem, Resource, ticks_taken
from matcher.verifier.reading import shown
from matcher.verifier.report import Finding

MOST_NAMED = 20
"""Periods of a resource whose takers are named: naming everybody for each of very many would take for ever."""


@dataclass(frozen=True, slots=True)
class Taking:
    """`amount` of a resource at each tick from `first` to before `last`."""

    amount: int
    first: int
    last: int
    label: str


def check_resources(problem: Problem, plan: Plan) -> tuple[list[Finding], list[str]]:
    """Return the findings of all resources, and the resources that bookings alone exceed."""
    booked, added = booked_takings(problem), plan_takings(problem, plan)
    findings: list[Finding] = []
    crowded: list[str] = []
    for name in sorted(problem.resources):
        resource = problem.resources[name]
        before = loads(resource, booked[name])
        if any(before[period] > limit for period, limit in enumerate(resource.capacity)):
            crowded.append(f"resource {shown(name)}")
        if added[name]:
            findings += _periods(name, resource, before, added[name])
    return findings, crowded


def booked_takings(problem: Problem) -> defaultdict[str, list[Taking]]:
    """Return resource → what the bookings take of it."""
    booked: defaultdict[str, list[Taking]] = defaultdict(list)
    for index, booking in enumerate(problem.bookings):
        for use in booking.uses:
            first, last = ticks_taken(use, booking.start, booking.end, problem.horizon)
            booked[use.resource].append(Taking(use.amount, first, last, f"booking {index}"))
    return booked


def plan_takings(problem: Problem, plan: Plan) -> defaultdict[str, list[Taking]]:
    """Return resource → what the placements take of it, onboarding included."""
    added: defaultdict[str, list[Taking]] = defaultdict(list)
    for placements in plan.values():
        for name, taking in (*_stays(problem, placements), *_once(problem, placements)):
            added[name].append(taking)
    return added


def loads(resource: Resource, takings: list[Taking]) -> list[int]:
    """Return the load per period: partial periods one by one, the whole ones between them by differences."""
    size = resource.period
    partial = [0] * len(resource.capacity)
    steps = [0] * len(resource.capacity)
    for taking in takings:
        if taking.first >= taking.last:
            continue
        begin, end = taking.first // size, (taking.last - 1) // size
        if begin == end:
            partial[begin] += taking.amount * (taking.last - taking.first)
            continue
        partial[begin] += taking.amount * ((begin + 1) * size - taking.first)
        partial[end] += taking.amount * (taking.last - end * size)
        steps[begin + 1] += taking.amount * size
        steps[end] -= taking.amount * size
    return list(map(add, partial, accumulate(steps)))


def _stays(problem: Problem, placements: tuple[Placed, ...]) -> Iterator[tuple[str, Taking]]:
    for placed in placements:
        for use in placed.option.uses:
            first, last = ticks_taken(use, placed.start, placed.end, problem.horizon)
            yield use.resource, Taking(use.amount, first, last, placed.label)


def _once(problem: Problem, placements: tuple[Placed, ...]) -> Iterator[tuple[str, Taking]]:
    """Yield the largest amount per resource, at the earliest start of the request in the facility."""
    earliest: dict[str, int] = {}
    largest: dict[tuple[str, str], int] = {}
    for placed in placements:
        earliest[placed.facility] = min(placed.start, earliest.get(placed.facility, placed.start))
        for use in placed.option.uses:
            if use.at == "once":
                key = placed.facility, use.resource
                largest[key] = max(use.amount, largest.get(key, use.amount))
    for (facility, resource), amount in largest.items():
        first, last = max(earliest[facility], 0), min(earliest[facility] + 1, problem.horizon)
        yield resource, Taking(amount, first, last, f"onboarding of request {shown(placements[0].request.id)}")


def _periods(name: str, resource: Resource, before: list[int], added: list[Taking]) -> Iterator[Finding]:
    named = 0
    after = loads(resource, added)
    for period, limit in enumerate(resource.capacity):
        booked, load = before[period], after[period]
        if load == 0 or booked + load <= limit:
            continue
        where = f"resource {shown(name)} in period {period}"
        if named < MOST_NAMED:
            named += 1
            where += f": {', '.join(_takers(resource, period, added))}"
        yield Finding("resource", where, f"{booked} booked and {load} added", f"at most {limit}")


def _takers(resource: Resource, period: int, added: list[Taking]) -> list[str]:
    begin, end = period * resource.period, (period + 1) * resource.period
    labels = [taking.label for taking in added if max(begin, taking.first) < min(end, taking.last)]
    return list(dict.fromkeys(labels))[:6]
