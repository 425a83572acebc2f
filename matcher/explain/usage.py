"""What a plan leaves free, counted anew from the problem and its placements."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from matcher.admissible import taken, uses_of
from matcher.lookup import lookup
from matcher.outcome import Placement
from matcher.problem import FacilityId, Problem, RequestId, ResourceId, SuiteId


@dataclass(frozen=True, slots=True)
class HeldStay:
    """A stay in a suite over ticks [start, end); `family` None is foreign to every request."""

    start: int
    end: int
    places: int
    family: str | None


@dataclass(frozen=True, slots=True)
class Usage:
    """Stays per suite, amounts used per resource and period, and each request's facilities with a placement."""

    stays: Mapping[SuiteId, tuple[HeldStay, ...]]
    used: Mapping[tuple[ResourceId, int], int]
    sites: Mapping[RequestId, frozenset[FacilityId]]

    def held_places(self, suite: SuiteId, tick: int) -> int:
        """The places taken in `suite` at `tick`."""
        return sum(stay.places for stay in self.stays.get(suite, ()) if stay.start <= tick < stay.end)


def usage_of(problem: Problem, placements: Iterable[Placement]) -> Usage:
    """Count what bookings and placements take, with `once` uses in the period of the earliest start."""
    found = lookup(problem)
    stays: dict[SuiteId, list[HeldStay]] = defaultdict(list)
    used: dict[tuple[ResourceId, int], int] = defaultdict(int)
    sites: dict[RequestId, set[FacilityId]] = defaultdict(set)
    once: dict[tuple[RequestId, ResourceId], tuple[int, int]] = {}
    for booking in problem.bookings:
        suite = SuiteId(booking.suite)
        stays[suite].append(HeldStay(booking.start, booking.end, booking.places, booking.family))
        for resource, index, amount in taken(
            booking.uses, (booking.start, booking.end), problem.horizon, found.resources
        ):
            used[resource, index] += amount
    for placement in placements:
        request = found.requests[placement.request]
        option = found.options[placement.request, placement.suite]
        end = placement.start + option.duration
        stays[placement.suite].append(HeldStay(placement.start, end, 1, request.family_or_own))
        sites[request.id].add(found.facility_of(option))
        for resource, index, amount in uses_of(option, placement.start, problem.horizon, found.resources):
            used[resource, index] += amount
        for use in option.uses:
            if use.at == "once":
                start, amount = once.get((request.id, use.resource), (placement.start, 0))
                once[request.id, use.resource] = (min(start, placement.start), max(amount, use.amount))
    for (_, resource), (start, amount) in once.items():
        used[resource, start // found.resources[resource].period] += amount
    return Usage(
        {suite: tuple(held) for suite, held in stays.items()},
        dict(used),
        {request: frozenset(facilities) for request, facilities in sites.items()},
    )
