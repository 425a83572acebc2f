"""One order for every list of a problem, so that the order in the file cannot matter."""

from dataclasses import replace
from operator import attrgetter

from matcher.problem import Booking, Option, Policy, Problem, Request


def canonical_problem(problem: Problem) -> Problem:
    """The same problem with every list sorted by id (or by all its fields) and every mapping by key."""
    by_id = attrgetter("id")
    return replace(
        problem,
        facilities=tuple(sorted(problem.facilities, key=by_id)),
        suites=tuple(replace(suite, open=tuple(sorted(suite.open))) for suite in sorted(problem.suites, key=by_id)),
        resources=tuple(sorted(problem.resources, key=by_id)),
        requests=tuple(_request(request) for request in sorted(problem.requests, key=by_id)),
        bookings=tuple(sorted((_booking(booking) for booking in problem.bookings), key=_booking_key)),
        previous=tuple(sorted(problem.previous, key=attrgetter("request", "batch"))),
        policy=Policy(tuple(dict(sorted(tier.items())) for tier in problem.policy.tiers)),
    )


def _request(request: Request) -> Request:
    return replace(
        request,
        batches=tuple(sorted(request.batches, key=attrgetter("id"))),
        options=tuple(_option(option) for option in sorted(request.options, key=attrgetter("suite"))),
        held=tuple(sorted(set(request.held))),
    )


def _option(option: Option) -> Option:
    windows = None if option.windows is None else tuple(sorted(option.windows))
    return replace(option, windows=windows, uses=tuple(sorted(option.uses, key=_use_key)))


def _use_key(use: object) -> tuple[object, ...]:
    return attrgetter("resource", "at", "delay", "amount")(use)


def _booking(booking: Booking) -> Booking:
    return replace(booking, uses=tuple(sorted(booking.uses, key=_use_key)))


def _booking_key(booking: Booking) -> tuple[object, ...]:
    uses = tuple(_use_key(use) for use in booking.uses)
    return booking.suite, booking.start, booking.end, booking.places, booking.family or "", uses
