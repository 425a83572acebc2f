"""Rules about time: periods in which a stay, with what follows it, must lie.

A start on day s that needs `span` days is covered by a period from a to b when a ≤ s and s + span ≤ b.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from matcher.eligibility.finding import Finding, conditional, passes, unknown
from registry.vocabulary.periods import Days
from registry.vocabulary.results import Status


@dataclass(frozen=True, slots=True)
class Demand:
    """Start windows (first and last day, both in) and the days from a start to the end of what must be covered."""

    windows: tuple[tuple[date, date], ...]
    span: int


@dataclass(frozen=True, slots=True)
class Basis:
    """The periods a fact gives, and words for it; `hard` when a start outside them is refused, not only conditional."""

    periods: tuple[Days, ...]
    hard: bool
    actual: str
    required: str
    condition: str
    source: str = ""
    source_date: date | None = None
    always_conditional: bool = False
    """Whether even starts inside the periods rest on the condition."""
    possible: tuple[Days, ...] = ()
    """Periods that would count if an open question (`ask`) were answered well; no start is placed in them before."""
    ask: str = ""


def joined(periods: Iterable[Days]) -> tuple[Days, ...]:
    """The same days with touching and overlapping periods made one, in order."""
    periods = tuple(periods)
    if len(periods) < 2:
        return periods
    result: list[Days] = []
    for period in sorted(periods, key=lambda p: (p.start, p.end is not None, p.end or date.max)):
        last = result[-1] if result else None
        if last is None or (last.end is not None and last.end < period.start):
            result.append(period)
        elif last.end is not None and (period.end is None or period.end > last.end):
            result[-1] = Days(last.start, period.end)
    return tuple(result)


def allowed_starts(periods: Iterable[Days], span: int) -> tuple[Days, ...]:
    """The start days whose `span` days lie in one of the periods; `span` 0 asks only for the day of the start."""
    needed = timedelta(days=max(span, 1) - 1)
    starts = []
    for period in joined(periods):
        end = None if period.end is None else period.end - needed
        if end is None or period.start < end:
            starts.append(Days(period.start, end))
    return tuple(starts)


def over(basis: Basis, demand: Demand) -> Finding:
    """Weigh periods against a demand.

    Pass when every start of every window is covered; conditional when some are, or when the basis is not hard; unknown
    when some could be with the possible periods; else fail. The condition's day is where the last period that matters ends (or begins, where the starts come too early); the
    margin counts the days from the end of the last need to the end of the last period, or, without end, from the first
    period to the first start.
    """
    starts = allowed_starts(basis.periods, demand.span)
    covered = not demand.windows or all(_covers(starts, window) for window in demand.windows)
    if covered and not basis.always_conditional:
        return passes(
            basis.actual,
            basis.required,
            margin=_margin(basis, demand),
            unit="days",
            source=basis.source,
            source_date=basis.source_date,
        )
    some = any(_meets(starts, window) for window in demand.windows)
    limit = _limit(basis.periods, demand)
    if covered or some or not basis.hard:
        return conditional(
            basis.actual,
            basis.required,
            condition=basis.condition,
            by=limit,
            margin=_margin(basis, demand),
            unit="days",
            source=basis.source,
            source_date=basis.source_date,
        )
    if basis.possible and _could(basis, demand):
        return unknown(basis.actual, basis.required, ask=basis.ask, source=basis.source, source_date=basis.source_date)
    earliest = min(first for first, _ in demand.windows)
    ready = earliest + timedelta(days=max(demand.span, 1))
    words = f"{basis.required}; the earliest start {earliest} needs it until {ready}"
    return Finding(
        status=Status.FAIL,
        actual=basis.actual,
        required=words,
        margin=_margin(basis, demand),
        unit="days",
        condition=basis.condition,
        condition_by=limit,
        source=basis.source,
        source_date=basis.source_date,
    )


def _could(basis: Basis, demand: Demand) -> bool:
    starts = allowed_starts((*basis.periods, *basis.possible), demand.span)
    return any(_meets(starts, window) for window in demand.windows)


def _covers(starts: tuple[Days, ...], window: tuple[date, date]) -> bool:
    first, last = window
    return any(one.start <= first and (one.end is None or last < one.end) for one in starts)


def _meets(starts: tuple[Days, ...], window: tuple[date, date]) -> bool:
    first, last = window
    return any(one.start <= last and (one.end is None or first < one.end) for one in starts)


def _limit(periods: tuple[Days, ...], demand: Demand) -> date | None:
    if not demand.windows:
        return min((period.start for period in periods), default=None)
    last_start = max(last for _, last in demand.windows)
    first_start = min(first for first, _ in demand.windows)
    begun = [period for period in joined(periods) if period.start <= last_start]
    if not begun:
        return min((period.start for period in periods), default=None)
    latest = begun[-1]
    return latest.start if latest.end is None or latest.start > first_start else latest.end


def _margin(basis: Basis, demand: Demand) -> float | None:
    if not demand.windows or not basis.periods:
        return None
    periods = joined(basis.periods)
    end = periods[-1].end
    if end is None:
        return float((min(first for first, _ in demand.windows) - periods[0].start).days)
    last_need = max(last for _, last in demand.windows) + timedelta(days=max(demand.span, 1))
    return float((end - last_need).days)
