"""The rest of a plan as fixed stays, and one request alone beside it: a small problem of its own.

Whoever doubts an explanation solves this problem: it is complete, in the problem format, and names nobody else. Every
batch weighs 1, so a plan of it is worth the number of its starts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from matcher.lookup import lookup
from matcher.outcome import Placement
from matcher.problem import (
    Booking,
    FacilityId,
    Policy,
    Problem,
    Request,
    RequestId,
    Resource,
    Suite,
    SuiteId,
    Use,
)

STARTS_THEN_WAITING = Policy(({"placed": 1}, {"waiting": 1}))


@dataclass(frozen=True, slots=True)
class FixedStay:
    """A stay of the plan that stays where it is, with the request it belongs to."""

    request: RequestId
    booking: Booking


@dataclass(frozen=True, slots=True)
class Rest:
    """A problem and its plan, by facility and suite, ready to be seen without one of its requests."""

    problem: Problem
    suites: Mapping[SuiteId, Suite]
    resources: Mapping[FacilityId, tuple[Resource, ...]]
    bookings: Mapping[SuiteId, tuple[Booking, ...]]
    stays: Mapping[SuiteId, tuple[FixedStay, ...]]
    own: Mapping[RequestId, tuple[Placement, ...]]


def rest_of(problem: Problem, placements: Iterable[Placement]) -> Rest:
    """Sort a plan by suite; a `once` use becomes a use at the start of the first stay it belongs to."""
    found = lookup(problem)
    plan = sorted(placements, key=lambda placement: (placement.start, placement))
    onboarding = _onboarding(problem, plan)
    stays: dict[SuiteId, list[FixedStay]] = {}
    own: dict[RequestId, list[Placement]] = {}
    for placement in plan:
        option = found.options[placement.request, placement.suite]
        uses = (*(use for use in option.uses if use.at != "once"), *onboarding.get(placement, ()))
        family = found.requests[placement.request].family_or_own
        held = Booking(placement.suite, placement.start, placement.start + option.duration, 1, family, uses)
        stays.setdefault(placement.suite, []).append(FixedStay(placement.request, held))
        own.setdefault(placement.request, []).append(placement)
    resources: dict[FacilityId, list[Resource]] = {}
    for resource in problem.resources:
        resources.setdefault(resource.facility, []).append(resource)
    bookings: dict[SuiteId, list[Booking]] = {}
    for booking in problem.bookings:
        bookings.setdefault(booking.suite, []).append(booking)
    return Rest(
        problem=problem,
        suites={suite.id: suite for suite in problem.suites},
        resources={facility: tuple(some) for facility, some in resources.items()},
        bookings={suite: tuple(some) for suite, some in bookings.items()},
        stays={suite: tuple(some) for suite, some in stays.items()},
        own={request: tuple(some) for request, some in own.items()},
    )


def _onboarding(problem: Problem, plan: list[Placement]) -> dict[Placement, list[Use]]:
    """The `once` uses of a plan in sequence of start, at the first stay of the request at the facility."""
    found = lookup(problem)
    first: dict[tuple[RequestId, FacilityId], Placement] = {}
    largest: dict[tuple[RequestId, FacilityId], dict[str, Use]] = {}
    for placement in plan:
        option = found.options[placement.request, placement.suite]
        key = placement.request, found.facility_of(option)
        first.setdefault(key, placement)
        uses = largest.setdefault(key, {})
        for use in option.uses:
            if use.at == "once" and (use.resource not in uses or uses[use.resource].amount < use.amount):
                uses[use.resource] = replace(use, at="start")
    return {first[key]: list(uses.values()) for key, uses in largest.items() if uses}


def beside(rest: Rest, request: Request, *, instead_of: RequestId | None = None) -> Problem:
    """The problem of `request` alone, everything of the plan but its own stays (or those of `instead_of`) fixed.

    Only the facilities of its options are in it; whatever else the plan holds cannot touch it.
    """
    leaving = request.id if instead_of is None else instead_of
    facilities = {rest.suites[option.suite].facility for option in request.options} | set(request.held)
    suites = tuple(suite for suite in rest.problem.suites if suite.facility in facilities)
    bookings = [booking for suite in suites for booking in rest.bookings.get(suite.id, ())]
    bookings += [stay.booking for suite in suites for stay in rest.stays.get(suite.id, ()) if stay.request != leaving]
    return Problem(
        origin=rest.problem.origin,
        tick=rest.problem.tick,
        horizon=rest.problem.horizon,
        facilities=tuple(facility for facility in rest.problem.facilities if facility.id in facilities),
        suites=suites,
        resources=tuple(
            resource
            for facility in rest.problem.facilities
            if facility.id in facilities
            for resource in rest.resources.get(facility.id, ())
        ),
        requests=(replace(request, weight=1, batches=tuple(replace(batch, weight=1) for batch in request.batches)),),
        bookings=tuple(bookings),
        previous=(),
        policy=STARTS_THEN_WAITING,
        sha256="",
    )
