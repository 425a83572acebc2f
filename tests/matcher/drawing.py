"""Small random problems that use every feature of the format, for properties and for comparison with brute force.

`random_problem(seed)` is a plain seeded generator; `problems()` is the same as a Hypothesis strategy, which shrinks.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from hypothesis import strategies as st

from matcher.admissible import admissible_starts
from matcher.problem import (
    After,
    Batch,
    BatchId,
    Booking,
    Facility,
    FacilityId,
    Interval,
    Option,
    Policy,
    PreviousPlacement,
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
from matcher.serialise import seal

Item = TypeVar("Item")
TERMS = ("placed", "fairness", "waiting", "cost", "travel", "preference", "sites", "changes")


@dataclass(frozen=True, slots=True)
class Features:
    """What a drawn problem may use; every feature is on unless switched off."""

    exclusive: bool = True
    changeover: bool = True
    uses: bool = True
    once: bool = True
    delay: bool = True
    after: bool = True
    held: bool = True
    max_sites: int = 3
    all_or_nothing: bool = True
    bookings: bool = True
    previous: bool = True
    windows: bool = True
    batch_weights: bool = True
    groups: bool = True
    families: bool = True
    tiers: int = 3
    requests: int = 3
    batches: int = 3
    horizon: int = 8
    plans: int = 3000
    """Upper limit of the number of plans, good or bad: what `brute` has to look at."""


EVERYTHING = Features()


class Source(Protocol):
    """Where choices come from: a seeded generator or Hypothesis."""

    def number(self, low: int, high: int) -> int:
        """A whole number between low and high, both inclusive."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """Choices of `random.Random`."""

    generator: random.Random

    def number(self, low: int, high: int) -> int:
        return self.generator.randint(low, high)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Choices of Hypothesis."""

    draw: Callable[[st.SearchStrategy[int]], int]

    def number(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))


def random_problem(seed: int, features: Features = EVERYTHING) -> Problem:
    """A small problem, the same for the same seed and features."""
    return small_problem(Seeded(random.Random(seed)), features)


@st.composite
def problems(draw: Callable[[st.SearchStrategy[int]], int], features: Features = EVERYTHING) -> Problem:
    """Small problems for Hypothesis."""
    return small_problem(Drawn(draw), features)


def small_problem(source: Source, features: Features) -> Problem:
    horizon = source.number(1 if _chance(source, 8) else 4, features.horizon)
    facilities = tuple(Facility(FacilityId(f"F{number}")) for number in range(source.number(1, 3)))
    suites = tuple(
        _suite(source, features, horizon, facility, number)
        for facility in facilities
        for number in range(source.number(1, 2))
    )
    resources = tuple(
        _resource(source, horizon, facility, number)
        for facility in facilities
        for number in range(source.number(0, 2) if features.uses else 0)
    )
    requests = tuple(
        _request(source, features, horizon, suites, resources, number)
        for number in range(source.number(min(2, features.requests), features.requests))
    )
    bookings = source.number(0, 3) if features.bookings else 0
    problem = Problem(
        origin="2026-01-05",
        tick="day" if _chance(source, 2) else "week",
        horizon=horizon,
        facilities=facilities,
        suites=suites,
        resources=resources,
        requests=requests,
        bookings=tuple(_booking(source, features, horizon, suites, resources) for _ in range(bookings)),
        previous=(),
        policy=Policy(_tiers(source, features)),
        sha256="",
    )
    problem = _few_plans(problem, features.plans)
    if features.previous:
        problem = replace(problem, previous=_previous(source, problem))
    return seal(problem)


def _chance(source: Source, one_in: int) -> bool:
    return source.number(1, one_in) == one_in


def _one_of(source: Source, items: tuple[Item, ...]) -> Item:
    return items[source.number(0, len(items) - 1)]


def _suite(source: Source, features: Features, horizon: int, facility: Facility, number: int) -> Suite:
    return Suite(
        id=SuiteId(f"{facility.id}-S{number}"),
        facility=facility.id,
        places=source.number(1, 3) if _chance(source, 2) else 1,
        open=_openings(source, horizon),
        exclusive=features.exclusive and _chance(source, 2),
        changeover=source.number(0, 3) if features.changeover and _chance(source, 2) else 0,
    )


def _openings(source: Source, horizon: int) -> tuple[Interval, ...]:
    kind = source.number(0, 9)
    if kind == 0:
        return ()
    if kind == 1:
        middle = source.number(0, horizon)
        return ((-1, middle + 1), (middle + 1, horizon + 2))
    if kind == 2:
        start = source.number(0, horizon)
        return ((start, start + source.number(1, horizon)),)
    return ((0, horizon),)


def _resource(source: Source, horizon: int, facility: Facility, number: int) -> Resource:
    period = source.number(1, min(4, horizon + 1))
    capacity = tuple(source.number(0 if _chance(source, 4) else 2, 5) for _ in range(-(-horizon // period)))
    return Resource(ResourceId(f"{facility.id}-R{number}"), facility.id, period, capacity)


def _request(
    source: Source,
    features: Features,
    horizon: int,
    suites: tuple[Suite, ...],
    resources: tuple[Resource, ...],
    number: int,
) -> Request:
    batches: list[Batch] = []
    for _ in range(source.number(1, features.batches)):
        batches.append(_batch(source, features, horizon, batches))
    if _chance(source, 3):
        batches.reverse()
    places = {suite.id: suite for suite in suites if not _chance(source, 3)}
    held = tuple(sorted({suite.facility for suite in suites if _chance(source, 8)})) if features.held else ()
    return Request(
        id=RequestId(f"Q{number}"),
        batches=tuple(batches),
        options=tuple(_option(source, features, horizon, suite, resources) for suite in places.values()),
        weight=source.number(1, 5),
        urgency=source.number(0, 2),
        group=_one_of(source, ("north", "south", None)) if features.groups else None,
        family=_one_of(source, ("car-t", "tcr", None)) if features.families else None,
        max_sites=source.number(1, features.max_sites),
        all_or_nothing=features.all_or_nothing and _chance(source, 4),
        held=held,
    )


def _batch(source: Source, features: Features, horizon: int, earlier: list[Batch]) -> Batch:
    earliest = source.number(0, horizon if _chance(source, 6) else horizon // 2)
    after = None
    if features.after and earlier and _chance(source, 2):
        after = After(_one_of(source, tuple(earlier)).id, source.number(0, 2))
    return Batch(
        id=BatchId(f"b{len(earlier)}"),
        earliest=earliest,
        latest=earliest + source.number(0, 5),
        weight=source.number(1, 6) if features.batch_weights and _chance(source, 3) else None,
        after=after,
    )


def _option(source: Source, features: Features, horizon: int, suite: Suite, resources: tuple[Resource, ...]) -> Option:
    there = tuple(resource for resource in resources if resource.facility == suite.facility)
    windows: tuple[Interval, ...] | None = None
    if features.windows and _chance(source, 4):
        firsts = [source.number(0, horizon) for _ in range(source.number(0, 2))]
        windows = tuple((first, first + source.number(0, 3)) for first in firsts)
    return Option(
        suite=suite.id,
        duration=source.number(1, min(3, horizon)),
        cost=source.number(0, 5),
        travel=source.number(0, 5),
        preference=source.number(0, 3),
        windows=windows,
        uses=_uses(source, features, there, once=features.once),
    )


def _uses(source: Source, features: Features, resources: tuple[Resource, ...], *, once: bool) -> tuple[Use, ...]:
    if not resources:
        return ()
    kinds: tuple[UseAt, ...] = ("start", "end", "each", "once") if once else ("start", "end", "each")
    uses = []
    for _ in range(source.number(0, 2)):
        at = _one_of(source, kinds)
        delay = source.number(0, 3) if at == "end" and features.delay else 0
        uses.append(Use(_one_of(source, resources).id, source.number(1, 2), at, delay))
    return tuple(uses)


def _booking(
    source: Source, features: Features, horizon: int, suites: tuple[Suite, ...], resources: tuple[Resource, ...]
) -> Booking:
    suite = _one_of(source, suites)
    there = tuple(resource for resource in resources if resource.facility == suite.facility)
    start = source.number(-3, horizon + 1)
    return Booking(
        suite=suite.id,
        start=start,
        end=start + source.number(1, 4),
        places=source.number(1, 2),
        family=_one_of(source, ("car-t", "tcr", "Q0", None)),
        uses=_uses(source, features, there, once=False),
    )


def _tiers(source: Source, features: Features) -> tuple[dict[str, int], ...]:
    names = (*TERMS, "placed_class_0", "placed_class_1", "placed_class_7")
    first = {"placed": source.number(1, 3)} if not _chance(source, 4) else {}
    tiers = [first] if first else []
    while not tiers or (len(tiers) < features.tiers and _chance(source, 2)):
        tiers.append({_one_of(source, names): source.number(1, 4) for _ in range(source.number(1, 3))})
    return tuple(tiers)


def plan_count(problem: Problem) -> int:
    """How many plans there are when nothing but admissible starts is asked."""
    count = 1
    for request in problem.requests:
        for batch in request.batches:
            count *= 1 + sum(len(admissible_starts(problem, request, batch, option)) for option in request.options)
    return count


def _few_plans(problem: Problem, limit: int) -> Problem:
    """Narrow the ranges tick by tick, then leave out requests, then options, until there are at most `limit` plans."""
    while plan_count(problem) > limit:
        narrower = tuple(_narrower(request) for request in problem.requests)
        if narrower != problem.requests:
            problem = replace(problem, requests=narrower)
        elif len(problem.requests) > 1:
            problem = replace(problem, requests=problem.requests[:-1])
        else:
            only = problem.requests[0]
            problem = replace(problem, requests=(replace(only, options=only.options[:-1]),))
    return problem


def _narrower(request: Request) -> Request:
    batches = tuple(replace(batch, latest=max(batch.earliest, batch.latest - 1)) for batch in request.batches)
    return replace(request, batches=batches)


def _previous(source: Source, problem: Problem) -> tuple[PreviousPlacement, ...]:
    published = []
    for request in problem.requests:
        for batch in request.batches:
            if _chance(source, 2):
                suite = _one_of(source, problem.suites).id
                published.append(PreviousPlacement(request.id, batch.id, suite, source.number(0, problem.horizon)))
    if _chance(source, 3):
        published.append(PreviousPlacement("gone", "b0", "gone too", -2))
    return tuple(published)
