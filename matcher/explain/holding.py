"""What kind of work holds the weeks a waiting request could use: counts of weeks by kind, never whose work it is."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from matcher.explain.obstacles import blocked_by
from matcher.explain.usage import HeldStay, Usage
from matcher.lookup import Lookup, lookup
from matcher.outcome import Placement
from matcher.problem import Option, Problem, Request, ResourceId, Suite, SuiteId

OWN = "placed-starts-of-this-request"
OTHER_PROGRAMMES = "other-programmes-of-this-round"
BOOKED = "earlier-bookings-or-own-use"
CLOSED = "closed"
FREE = "free"

Start = tuple[SuiteId, int]


@dataclass(frozen=True, slots=True)
class HeldWeeks:
    """Weeks of suites held by one kind of work."""

    kind: str
    weeks: int


def held_weeks(
    problem: Problem,
    request: Request,
    placements: tuple[Placement, ...],
    usage: Usage,
    rules: Mapping[ResourceId, str],
) -> tuple[HeldWeeks, ...]:
    """Each week of each suite of the request's options, from its first waiting start to the end of its last, once.

    A full week counts for the work that takes most of its places; a week with a place free counts for the limit of
    the facility that forbids a start in it, if one does. Most weeks first.
    """
    placed = {placement.batch for placement in placements if placement.request == request.id}
    waiting = [batch for batch in request.batches if batch.id not in placed]
    found = lookup(problem)
    mine = {(p.suite, p.start) for p in placements if p.request == request.id}
    planned = {(p.suite, p.start) for p in placements}
    counts: Counter[str] = Counter()
    if waiting:
        first = min(batch.earliest for batch in waiting)
        latest = max(batch.latest for batch in waiting)
        for option in request.options:
            suite = found.suites[option.suite]
            stays = usage.stays.get(suite.id, ())
            for week in range(first, min(problem.horizon, latest + option.duration)):
                kind = _held_by(suite, week, stays, (mine, planned))
                counts[kind or _limited(problem, found, request, option, week, usage, rules)] += 1
    return tuple(HeldWeeks(kind, weeks) for kind, weeks in sorted(counts.items(), key=lambda e: (-e[1], e[0])))


def _held_by(suite: Suite, week: int, stays: tuple[HeldStay, ...], starts: tuple[set[Start], set[Start]]) -> str | None:
    """The kind of work that fills the week of a suite, None where a place is free."""
    if not any(begin <= week < end for begin, end in suite.open):
        return CLOSED
    mine, planned = starts
    places: Counter[str] = Counter()
    for stay in stays:
        if stay.start <= week < stay.end:
            key = suite.id, stay.start
            kind = OWN if key in mine else OTHER_PROGRAMMES if key in planned else BOOKED
            places[kind] += stay.places
    if sum(places.values()) < suite.places:
        return None
    return min(places, key=lambda kind: (-places[kind], kind))


def _limited(
    problem: Problem,
    found: Lookup,
    request: Request,
    option: Option,
    week: int,
    usage: Usage,
    rules: Mapping[ResourceId, str],
) -> str:
    if week + option.duration > problem.horizon:
        return FREE
    blocking = blocked_by(problem, found, request, option, week, usage, rules)
    return min(blocking, default=FREE)
