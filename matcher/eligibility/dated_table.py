"""Rules about time for every pair at once: periods and windows as day numbers, compared with NumPy."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.eligibility.dated import Basis, Demand, joined, over
from matcher.eligibility.finding import Finding
from matcher.eligibility.rule import Rule
from matcher.eligibility.table import CODE, Answers, Codes, Index, Sides
from registry.vocabulary.results import Status

DayNumbers = NDArray[np.int64]

FOREVER = 10_000_000
"""A day number beyond every date."""


@dataclass(frozen=True, slots=True)
class Demands:
    """Per request: start windows padded to equal number (`first` > `last` where padded), and whole days after a start."""

    first: DayNumbers
    last: DayNumbers
    needed: DayNumbers


@dataclass(frozen=True, slots=True)
class Bases:
    """Per offer: the code of what needs no dates, else one period, and whether it is hard or always conditional."""

    final: Codes
    dated: NDArray[np.bool_]
    start: DayNumbers
    end: DayNumbers
    hard: NDArray[np.bool_]
    conditional: NDArray[np.bool_]


def dated_answers(rule: Rule, sides: Sides) -> Answers:
    """The answers of a rule whose function may give periods."""
    if rule.demand is None:
        raise TypeError(f"rule {rule.id} demands no days")
    asked, rows = sides.asked(rule)
    offered, columns = sides.offered(rule)
    demands = sides.demands(rule.demand)
    codes = np.zeros((len(sides.requests), len(offered)), dtype=np.uint8)
    if len(offered) == 1:
        found = [rule.check(question, offered[0]) for question in asked]
        codes[:, 0] = [_weighed_plainly(found[row], demand) for row, demand in zip(rows, demands, strict=True)]
        return Answers(codes, np.arange(len(sides.requests), dtype=np.intp), columns)
    if not asked:
        return Answers(codes, rows, columns)
    numbers = _demands(demands)
    order = np.argsort(rows, kind="stable")
    for question, mine in zip(asked, np.split(order, np.cumsum(np.bincount(rows))[:-1]), strict=True):
        found = [rule.check(question, offer) for offer in offered]
        codes[mine] = _weigh(_bases(found), Demands(numbers.first[mine], numbers.last[mine], numbers.needed[mine]))
        for j, basis in enumerate(found):
            if isinstance(basis, Basis) and len(joined(basis.periods)) != 1:
                codes[mine, j] = [_weighed_plainly(basis, demands[i]) for i in mine]
    return Answers(codes, np.arange(len(sides.requests), dtype=np.intp), columns)


def _weighed_plainly(found: Finding | Basis, demand: Demand) -> int:
    finding = over(found, demand) if isinstance(found, Basis) else found
    return CODE[finding.status]


def _demands(demands: Sequence[Demand]) -> Demands:
    most = max((len(demand.windows) for demand in demands), default=0) or 1
    first = np.full((len(demands), most), FOREVER, dtype=np.int64)
    last = np.full((len(demands), most), -1, dtype=np.int64)
    for i, demand in enumerate(demands):
        for k, (begin, end) in enumerate(demand.windows):
            first[i, k], last[i, k] = begin.toordinal(), end.toordinal()
    needed = np.array([max(demand.span, 1) - 1 for demand in demands], dtype=np.int64)
    return Demands(first, last, needed)


def _bases(found: Sequence[Finding | Basis]) -> Bases:
    size = len(found)
    bases = Bases(
        final=np.zeros(size, dtype=np.uint8),
        dated=np.zeros(size, dtype=np.bool_),
        start=np.zeros(size, dtype=np.int64),
        end=np.full(size, FOREVER, dtype=np.int64),
        hard=np.zeros(size, dtype=np.bool_),
        conditional=np.zeros(size, dtype=np.bool_),
    )
    for j, one in enumerate(found):
        if isinstance(one, Finding):
            bases.final[j] = CODE[one.status]
            continue
        periods = joined(one.periods)
        if len(periods) != 1:
            continue
        bases.dated[j], bases.hard[j], bases.conditional[j] = True, one.hard, one.always_conditional
        bases.start[j] = periods[0].start.toordinal()
        if periods[0].end is not None:
            bases.end[j] = periods[0].end.toordinal()
    return bases


def _weigh(bases: Bases, demands: Demands) -> Codes:
    """Codes of requests × offers; the same comparisons as `dated.over`, on day numbers."""
    start, end = bases.start[None, :], bases.end[None, :] - demands.needed[:, None]
    earliest, latest = demands.first.min(axis=1)[:, None], demands.last.max(axis=1)[:, None]
    covered = (start <= earliest) & (latest < end)
    codes = np.where(covered & ~bases.conditional[None, :], CODE[Status.PASS], CODE[Status.CONDITIONAL]).astype(
        np.uint8
    )
    # Outside: does any start of any window lie in [start, end)? Most often the first or the last start settles it.
    outside = ~covered & (bases.dated & bases.hard)[None, :]
    begun, lasting = start <= earliest, latest < end
    some = (begun & (earliest < end)) | (lasting & (start <= latest))
    fails = outside & ~some & (begun | lasting | (earliest >= end) | (latest < start) | (start >= end))
    codes[fails] = CODE[Status.FAIL]
    rows, columns = np.nonzero(outside & ~some & ~fails)
    codes[rows, columns] = np.where(
        _any_start(demands, rows, start[0, columns], end[rows, columns]), CODE[Status.CONDITIONAL], CODE[Status.FAIL]
    )
    return np.where(bases.dated[None, :], codes, bases.final[None, :])


def _any_start(demands: Demands, rows: Index, low: DayNumbers, high: DayNumbers) -> NDArray[np.bool_]:
    """For each pair of a request (its row) and a range [low, high): whether a window of the request has a day in it."""
    some = np.zeros(rows.size, dtype=np.bool_)
    for k in range(demands.first.shape[1]):
        first, last = demands.first[rows, k], demands.last[rows, k]
        some |= (first <= last) & (first < high) & (low <= last) & (low < high)
    return some
