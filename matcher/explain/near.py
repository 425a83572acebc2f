"""Near misses: pairs that one or two rules keep out, and what each of them would need."""

from dataclasses import dataclass

import numpy as np

from matcher.explain.rows import CLOSED_FROM, Rows
from registry.vocabulary.results import RuleResult

MOST_RULES = 2

DAYS_OF_UNIT = {"days": 1.0, "hours": 1 / 24, "starts": 7.0, "products": 182.0}
"""One unit of a margin in days, to rank misses of different kinds; our assumption."""

FAR = 1e9


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A suite that one or two rules keep from a request, with what they say; `shortfall` in days, None if not measured."""

    facility: str
    suite: str
    results: tuple[RuleResult, ...]
    shortfall: float | None


def near_misses_of(rows: Rows, request: str, most: int = 5) -> tuple[NearMiss, ...]:
    """The nearest misses, one a facility, among facilities without any suite that passes: fewest rules, then shortfall.

    Facilities that the requester itself excludes are left out.
    """
    places = rows.verdicts.places
    codes = np.stack(rows.of(request))
    missed = np.count_nonzero(codes >= CLOSED_FROM, axis=0)
    open_already = {places[j].facility.id for j in np.flatnonzero(missed == 0).tolist()}
    excluded = rows.request(request).excluded
    nearest: dict[str, tuple[tuple[int, float, str], NearMiss]] = {}
    for number in range(1, MOST_RULES + 1):
        closer = set(nearest)
        for j in np.flatnonzero(missed == number).tolist():
            facility = places[j].facility.id
            if facility in open_already or facility in excluded or facility in closer:
                continue
            found = _miss(rows, request, j, np.flatnonzero(codes[:, j] >= CLOSED_FROM).tolist())
            key = (number, FAR if found.shortfall is None else found.shortfall, found.suite)
            if facility not in nearest or key < nearest[facility][0]:
                nearest[facility] = key, found
        if len(nearest) >= most:
            break
    ranked = sorted(nearest.values(), key=lambda entry: entry[0])
    return tuple(miss for _, miss in ranked[:most])


def _miss(rows: Rows, request: str, place: int, rules: list[int]) -> NearMiss:
    where = rows.verdicts.places[place]
    results = tuple(rows.result(rows.verdicts.rules[rule], request, where) for rule in rules)
    return NearMiss(where.facility.id, where.suite.id, results, shortfall(results))


def shortfall(results: tuple[RuleResult, ...]) -> float | None:
    """The sum of what is missed, in days; None when one of the rules measures nothing."""
    days = [
        None if one.margin is None or one.margin >= 0 else -one.margin * DAYS_OF_UNIT.get(one.unit, 1.0)
        for one in results
    ]
    return None if None in days else sum(day for day in days if day is not None)
