"""What shape alone cannot say of a problem: names that exist, lengths, orders without cycles, sums in range."""

from collections import defaultdict
from collections.abc import Collection, Iterator

from matcher.verifier.problem import Problem, Request, Use
from matcher.verifier.reading import shown
from matcher.verifier.shapes import Fault
from matcher.verifier.sums import check_sums


def check_references(problem: Problem) -> list[Fault]:
    """Return every fault of a problem whose shape is right; sums are looked at when nothing else is wrong."""
    faults = [*_places(problem), *_bookings(problem)]
    for index, request in enumerate(problem.requests.values()):
        faults += _request(problem, request, f"requests[{index}]")
    return faults or list(check_sums(problem))


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
