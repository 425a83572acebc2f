"""One family at a time in an exclusive suite, and `changeover` ticks between two families.

Both say: the stays of two families, each prolonged by the changeover, share no tick.
"""

from matcher.families import clash, separates_families
from matcher.model.variables import Variables
from matcher.problem import Suite


def add(variables: Variables) -> None:
    """For each suite that separates families: nothing beside a foreign booking, one family per tick."""
    for suite_id, starts in variables.of_suite.items():
        suite = variables.suites[suite_id]
        if separates_families(suite):
            _forbid_beside_bookings(variables, suite, starts)
            _one_family_a_tick(variables, suite, starts)


def _forbid_beside_bookings(variables: Variables, suite: Suite, starts: list[int]) -> None:
    stays = [(item.start, item.end, item.family) for item in variables.problem.bookings if item.suite == suite.id]
    for number in starts:
        start = variables.starts[number]
        own = (start.start, start.end, start.request.family_or_own)
        if any(clash(suite, own, stay) for stay in stays):
            variables.model.forbid(number)


def _one_family_a_tick(variables: Variables, suite: Suite, starts: list[int]) -> None:
    """Rows only at ticks where a stay begins: what covers another tick covers one of these as well."""
    for tick in sorted({variables.starts[number].start for number in starts}):
        families: dict[str, dict[tuple[str, str], list[int]]] = {}
        for number in starts:
            start = variables.starts[number]
            if start.start <= tick < start.end + suite.changeover:
                batches = families.setdefault(start.request.family_or_own, {})
                batches.setdefault((start.request.id, start.batch.id), []).append(number)
        if len(families) > 1:
            _at_most_one(variables, families)


def _at_most_one(variables: Variables, families: dict[str, dict[tuple[str, str], list[int]]]) -> None:
    present: list[int] = []
    for family in sorted(families):
        batches = list(families[family].values())
        if len(batches) == 1:
            present += batches[0]
            continue
        indicator = _present(variables, [number for numbers in batches for number in numbers])
        for numbers in batches:
            variables.model.add_row([*((number, 1) for number in numbers), (indicator, -1)], upper=0)
        present.append(indicator)
    variables.model.add_row(((number, 1) for number in present), upper=1)


def _present(variables: Variables, numbers: list[int]) -> int:
    indicator = variables.model.add_variable(0, 1, integer=False)
    return variables.derive(indicator, lambda values: max(values[number] for number in numbers))
