"""Uses that count once per request, facility and resource, in the period of the earliest start there (onboarding)."""

from collections.abc import Mapping
from itertools import pairwise

from matcher.model.rules.resources import Loads
from matcher.model.variables import SiteKey, Variables
from matcher.problem import BatchId, Option, ResourceId, SuiteId


def add(variables: Variables) -> Loads:
    """Binary variables for the period of the earliest start, and what it takes in each period."""
    loads: Loads = {}
    for key, starts in variables.of_site.items():
        amounts = _amounts(variables, starts)
        first: dict[int, dict[int, int]] = {}
        for resource in sorted(amounts):
            period = variables.resources[resource].period
            if period not in first:
                first[period] = _first_period(variables, key, period)
            _load(variables, resource, amounts[resource], starts, first[period], loads)
    return loads


def _amounts(variables: Variables, starts: list[int]) -> dict[ResourceId, dict[SuiteId, int]]:
    """Resource → suite → the largest amount its option takes once."""
    amounts: dict[ResourceId, dict[SuiteId, int]] = {}
    for number in starts:
        option: Option = variables.starts[number].option
        for use in option.uses:
            if use.at == "once":
                of_suite = amounts.setdefault(use.resource, {})
                of_suite[option.suite] = max(of_suite.get(option.suite, 0), use.amount)
    return amounts


def _first_period(variables: Variables, key: SiteKey, length: int) -> dict[int, int]:
    """Period → variable that is 1 when the request's earliest start at the facility falls into it.

    A start in period k needs the earliest period to be at most k; the earliest period holds a start.
    """
    batches: dict[BatchId, dict[int, list[int]]] = {}
    of_period: dict[int, list[int]] = {}
    for number in variables.of_site[key]:
        start = variables.starts[number]
        period = start.start // length
        batches.setdefault(start.batch.id, {}).setdefault(period, []).append(number)
        of_period.setdefault(period, []).append(number)
    first = {period: _is_first(variables, key, period, of_period) for period in sorted(of_period)}
    variables.model.add_row(((variable, 1) for variable in first.values()), upper=1)
    for period, variable in first.items():
        variables.model.add_row([(variable, 1), *((number, -1) for number in of_period[period])], upper=0)
    for starts_of in batches.values():
        for period in sorted(starts_of):
            begun = [(number, 1) for k in starts_of if k <= period for number in starts_of[k]]
            opened = [(variable, -1) for k, variable in first.items() if k <= period]
            variables.model.add_row(begun + opened, upper=0)
    return first


def _is_first(variables: Variables, key: SiteKey, period: int, of_period: dict[int, list[int]]) -> int:
    until = sorted(number for k, numbers in of_period.items() if k <= period for number in numbers)
    before = sorted(number for k, numbers in of_period.items() if k < period for number in numbers)

    def value(values: Mapping[int, int]) -> int:
        return int(any(values[number] for number in until) and not any(values[number] for number in before))

    return variables.derive(variables.model.add_binary(), value, key[0])


def _load(
    variables: Variables,
    resource: ResourceId,
    amounts: dict[SuiteId, int],
    starts: list[int],
    first: dict[int, int],
    loads: Loads,
) -> None:
    """What the earliest period holds: the smallest amount, and each step to a larger one that a suite in use takes."""
    suites = {variables.starts[number].suite.id for number in starts}
    taken = {suite: amounts.get(suite, 0) for suite in suites}
    steps = sorted(set(taken.values()))
    for period, variable in first.items():
        load = loads.setdefault((resource, period), [])
        if steps[0]:
            load.append((variable, steps[0]))
        for below, amount in pairwise(steps):
            at_least = {suite for suite, most in taken.items() if most >= amount}
            load.append((_reached(variables, variable, at_least, starts), amount - below))


def _reached(variables: Variables, first: int, suites: set[SuiteId], starts: list[int]) -> int:
    """A variable that is 1 when the period is the first one and a batch is placed in one of the suites.

    It lies between 0 and 1 whatever the amounts: CP-SAT cuts the bounds of larger variables at 10^7 without a word.
    """
    inside = [number for number in starts if variables.starts[number].suite.id in suites]

    def value(values: Mapping[int, int]) -> int:
        return int(values[first] and any(values[number] for number in inside))

    owner = variables.starts[starts[0]].request.id
    reached = variables.derive(variables.model.add_variable(0, 1, integer=False), value, owner)
    placed: dict[tuple[BatchId, SuiteId], list[int]] = {}
    for number in inside:
        start = variables.starts[number]
        placed.setdefault((start.batch.id, start.suite.id), []).append(number)
    for numbers in placed.values():
        variables.model.add_row([(reached, 1), (first, -1), *((number, -1) for number in numbers)], lower=-1)
    return reached
