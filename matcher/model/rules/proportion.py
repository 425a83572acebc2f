"""What makes the limits tight: a request that is at a facility by half takes at most half of its places and capacity.

True of every plan (a request is at a facility or not), so nothing is forbidden by it; but the relaxation that the
solver starts from would otherwise spread a request thinly over many facilities, each of which could not take it whole.
"""

from matcher.admissible import uses_of
from matcher.model.rules.places import covering, free_places
from matcher.model.rules.resources import free_capacity
from matcher.model.variables import SiteKey, Variables
from matcher.problem import ResourceId, SuiteId


def add(variables: Variables) -> None:
    """For each request and facility with a site variable: its own stays within limit · site, where that can bind."""
    free = {name: free_places(variables.problem, suite) for name, suite in variables.suites.items()}
    left = {name: free_capacity(variables.problem, resource) for name, resource in variables.resources.items()}
    for key, site in variables.site.items():
        _places(variables, key, site, free)
        _resources(variables, key, site, left)


def _places(variables: Variables, key: SiteKey, site: int, free: dict[SuiteId, list[int]]) -> None:
    of_suite: dict[SuiteId, list[int]] = {}
    for number in variables.of_site[key]:
        of_suite.setdefault(variables.starts[number].suite.id, []).append(number)
    for suite, starts in of_suite.items():
        for tick, numbers in covering(variables, starts, free[suite]):
            if _batches(variables, numbers) > free[suite][tick] > 0:
                terms = [*((number, 1) for number in numbers), (site, -free[suite][tick])]
                variables.model.add_row(terms, upper=0)


def _resources(variables: Variables, key: SiteKey, site: int, left: dict[ResourceId, list[int]]) -> None:
    loads: dict[tuple[ResourceId, int], list[tuple[int, int]]] = {}
    for number in variables.of_site[key]:
        start = variables.starts[number]
        uses = uses_of(start.option, start.start, variables.problem.horizon, variables.resources)
        for resource, period, amount in uses:
            loads.setdefault((resource, period), []).append((number, amount))
    for (resource, period), terms in sorted(loads.items()):
        limit = left[resource][period]
        most = max(amount for _, amount in terms)
        if most * _batches(variables, [number for number, _ in terms]) > limit > 0:
            variables.model.add_row([*terms, (site, -limit)], upper=0)


def _batches(variables: Variables, numbers: list[int]) -> int:
    return len({variables.starts[number].batch.id for number in numbers})
