"""The start days of a pair that every rule about time allows: where a conditional pair may still be placed."""

from collections.abc import Iterable
from datetime import timedelta

from matcher.eligibility.dated import Basis, Demand, allowed_starts
from matcher.eligibility.rule import Round, Rule, Tie, Where, basis_of, demand_of
from matcher.facts import Request
from registry.vocabulary.periods import Days


def allowed_days(
    rules: Iterable[Rule], circle: Round, request: Request, where: Where, tie: Tie
) -> tuple[Days, ...] | None:
    """Start days allowed by every hard rule about time; None where none of them restricts anything.

    A rule that means some batches only (a pair must be ready for patients) restricts all of them, unless the ones it
    means cannot start outside anyway: a problem has one list of windows for a request in a suite.
    """
    days: tuple[Days, ...] | None = None
    for rule in rules:
        if rule.demand is None:
            continue
        basis = basis_of(rule, circle, request, where, tie)
        if not isinstance(basis, Basis) or not basis.hard:
            continue
        demand = demand_of(rule, request, where)
        starts = allowed_starts(basis.periods, demand.span)
        if not _all_inside(demand, starts):
            days = starts if days is None else shared(days, starts)
    return days


def _all_inside(demand: Demand, starts: tuple[Days, ...]) -> bool:
    windows = (Days(first, last + timedelta(days=1)) for first, last in demand.windows)
    return all(any(period.contains(window) for period in starts) for window in windows)


def shared(ones: Iterable[Days], others: Iterable[Days]) -> tuple[Days, ...]:
    """The days that lie in a period of both lists."""
    others = tuple(others)
    result = []
    for one in ones:
        for other in others:
            start = max(one.start, other.start)
            ends = [end for end in (one.end, other.end) if end is not None]
            end = min(ends, default=None)
            if end is None or start < end:
                result.append(Days(start, end))
    return tuple(sorted(result, key=lambda period: period.start))
