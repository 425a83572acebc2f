"""Whether every sum that a problem can lead to stays within ±(2^53 − 1), and whether it can be held at all.

The largest sums are worked out from the parts, never by adding up plans: every batch placed at its worst option.
"""

from collections.abc import Iterator

from matcher.measure import LARGE_IS_GOOD
from matcher.problem import LARGEST_INTEGER, Batch, Booking, Option, Problem, Request, Use
from matcher.reading.faults import Faults, Path

LONGEST_HORIZON = 10_000_000
LARGEST_CALENDAR = 10_000_000
"""Ticks of all suites together."""
MOST_STARTS = 10_000_000
"""Start ticks of all batches on all options together, before openings and windows."""


def check_sums(problem: Problem, faults: Faults) -> None:
    """Note every sum that could leave the range, at the part that makes it possible."""
    worst = _largest_terms(problem)
    for term, total in worst.items():
        if total > LARGEST_INTEGER:
            where: Path = (None, "previous") if term == "changes" else (None, "requests")
            faults.add(where, f"the sum of `{term}` could reach {_size(total)}, beyond 2^53 − 1: use smaller numbers")
    _check_tiers(problem, worst, faults)
    _check_resources(problem, faults)
    _check_places(problem, faults)
    for path, total in _late_ticks(problem):
        if total > LARGEST_INTEGER:
            faults.add(path, f"leads to tick {_size(total)}, beyond 2^53 − 1: use a smaller number")


def check_size(problem: Problem, faults: Faults) -> None:
    """Note what is too large to be held in memory; a European year of 100,000 batches takes half of each limit."""
    if problem.horizon > LONGEST_HORIZON:
        text = f"a horizon of {problem.horizon:,} ticks is longer than the {LONGEST_HORIZON:,} that can be planned"
        faults.add((None, "horizon"), text)
    ticks = problem.horizon * len(problem.suites)
    if ticks > LARGEST_CALENDAR:
        text = f"{len(problem.suites):,} suites over {problem.horizon:,} ticks are more than {LARGEST_CALENDAR:,}"
        faults.add((None, "suites"), f"{text} ticks in all: split the problem")
    starts = sum(_starts(problem, batch, option) for _, batch, option in _pairs(problem))
    if starts > MOST_STARTS:
        text = f"about {starts:,} start ticks to choose from, more than {MOST_STARTS:,}"
        faults.add((None, "requests"), f"{text}: narrow `earliest` and `latest`, or split the problem")


def _size(total: int) -> str:
    return str(total) if total < 10 * LARGEST_INTEGER else f"more than {10 * LARGEST_INTEGER}"


def _pairs(problem: Problem) -> Iterator[tuple[Request, Batch, Option]]:
    for request in problem.requests:
        for batch in request.batches:
            for option in request.options:
                yield request, batch, option


def _starts(problem: Problem, batch: Batch, option: Option) -> int:
    return max(0, min(batch.latest, problem.horizon - option.duration) - batch.earliest + 1)


def _largest_terms(problem: Problem) -> dict[str, int]:
    """For each term a total that no plan exceeds."""
    totals = dict.fromkeys(("placed", "waiting", "cost", "travel", "preference"), 0)
    for request in problem.requests:
        longest = problem.horizon - min((option.duration for option in request.options), default=problem.horizon)
        wait = sum(
            request.weight_of(batch) * max(0, min(batch.latest, longest) - batch.earliest) for batch in request.batches
        )
        weight = sum(request.weight_of(batch) for batch in request.batches)
        by_class = f"placed_class_{request.urgency}"
        totals["placed"] += weight
        totals[by_class] = totals.get(by_class, 0) + weight
        totals["waiting"] += wait
        for term in ("cost", "travel", "preference"):
            dearest = max((getattr(option, term) for option in request.options), default=0)
            totals[term] += len(request.batches) * dearest
    totals["fairness"] = 1000
    totals["sites"] = sum(min(len(request.batches), request.max_sites) for request in problem.requests)
    totals["changes"] = len(problem.previous)
    return totals


def _check_tiers(problem: Problem, worst: dict[str, int], faults: Faults) -> None:
    for index, tier in enumerate(problem.policy.tiers):
        good = sum(weight * worst.get(term, 0) for term, weight in tier.items() if term.startswith(LARGE_IS_GOOD))
        bad = sum(weight * worst.get(term, 0) for term, weight in tier.items() if not term.startswith(LARGE_IS_GOOD))
        if max(good, bad) > LARGEST_INTEGER:
            path = (((None, "policy"), "tiers"), index)
            text = f"its value could reach {_size(max(good, bad))}, beyond ±(2^53 − 1): use smaller weights"
            faults.add(path, text)


def _check_resources(problem: Problem, faults: Faults) -> None:
    """Every batch placed where it takes most, bookings included, per resource."""
    totals: dict[str, int] = {}
    for request in problem.requests:
        most: dict[str, int] = {}
        for option in request.options:
            taken: dict[str, int] = {}
            for use in option.uses:
                taken[use.resource] = taken.get(use.resource, 0) + _most_taken(
                    use, min(option.duration, problem.horizon)
                )
            for name, amount in taken.items():
                most[name] = max(most.get(name, 0), amount)
        for name, amount in most.items():
            totals[name] = totals.get(name, 0) + amount * len(request.batches)
    for booking in problem.bookings:
        for use in booking.uses:
            totals[use.resource] = totals.get(use.resource, 0) + _booked(problem, booking, use)
    for index, resource in enumerate(problem.resources):
        total = totals.get(resource.id, 0)
        if total > LARGEST_INTEGER:
            path = ((None, "resources"), index)
            faults.add(path, f"its uses could add up to {_size(total)}, beyond 2^53 − 1: use smaller amounts")


def _most_taken(use: Use, ticks: int) -> int:
    return use.amount * ticks if use.at == "each" else use.amount


def _booked(problem: Problem, booking: Booking, use: Use) -> int:
    """What a booking takes within the horizon."""
    if use.at == "each":
        return use.amount * max(0, min(booking.end, problem.horizon) - max(booking.start, 0))
    tick = booking.start if use.at == "start" else booking.end - 1 + use.delay
    return use.amount if 0 <= tick < problem.horizon else 0


def _check_places(problem: Problem, faults: Faults) -> None:
    totals: dict[str, int] = dict.fromkeys(
        (suite.id for suite in problem.suites), sum(len(request.batches) for request in problem.requests)
    )
    for booking in problem.bookings:
        totals[booking.suite] = totals.get(booking.suite, 0) + booking.places
    for index, suite in enumerate(problem.suites):
        if totals[suite.id] > LARGEST_INTEGER:
            path = ((None, "suites"), index)
            faults.add(path, f"its bookings hold {_size(totals[suite.id])} places, beyond 2^53 − 1")


def _late_ticks(problem: Problem) -> Iterator[tuple[Path, int]]:
    """Ticks that a number in the file can lead to: after a stay, an order or a changeover."""
    for index, suite in enumerate(problem.suites):
        yield (((None, "suites"), index), "changeover"), problem.horizon + suite.changeover
    for number, request in enumerate(problem.requests):
        at: Path = ((None, "requests"), number)
        for index, batch in enumerate(request.batches):
            if batch.after is not None:
                yield ((((at, "batches"), index), "after"), "min"), problem.horizon + batch.after.min
        for index, option in enumerate(request.options):
            yield from _delayed(option.uses, ((at, "options"), index), problem.horizon)
    for index, booking in enumerate(problem.bookings):
        yield from _delayed(booking.uses, ((None, "bookings"), index), booking.end)


def _delayed(uses: tuple[Use, ...], at: Path, end: int) -> Iterator[tuple[Path, int]]:
    for index, use in enumerate(uses):
        yield (((at, "uses"), index), "delay"), end - 1 + use.delay
