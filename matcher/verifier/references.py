"""What shape alone cannot say of a problem: names that exist, lengths, orders without cycles, sums in range."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator

from matcher.verifier.formats import class_of
from matcher.verifier.problem import Option, Problem, Request, Use, ticks_taken
from matcher.verifier.reading import LARGEST, shown
from matcher.verifier.shapes import Fault
from matcher.verifier.starts import all_starts, batch_starts


def check_references(problem: Problem) -> list[Fault]:
    """Return every fault of a problem whose shape is right; sums are looked at when nothing else is wrong."""
    faults = [*_places(problem), *_bookings(problem)]
    for index, request in enumerate(problem.requests.values()):
        faults += _request(problem, request, f"requests[{index}]")
    return faults or list(_sums(problem))


def _known(name: str, names: Collection[str], path: str) -> Iterator[Fault]:
    if name not in names:
        yield Fault(path, f"is not in the document: {shown(name)}")


def _places(problem: Problem) -> Iterator[Fault]:
    for index, suite in enumerate(problem.suites.values()):
        yield from _known(suite.facility, problem.facilities, f"suites[{index}].facility")
    for index, resource in enumerate(problem.resources.values()):
        yield from _known(resource.facility, problem.facilities, f"resources[{index}].facility")
        periods = -(-problem.horizon // resource.period)
        if len(resource.capacity) != periods:
            found = len(resource.capacity)
            yield Fault(f"resources[{index}].capacity", f"must have {periods} entries, found {found}")


def _uses(problem: Problem, suite: str, uses: tuple[Use, ...], path: str) -> Iterator[Fault]:
    if suite not in problem.suites:
        yield from _known(suite, problem.suites, f"{path}.suite")
        return
    for index, use in enumerate(uses):
        at = f"{path}.uses[{index}].resource"
        yield from _known(use.resource, problem.resources, at)
        resource = problem.resources.get(use.resource)
        if resource is not None and resource.facility != problem.suites[suite].facility:
            yield Fault(at, f"belongs to another facility than the suite: {shown(use.resource)}")


def _bookings(problem: Problem) -> Iterator[Fault]:
    for index, booking in enumerate(problem.bookings):
        yield from _uses(problem, booking.suite, booking.uses, f"bookings[{index}]")
        if booking.start >= booking.end:
            yield Fault(f"bookings[{index}]", f"must end after it begins, found {booking.start} to {booking.end}")


def _request(problem: Problem, request: Request, path: str) -> Iterator[Fault]:
    for index, name in enumerate(request.held):
        yield from _known(name, problem.facilities, f"{path}.held[{index}]")
    if len(set(request.held)) < len(request.held):
        yield Fault(f"{path}.held", "names a facility twice")
    for index, option in enumerate(request.options.values()):
        yield from _uses(problem, option.suite, option.uses, f"{path}.options[{index}]")
    for index, batch in enumerate(request.batches.values()):
        if batch.earliest > batch.latest:
            at = f"{path}.batches[{index}].latest"
            yield Fault(at, f"must not be before the earliest start {batch.earliest}, found {batch.latest}")
        if batch.after is not None:
            yield from _known(batch.after, request.batches, f"{path}.batches[{index}].after.batch")
    for name in sorted(_on_cycles(request)):
        yield Fault(f"{path}.batches", f"wait for each other in a circle, among them {shown(name)}")


def _on_cycles(request: Request) -> set[str]:
    """Return the batches that are never reached from those that follow nobody."""
    followers: dict[str | None, list[str]] = defaultdict(list)
    for batch in request.batches.values():
        followers[batch.after if batch.after in request.batches else None].append(batch.id)
    left = set(request.batches)
    reached = followers[None]
    while reached:
        left.difference_update(reached)
        reached = [name for first in reached for name in followers[first]]
    return left


def _sums(problem: Problem) -> Iterator[Fault]:
    """Refuse a problem where a sum that can occur leaves the range: bookings, terms, tiers."""
    loads: dict[str, int] = defaultdict(int)
    for booking in problem.bookings:
        loads[f"places of suite {shown(booking.suite)}"] += booking.places
        for use in booking.uses:
            first, last = ticks_taken(use, booking.start, booking.end, problem.horizon)
            loads[f"resource {shown(use.resource)}"] += use.amount * max(last - first, 0)
    for name, load in loads.items():
        if load > LARGEST:
            yield Fault("bookings", f"together take {load} of {name}, above {LARGEST}")
    most = _largest_terms(problem)
    for index, tier in enumerate(problem.tiers):
        sizes = (weight * most[term if class_of(term) is None else "placed"] for term, weight in tier.items())
        if sum(sizes) > LARGEST:
            yield Fault(f"policy.tiers[{index}]", f"may reach beyond {LARGEST}")
    for term, size in most.items():
        if size > LARGEST:
            yield Fault("requests", f"may bring the term {term} beyond {LARGEST}")


def _largest_terms(problem: Problem) -> dict[str, int]:
    most = {"placed": 0, "waiting": 0, "cost": 0, "travel": 0, "preference": 0}
    for request in problem.requests.values():
        starts = all_starts(problem, request)
        for batch in request.batches.values():
            chosen = {suite: batch_starts(spans, batch) for suite, spans in starts.items()}
            options = [request.options[suite] for suite, spans in chosen.items() if spans]
            last = max((spans[-1][1] for spans in chosen.values() if spans), default=batch.earliest)
            most["placed"] += batch.weight
            most["waiting"] += batch.weight * (last - batch.earliest)
            for term, value in _COSTS.items():
                most[term] += max((value(option) for option in options), default=0)
    batches = sum(len(request.batches) for request in problem.requests.values())
    return {**most, "fairness": 1000, "sites": batches, "changes": len(problem.previous)}


_COSTS: dict[str, Callable[[Option], int]] = {
    "cost": lambda option: option.cost,
    "travel": lambda option: option.travel,
    "preference": lambda option: option.preference,
}
