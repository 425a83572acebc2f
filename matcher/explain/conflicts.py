"""Conflict groups: smallest sets of named limits that together keep a request from being wholly placed beside the plan.

A group is found by leaving limits out one by one, and solved again alone before it is shown: with only its own limits in
force not every start fits, and without any one of them every start does.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from matcher.explain.insertion import TRIAL_STEPS, insertion
from matcher.explain.obstacles import NO_ROOM, ONE_FACILITY, OTHER_PRODUCT, SEQUENCE
from matcher.lookup import lookup
from matcher.problem import Problem, Request, ResourceId, Suite

CLOSED = "closed"
DATES = "dates-asked-for"
PAIR_DATES = "dates-of-conditions"

MOST_GROUPS = 3
MOST_TRIES = 5
PLENTY = 10**6


@dataclass(frozen=True, slots=True)
class ConflictGroup:
    """Limits by name that together keep the request out; `proof` is the problem with these limits alone in force."""

    request: str
    limits: tuple[str, ...]
    proof: Problem


def conflict_groups(problem: Problem, rules: Mapping[ResourceId, str]) -> tuple[ConflictGroup, ...]:
    """Up to three groups for the only request of `problem`, smallest first; none where the search was not exact.

    `rules` names the limits that resources stand for; resources without a name are called "limit".
    """
    names = limit_names(problem, rules)
    if not problem.requests[0].options or whole(problem) is not False:
        return ()
    found: dict[tuple[str, ...], ConflictGroup] = {}
    for last in names[:MOST_TRIES]:
        group = _minimal(problem, [name for name in names if name != last] + [last], rules)
        if group and group not in found and holds_alone(problem, group, rules):
            found[group] = ConflictGroup(problem.requests[0].id, group, with_only(problem, group, rules))
        if len(found) == MOST_GROUPS:
            break
    return tuple(sorted(found.values(), key=lambda one: (len(one.limits), one.limits)))


def limit_names(problem: Problem, rules: Mapping[ResourceId, str]) -> list[str]:
    """The names of every limit that the request may meet."""
    used = {use.resource for option in problem.requests[0].options for use in option.uses}
    return [*sorted({rules.get(name, "limit") for name in used}), *RELAXED_SUITE, *RELAXED_REQUEST]


def whole(problem: Problem) -> bool | None:
    """Whether every start of the only request fits; None where the search could not tell."""
    asked = len(problem.requests[0].batches)
    found = insertion(problem, at_least=asked, steps=TRIAL_STEPS)
    if found.starts == asked:
        return True
    return False if found.most < asked else None


def _minimal(problem: Problem, names: list[str], rules: Mapping[ResourceId, str]) -> tuple[str, ...]:
    """A minimal group; empty when without all limits not every start fits, or when a search was not exact."""
    if whole(with_only(problem, (), rules)) is not True:
        return ()
    group = list(names)
    for name in names:
        fewer = [one for one in group if one != name]
        answer = whole(with_only(problem, fewer, rules))
        if answer is None:
            return ()
        if not answer:
            group = fewer
    return tuple(sorted(group))


def holds_alone(problem: Problem, group: Iterable[str], rules: Mapping[ResourceId, str]) -> bool:
    """Whether these limits alone keep the request out, and none of them can be missed."""
    limits = tuple(group)
    if whole(with_only(problem, limits, rules)) is not False:
        return False
    return all(whole(with_only(problem, [one for one in limits if one != left], rules)) is True for left in limits)


def with_only(problem: Problem, active: Iterable[str], rules: Mapping[ResourceId, str]) -> Problem:
    """The problem with every limit but the active ones lifted. Lifting more never makes anything harder."""
    kept = set(active)
    (request,) = problem.requests
    for name, lift_request in RELAXED_REQUEST.items():
        if name not in kept:
            request = lift_request(request, problem)
    suites = problem.suites
    for name, lift_suite in RELAXED_SUITE.items():
        if name not in kept:
            suites = tuple(lift_suite(suite, problem) for suite in suites)
    resources = tuple(
        one
        if rules.get(one.id, "limit") in kept
        else replace(one, capacity=tuple(value + PLENTY for value in one.capacity))
        for one in problem.resources
    )
    return replace(problem, requests=(request,), suites=suites, resources=resources)


def _any_dates(request: Request, problem: Problem) -> Request:
    batches = tuple(replace(batch, earliest=0, latest=problem.horizon) for batch in request.batches)
    return replace(request, batches=batches)


def _any_condition(request: Request, _problem: Problem) -> Request:
    return replace(request, options=tuple(replace(option, windows=None) for option in request.options))


def _any_sequence(request: Request, _problem: Problem) -> Request:
    return replace(request, batches=tuple(replace(batch, after=None) for batch in request.batches))


def _any_facilities(request: Request, problem: Problem) -> Request:
    suites = lookup(problem).suites
    facilities = {suites[option.suite].facility for option in request.options} | set(request.held)
    return replace(request, max_sites=max(request.max_sites, len(facilities)))


def _any_room(suite: Suite, _problem: Problem) -> Suite:
    return replace(suite, places=suite.places + PLENTY)


def _any_product(suite: Suite, _problem: Problem) -> Suite:
    return replace(suite, exclusive=False, changeover=0)


def _any_week(suite: Suite, problem: Problem) -> Suite:
    return replace(suite, open=((0, problem.horizon),))


RELAXED_SUITE: Mapping[str, Callable[[Suite, Problem], Suite]] = {
    CLOSED: _any_week,
    NO_ROOM: _any_room,
    OTHER_PRODUCT: _any_product,
}
"""How each limit of rooms is lifted; with any number of places there is no changeover outside exclusive rooms."""

RELAXED_REQUEST: Mapping[str, Callable[[Request, Problem], Request]] = {
    SEQUENCE: _any_sequence,
    ONE_FACILITY: _any_facilities,
    PAIR_DATES: _any_condition,
    DATES: _any_dates,
}
"""How each limit of the request is lifted."""
