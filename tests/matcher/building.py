"""Tiny problems by hand: short names for the parts, sensible values for the rest."""

from dataclasses import replace

from matcher.outcome import Placement
from matcher.problem import (
    After,
    Batch,
    BatchId,
    Booking,
    Facility,
    FacilityId,
    Option,
    Policy,
    Problem,
    Request,
    RequestId,
    Resource,
    ResourceId,
    Suite,
    SuiteId,
    Use,
    UseAt,
)

HORIZON = 12


def suite(
    name: str = "S", facility: str = "F", *, places: int = 1, exclusive: bool = False, changeover: int = 0
) -> Suite:
    return Suite(SuiteId(name), FacilityId(facility), places, ((0, HORIZON),), exclusive, changeover)


def resource(*capacity: int, period: int = 1, facility: str = "F") -> Resource:
    full = capacity + (capacity[-1],) * (-(-HORIZON // period) - len(capacity))
    return Resource(ResourceId("R"), FacilityId(facility), period, full)


def use(at: UseAt, amount: int = 1, delay: int = 0) -> Use:
    return Use(ResourceId("R"), amount, at, delay)


def batch(name: str = "b", earliest: int = 0, latest: int = HORIZON, after: tuple[str, int] | None = None) -> Batch:
    follows = None if after is None else After(BatchId(after[0]), after[1])
    return Batch(BatchId(name), earliest, latest, None, follows)


def option(name: str = "S", duration: int = 2, *uses: Use, cost: int = 0) -> Option:
    return Option(SuiteId(name), duration, cost, uses=uses)


def request(
    name: str = "Q", batches: tuple[Batch, ...] = (batch(),), options: tuple[Option, ...] = (option(),)
) -> Request:
    return Request(RequestId(name), batches, options)


def booking(start: int, end: int, *uses: Use, places: int = 1, family: str | None = None) -> Booking:
    return Booking(SuiteId("S"), start, end, places, family, uses)


def problem(
    *requests: Request,
    suites: tuple[Suite, ...] = (suite(),),
    resources: tuple[Resource, ...] = (),
    bookings: tuple[Booking, ...] = (),
) -> Problem:
    names = sorted({each.facility for each in suites} | {held for each in requests for held in each.held})
    return Problem(
        origin="2026-01-05",
        tick="week",
        horizon=HORIZON,
        facilities=tuple(Facility(name) for name in names),
        suites=suites,
        resources=resources,
        requests=requests,
        bookings=bookings,
        previous=(),
        policy=Policy(({"placed": 1},)),
        sha256="",
    )


def at(start: int, name: str = "b", where: str = "S", who: str = "Q") -> Placement:
    return Placement(RequestId(who), BatchId(name), SuiteId(where), start)


def opened(asked: Problem, *intervals: tuple[int, int]) -> Problem:
    """The same problem with other openings of its first suite."""
    first = replace(asked.suites[0], open=intervals)
    return replace(asked, suites=(first, *asked.suites[1:]))
