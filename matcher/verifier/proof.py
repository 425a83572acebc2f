"""The proof of the bound, redone as the format words it: scarcity values of suites and resources bound the first tier."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from matcher.verifier.formats import class_of
from matcher.verifier.loads import booked_takings, loads
from matcher.verifier.problem import Batch, Booking, Option, Problem, Request, Spans, ticks_taken
from matcher.verifier.reading import shown
from matcher.verifier.report import Finding
from matcher.verifier.starts import all_starts, batch_starts, united

PROVABLE = ("placed", "waiting", "cost", "travel", "preference", "changes")


@dataclass(frozen=True, slots=True)
class Values:
    """Scarcity values as running sums: `sums[i]` is the value of the first i ticks (suites) or periods (resources)."""

    scale: int
    suites: Mapping[str, list[int]]
    resources: Mapping[str, list[int]]


def check_proof(problem: Problem, proof: Mapping[str, Mapping[str, Sequence[int]]]) -> list[Finding]:
    """Return what forbids a proof whose outer shape is right: terms it cannot bound, names, lengths."""
    findings: list[Finding] = []
    for term in problem.tiers[0]:
        if term not in PROVABLE and class_of(term) is None:
            where = "the first tier holds a term that no proof can bound"
            findings.append(Finding("proof", where, term, ", ".join(PROVABLE)))
    lengths = {
        "suites": dict.fromkeys(problem.suites, problem.horizon),
        "resources": {name: len(resource.capacity) for name, resource in problem.resources.items()},
    }
    for kind, known in lengths.items():
        for name in sorted(known.keys() | proof[kind].keys()):
            found = f"{len(proof[kind][name])} values" if name in proof[kind] else "none"
            required = f"{known[name]} values" if name in known else "none"
            if found != required:
                findings.append(Finding("proof", f"values of {shown(name)} in {kind}", found, required))
    return findings


def proved_limit(problem: Problem, scale: int, proof: Mapping[str, Mapping[str, Sequence[int]]]) -> int:
    """Return the limit of the first tier that a proof which `check_proof` accepts gives."""
    values = Values(
        scale,
        {name: list(accumulate(given, initial=0)) for name, given in proof["suites"].items()},
        {name: list(accumulate(given, initial=0)) for name, given in proof["resources"].items()},
    )
    total = sum(_request(problem, values, request) for request in problem.requests.values())
    held: dict[str, list[Booking]] = defaultdict(list)
    for booking in problem.bookings:
        held[booking.suite].append(booking)
    total += sum(_free_places(problem, name, held[name], given) for name, given in proof["suites"].items())
    booked = booked_takings(problem)
    for name, given in proof["resources"].items():
        resource = problem.resources[name]
        taken = loads(resource, booked[name])
        total += sum(v * max(c - t, 0) for v, c, t in zip(given, resource.capacity, taken, strict=True))
    return total // scale - problem.tiers[0].get("changes", 0) * len(problem.previous)


def _free_places(problem: Problem, name: str, bookings: list[Booking], given: Sequence[int]) -> int:
    """Return Σ value · free places; the lists of the proof are as long as the horizon, so ticks may be walked here."""
    suite = problem.suites[name]
    steps = [0] * (problem.horizon + 1)
    for booking in bookings:
        first, last = max(booking.start, 0), min(booking.end, problem.horizon)
        if first < last:
            steps[first] += booking.places
            steps[last] -= booking.places
    held = list(accumulate(steps))
    openings = united((max(start, 0), min(end, problem.horizon) - 1) for start, end in suite.open)
    ticks = (tick for first, last in openings for tick in range(first, last + 1))
    return sum(given[tick] * max(suite.places - held[tick], 0) for tick in ticks)


def _request(problem: Problem, values: Values, request: Request) -> int:
    """Return the most a request can bring: at its best facility, or anywhere when it may use several."""
    starts = all_starts(problem, request)
    best: dict[str, dict[str, int]] = {name: {} for name in request.batches}
    for option in request.options.values():
        place = problem.suites[option.suite].facility if request.max_sites == 1 else ""
        costs: dict[int, int] = {}
        for batch in request.batches.values():
            profit = _best(problem, values, request, batch, option, batch_starts(starts[option.suite], batch), costs)
            if profit is not None:
                best[batch.id][place] = max(profit, best[batch.id].get(place, profit))
    places = {place for profits in best.values() for place in profits}
    return max((_together(request, [profits.get(place) for profits in best.values()]) for place in places), default=0)


def _together(request: Request, profits: list[int | None]) -> int:
    known = [profit for profit in profits if profit is not None]
    if not request.all_or_nothing:
        return sum(max(profit, 0) for profit in known)
    return max(sum(known), 0) if len(known) == len(profits) else 0


def _best(
    problem: Problem,
    values: Values,
    request: Request,
    batch: Batch,
    option: Option,
    spans: Spans,
    costs: dict[int, int],
) -> int | None:
    """Return the best profit of a batch on an option, None without admissible start; `costs` are kept between batches."""
    tier = problem.tiers[0]
    fixed = batch.weight * (tier.get("placed", 0) + tier.get(f"placed_class_{request.urgency}", 0))
    fixed -= sum(tier.get(term, 0) * getattr(option, term) for term in ("cost", "travel", "preference"))
    waiting = tier.get("waiting", 0) * batch.weight
    suite, kept = problem.previous.get((request.id, batch.id), ("", 0))
    best: int | None = None
    for first, last in spans:
        for start in range(first, last + 1):
            if start not in costs:
                costs[start] = _cost(problem, values, option, start)
            share = fixed - waiting * (start - batch.earliest)
            if suite == option.suite and kept == start:
                share += tier.get("changes", 0)
            profit = values.scale * share - costs[start]
            if best is None or profit > best:
                best = profit
    return best


def _cost(problem: Problem, values: Values, option: Option, start: int) -> int:
    """Return the value of what a stay at `start` takes; uses `once` are left out."""
    end = start + option.duration
    cost = values.suites[option.suite][end] - values.suites[option.suite][start]
    for use in option.uses:
        sums = values.resources[use.resource]
        first, last = ticks_taken(use, start, end, problem.horizon)
        if first < last:
            cost += use.amount * (
                _until(problem, use.resource, sums, last) - _until(problem, use.resource, sums, first)
            )
    return cost


def _until(problem: Problem, name: str, sums: list[int], tick: int) -> int:
    """Return the sum, over all ticks before `tick`, of the value of the period each lies in."""
    size = problem.resources[name].period
    whole, rest = divmod(tick, size)
    return sums[whole] * size + (rest * (sums[whole + 1] - sums[whole]) if rest else 0)
