"""Whether any sum that a plan can lead to leaves the range of ±(2^53 − 1): every batch at its worst option."""

from collections import defaultdict
from collections.abc import Iterator

from matcher.verifier.formats import LARGE_TERMS, class_of
from matcher.verifier.problem import Problem, Request, Use, ticks_taken
from matcher.verifier.reading import LARGEST, shown
from matcher.verifier.shapes import Fault


def check_sums(problem: Problem) -> Iterator[Fault]:
    """Yield a fault for every term, tier, resource, suite and tick that could come to lie beyond the range."""
    most = _largest_terms(problem)
    for term, size in most.items():
        if size > LARGEST:
            yield Fault("requests", f"may bring the term {term} beyond {LARGEST}")
    for index, tier in enumerate(problem.tiers):
        sides = {True: 0, False: 0}
        for term, weight in tier.items():
            sides[term in LARGE_TERMS or class_of(term) is not None] += weight * most[term]
        if max(sides.values()) > LARGEST:
            yield Fault(f"policy.tiers[{index}]", f"may reach beyond ±{LARGEST}")
    for what, load in (_loads(problem) | _places(problem)).items():
        if load > LARGEST:
            yield Fault(what, f"may take {load} together, above {LARGEST}")
    for what, tick in _last_ticks(problem):
        if tick > LARGEST:
            yield Fault(what, f"leads to tick {tick}, beyond {LARGEST}")


def _largest_terms(problem: Problem) -> dict[str, int]:
    most: dict[str, int] = defaultdict(int, fairness=1000, changes=len(problem.previous))
    for request in problem.requests.values():
        last = problem.horizon - min((option.duration for option in request.options.values()), default=problem.horizon)
        for batch in request.batches.values():
            most["placed"] += batch.weight
            most[f"placed_class_{request.urgency}"] += batch.weight
            most["waiting"] += batch.weight * max(min(batch.latest, last) - batch.earliest, 0)
        for term in ("cost", "travel", "preference"):
            dearest = max((getattr(option, term) for option in request.options.values()), default=0)
            most[term] += len(request.batches) * dearest
        most["sites"] += min(len(request.batches), request.max_sites)
    return most


def _loads(problem: Problem) -> dict[str, int]:
    """What bookings and every batch where it takes most come to, by resource."""
    loads: dict[str, int] = defaultdict(int)
    for request in problem.requests.values():
        for name, amount in _most_of_one(request, problem.horizon).items():
            loads[f"resource {shown(name)}"] += amount * len(request.batches)
    for booking in problem.bookings:
        for use in booking.uses:
            first, last = ticks_taken(use, booking.start, booking.end, problem.horizon)
            loads[f"resource {shown(use.resource)}"] += use.amount * max(last - first, 0)
    return loads


def _most_of_one(request: Request, horizon: int) -> dict[str, int]:
    """The most that one batch of a request can take, by resource."""
    most: dict[str, int] = defaultdict(int)
    for option in request.options.values():
        taken: dict[str, int] = defaultdict(int)
        for use in option.uses:
            taken[use.resource] += use.amount * (min(option.duration, horizon) if use.at == "each" else 1)
        for name, amount in taken.items():
            most[name] = max(most[name], amount)
    return most


def _places(problem: Problem) -> dict[str, int]:
    """What bookings and every batch come to, by suite."""
    batches = sum(len(request.batches) for request in problem.requests.values())
    places = {f"suite {shown(name)}": batches for name in problem.suites}
    for booking in problem.bookings:
        places[f"suite {shown(booking.suite)}"] += booking.places
    return places


def _last_ticks(problem: Problem) -> Iterator[tuple[str, int]]:
    """Ticks that lie behind the end of a stay: changeover, order, delay."""
    for index, booking in enumerate(problem.bookings):
        yield from _delayed(booking.uses, booking.end, f"bookings[{index}]")
    for name, suite in problem.suites.items():
        yield f"the changeover of suite {shown(name)}", problem.horizon + suite.changeover
    for index, request in enumerate(problem.requests.values()):
        for option in request.options.values():
            yield from _delayed(option.uses, problem.horizon, f"requests[{index}]")
        for batch in request.batches.values():
            yield f"requests[{index}]", problem.horizon + batch.gap


def _delayed(uses: tuple[Use, ...], end: int, where: str) -> Iterator[tuple[str, int]]:
    for use in uses:
        yield f"{where}, a use at the end", end - 1 + use.delay
