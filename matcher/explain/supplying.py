"""Counterfactuals of a facility's limits and openings: one unit more, or one more open week, and in which weeks."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from matcher.admissible import taken, uses_of
from matcher.capacities import RULE_OF_LIMIT, STATED
from matcher.explain.asking import Waiting, renamed
from matcher.explain.changes import Change, Counterfactual, Kind, Meaning, Side
from matcher.explain.insertion import TRIAL_STEPS, insertion
from matcher.explain.premises import Changed, Premises
from matcher.lookup import lookup
from matcher.outcome import Placement
from matcher.problem import FacilityId, Interval, Problem, Request, Resource, ResourceId, Suite
from registry.vocabulary.facilities import LimitKind

KIND_OF_RULE = {
    RULE_OF_LIMIT[LimitKind.QC_RESULTS]: Kind.QC,
    RULE_OF_LIMIT[LimitKind.CERTIFICATIONS]: Kind.CERTIFICATIONS,
    RULE_OF_LIMIT[LimitKind.OPERATORS]: Kind.OPERATORS,
    RULE_OF_LIMIT[LimitKind.NEW_PRODUCTS]: Kind.NEW_PRODUCT,
    RULE_OF_LIMIT[LimitKind.TRANSFER_WEEKS]: Kind.TRANSFER,
    STATED: Kind.STARTS,
}

MOST_FACILITIES = 8
"""Facilities that are tried for each kind of change, nearest first."""

LONGEST_CLOSURE = 12
"""Closed weeks that are tried one by one at a suite."""


def supplied(
    premises: Premises, one: Waiting, request: Request, rules: Mapping[ResourceId, str]
) -> Iterator[Counterfactual]:
    """For each kind of limit, and for openings, the nearest facility where one more would place more starts; proved."""
    base = premises.beside(Changed(request, ()), request.id)
    done: set[Kind] = set()
    for facility in nearest_first(premises, request)[:MOST_FACILITIES]:
        here = at_facility(base, facility)
        for kind, names in _limits(here, facility, rules):
            if kind not in done:
                found = _raised(premises, one, here, names, Change(Side.FACILITY, kind, 1, facility))
                if found is not None:
                    done.add(kind)
                    yield found
        if Kind.OPENING not in done:
            found = _opened(premises, one, here, facility)
            if found is not None:
                done.add(Kind.OPENING)
                yield found


def nearest_first(premises: Premises, request: Request) -> list[FacilityId]:
    """The facilities of a request's options: those that hold stays of it first, then by travel, then by id."""
    travel: dict[FacilityId, int] = {}
    suites = premises.rest.suites
    ours = {suites[placement.suite].facility for placement in premises.rest.own.get(request.id, ())}
    for option in request.options:
        facility = suites[option.suite].facility
        travel[facility] = min(option.travel, travel.get(facility, option.travel))
    return sorted(travel, key=lambda facility: (facility not in ours, travel[facility], facility))


def at_facility(base: Problem, facility: FacilityId) -> Problem:
    """The same problem with the request's options at this facility alone, where it may use but one."""
    (request,) = base.requests
    if request.max_sites > 1:
        return base
    suites = lookup(base).suites
    options = tuple(option for option in request.options if suites[option.suite].facility == facility)
    return replace(base, requests=(replace(request, options=options),))


def _limits(
    problem: Problem, facility: FacilityId, rules: Mapping[ResourceId, str]
) -> Iterator[tuple[Kind, set[ResourceId]]]:
    by_kind: dict[Kind, set[ResourceId]] = {}
    for option in problem.requests[0].options:
        for use in option.uses:
            kind = KIND_OF_RULE.get(rules.get(use.resource, ""))
            if kind is not None and lookup(problem).resources[use.resource].facility == facility:
                by_kind.setdefault(kind, set()).add(use.resource)
    yield from sorted(by_kind.items())


def _raised(
    premises: Premises, one: Waiting, here: Problem, names: set[ResourceId], change: Change
) -> Counterfactual | None:
    """One unit more in every period; where that helps, in the periods alone that the found stays need."""
    everywhere = with_more(here, {(r.id, i) for r in here.resources if r.id in names for i in range(len(r.capacity))})
    found = insertion(everywhere, at_least=one.base.most + 1, steps=TRIAL_STEPS)
    if found.starts <= one.base.most:
        return None
    needed = {key for key in beyond(here, found.placements) if key[0] in names}
    weeks = sorted(
        {
            week
            for resource in here.resources
            for name, index in needed
            if resource.id == name
            for week in range(index * resource.period, min((index + 1) * resource.period, here.horizon))
        }
    )
    return _shown(premises, one, replace(change, weeks=tuple(weeks)), with_more(here, needed))


def with_more(problem: Problem, where: set[tuple[ResourceId, int]]) -> Problem:
    """The problem with one unit more in the named periods."""

    def more(resource: Resource) -> Resource:
        capacity = tuple(value + ((resource.id, index) in where) for index, value in enumerate(resource.capacity))
        return replace(resource, capacity=capacity)

    return replace(problem, resources=tuple(more(resource) for resource in problem.resources))


def beyond(problem: Problem, placements: Iterable[Placement]) -> set[tuple[ResourceId, int]]:
    """The periods in which bookings and these stays take more than the problem allows."""
    found = lookup(problem)
    used: dict[tuple[ResourceId, int], int] = {}
    first: dict[FacilityId, int] = {}
    once: dict[ResourceId, int] = {}
    for booking in problem.bookings:
        for name, index, amount in taken(booking.uses, (booking.start, booking.end), problem.horizon, found.resources):
            used[name, index] = used.get((name, index), 0) + amount
    for stay in placements:
        option = found.options[stay.request, stay.suite]
        facility = found.facility_of(option)
        first[facility] = min(stay.start, first.get(facility, stay.start))
        for name, index, amount in uses_of(option, stay.start, problem.horizon, found.resources):
            used[name, index] = used.get((name, index), 0) + amount
        for use in option.uses:
            if use.at == "once":
                once[use.resource] = max(use.amount, once.get(use.resource, 0))
    for name, amount in once.items():
        key = name, first[found.resources[name].facility] // found.resources[name].period
        used[key] = used.get(key, 0) + amount
    return {(name, index) for (name, index), amount in used.items() if amount > found.resources[name].capacity[index]}


def _opened(premises: Premises, one: Waiting, here: Problem, facility: FacilityId) -> Counterfactual | None:
    """One closed week of one suite open: the first that helps, tried only where all of them together would."""
    for option in here.requests[0].options:
        suite = lookup(here).suites[option.suite]
        closed = closed_weeks(suite, here) if suite.facility == facility else []
        more = one.base.most + 1
        if not closed or insertion(with_open(here, suite, closed), at_least=more, steps=TRIAL_STEPS).starts < more:
            continue
        for week in closed[:LONGEST_CLOSURE]:
            change = Change(Side.FACILITY, Kind.OPENING, 1, facility, (week,), suite.id)
            found = _shown(premises, one, change, with_open(here, suite, [week]))
            if found is not None:
                return found
    return None


def closed_weeks(suite: Suite, problem: Problem) -> list[int]:
    """The closed weeks that a stay of the request could touch."""
    (request,) = problem.requests
    longest = max(option.duration for option in request.options)
    first = min(batch.earliest for batch in request.batches)
    last = min(problem.horizon, max(batch.latest for batch in request.batches) + longest)
    return [week for week in range(first, last) if not any(begin <= week < end for begin, end in suite.open)]


def with_open(problem: Problem, suite: Suite, weeks: Iterable[int]) -> Problem:
    """The problem with some weeks of a suite open too, each joined with the openings it touches."""
    openings: list[Interval] = list(suite.open)
    for week in weeks:
        beside_it = [one for one in openings if one[0] <= week + 1 and week <= one[1]]
        begin = min([week, *(one[0] for one in beside_it)])
        end = max([week + 1, *(one[1] for one in beside_it)])
        openings = [*(one for one in openings if one not in beside_it), (begin, end)]
    wider = replace(suite, open=tuple(sorted(openings)))
    return replace(problem, suites=tuple(wider if each.id == suite.id else each for each in problem.suites))


def _shown(premises: Premises, one: Waiting, change: Change, proof: Problem) -> Counterfactual | None:
    """The counterfactual, if solving this very problem places more and the whole plan holds beside it."""
    found = insertion(proof, at_least=one.base.most + 1, steps=TRIAL_STEPS)
    changed = Changed(proof.requests[0], ())
    if found.starts <= one.base.most or not premises.holds(changed, one.request.id, found.placements, proof):
        return None
    return Counterfactual(
        request=one.request.id,
        change=change,
        meaning=Meaning.BESIDE_THE_PLAN,
        asked=one.asked,
        now=one.base.most,
        starts=found.starts,
        placements=renamed(found.placements, one.request.id),
        proof=proof,
    )
