"""What keeps the starts of a request from being placed beside a plan: kinds of limit and how many facilities each fills.

A facility counts under an obstacle when that obstacle stands in every start it could give; where no single one does,
under each that stands in any. So the counts answer "how many facilities were full, and of what".
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from matcher.admissible import admissible_starts, uses_of
from matcher.explain.usage import Usage, usage_of
from matcher.lookup import Lookup, lookup
from matcher.outcome import Placement
from matcher.problem import Batch, FacilityId, Option, Problem, Request, RequestId, ResourceId

NO_ROOM = "no-room"
OTHER_PRODUCT = "other-product-in-the-room"
ONE_FACILITY = "facilities-per-request"
ALL_OR_NOTHING = "all-or-nothing"
SEQUENCE = "batch-sequence"
NO_START = "no-start-in-time"
OUTWEIGHED = "outweighed"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """An obstacle by its rule id, and the facilities it closes to the starts that were not placed."""

    rule: str
    facilities: frozenset[FacilityId]


def obstacles(
    problem: Problem, placements: Iterable[Placement], resource_rules: Mapping[ResourceId, str]
) -> dict[RequestId, tuple[Obstacle, ...]]:
    """For each request with options that is not wholly placed, what keeps its other starts out, most facilities first.

    `resource_rules` names the rule id of each resource ("qc-limit"); a resource without one is called "limit".
    """
    plan = tuple(placements)
    usage = usage_of(problem, plan)
    placed = {(placement.request, placement.batch) for placement in plan}
    found: dict[RequestId, tuple[Obstacle, ...]] = {}
    for request in problem.requests:
        waiting = [batch for batch in request.batches if (request.id, batch.id) not in placed]
        if waiting and request.options:
            found[request.id] = _of_request(problem, request, waiting, usage, resource_rules)
    return found


def _of_request(
    problem: Problem,
    request: Request,
    waiting: list[Batch],
    usage: Usage,
    resource_rules: Mapping[ResourceId, str],
) -> tuple[Obstacle, ...]:
    known = lookup(problem)
    by_rule: dict[str, set[FacilityId]] = {}
    held = frozenset(request.held) | usage.sites.get(request.id, frozenset())
    facilities = sorted({known.facility_of(option) for option in request.options})
    for facility in facilities:
        options = [option for option in request.options if known.facility_of(option) == facility]
        if facility not in held and len(held) >= request.max_sites:
            rules = {ONE_FACILITY}
        else:
            rules = _of_facility(problem, request, waiting, options, usage, resource_rules)
        for rule in rules:
            by_rule.setdefault(rule, set()).add(facility)
    ranked = sorted(by_rule.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    return tuple(Obstacle(rule, frozenset(where)) for rule, where in ranked)


def _of_facility(
    problem: Problem,
    request: Request,
    waiting: list[Batch],
    options: list[Option],
    usage: Usage,
    resource_rules: Mapping[ResourceId, str],
) -> set[str]:
    known = lookup(problem)
    counts: Counter[str] = Counter()
    starts = free = 0
    for batch in waiting:
        for option in options:
            for start in admissible_starts(problem, request, batch, option):
                blocking = blocked_by(problem, known, request, option, start, usage, resource_rules)
                starts += 1
                free += not blocking
                counts.update(blocking)
    if not starts:
        return {NO_START}
    if free:
        return {_beside_the_plan(request, waiting)}
    in_every_start = {rule for rule, count in counts.items() if count == starts}
    return in_every_start or set(counts)


def _beside_the_plan(request: Request, waiting: list[Batch]) -> str:
    """A single start would fit, yet not all that belong together do, or another use weighed more."""
    if request.all_or_nothing and len(request.batches) > 1:
        return ALL_OR_NOTHING
    if any(batch.after is not None for batch in waiting):
        return SEQUENCE
    return OUTWEIGHED


def blocked_by(
    problem: Problem,
    known: Lookup,
    request: Request,
    option: Option,
    start: int,
    usage: Usage,
    resource_rules: Mapping[ResourceId, str],
) -> set[str]:
    """The rule ids that keep a stay at `start` out of the option's suite beside `usage`; empty when it would fit."""
    suite = known.suites[option.suite]
    end = start + option.duration
    rules: set[str] = set()
    if any(usage.held_places(suite.id, tick) + 1 > suite.places for tick in range(start, end)):
        rules.add(NO_ROOM)
    for stay in usage.stays.get(suite.id, ()):
        if stay.family == request.family_or_own:
            continue
        shares = stay.start < end and start < stay.end
        close = stay.start < end + suite.changeover and start < stay.end + suite.changeover
        apart = suite.exclusive or suite.places == 1
        if (suite.exclusive and shares) or (apart and suite.changeover and close and not shares):
            rules.add(OTHER_PRODUCT)
    for resource, index, amount in uses_of(option, start, problem.horizon, known.resources):
        if usage.used.get((resource, index), 0) + amount > known.resources[resource].capacity[index]:
            rules.add(resource_rules.get(resource, "limit"))
    rules.update(_once_blocks(known, request, option, start, usage, resource_rules))
    return rules


def _once_blocks(
    known: Lookup, request: Request, option: Option, start: int, usage: Usage, resource_rules: Mapping[ResourceId, str]
) -> set[str]:
    if known.facility_of(option) in usage.sites.get(request.id, frozenset()):
        return set()
    return {
        resource_rules.get(use.resource, "limit")
        for use in option.uses
        if use.at == "once"
        and usage.used.get((use.resource, start // known.resources[use.resource].period), 0) + use.amount
        > known.resources[use.resource].capacity[start // known.resources[use.resource].period]
    }
