"""Rules about time for every pair at once: periods and windows as day numbers, compared with NumPy."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.eligibility.dated import Basis, Demand, joined, over
from matcher.eligibility.finding import Finding
from matcher.eligibility.needs import late_days
from matcher.eligibility.rule import Rule, stretched
from matcher.eligibility.table import CODE, Answers, Codes, Index, Sides
from registry.vocabulary.periods import Days
from registry.vocabulary.results import Status

DayNumbers = NDArray[np.int32]

FOREVER = 10_000_000
"""A day number beyond every date."""


@dataclass(frozen=True, slots=True)
class Demands:
    """Per request: start windows padded to equal number (`first` > `last` where padded), and whole days after a start."""

    first: DayNumbers
    last: DayNumbers
    needed: DayNumbers

    def of(self, requests: Index) -> "Demands":
        """The demands of some requests."""
        return Demands(self.first[requests], self.last[requests], self.needed[requests])


@dataclass(frozen=True, slots=True)
class Bases:
    """Per offer one period, and whether it is hard or always conditional."""

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
        codes[mine] = _of_question([rule.check(question, offer) for offer in offered], numbers.of(mine))
    return Answers(codes, np.arange(len(sides.requests), dtype=np.intp), columns)


Late = dict[tuple[int, int], int]
"""Days by which results come later than planned, by (request, suite), in the order of the requests."""


def late_pairs(sides: Sides) -> Late:
    """The pairs in which a method's results at the facility come later than the request plans."""
    slow = [(j, where.facility.qc_days) for j, where in enumerate(sides.places) if where.facility.qc_days]
    pairs = ((i, j, late_days(request, days)) for i, request in enumerate(sides.requests) for j, days in slow)
    return {(i, j): days for i, j, days in pairs if days}


def late_codes(rule: Rule, sides: Sides, late: Late) -> dict[tuple[int, int], int]:
    """The codes of a rule about the whole stay where results come late: its function, the stay so much longer."""
    if rule.demand is None or rule.tied:
        raise TypeError(f"rule {rule.id} is not about the whole stay alone")
    asked, rows = sides.asked(rule)
    offered, columns = sides.offered(rule)
    demands = sides.demands(rule.demand)
    found: dict[tuple[int, int], Finding | Basis] = {}
    codes = {}
    for (i, j), days in late.items():
        key = int(rows[i]), int(columns[j])
        if key not in found:
            found[key] = rule.check(asked[key[0]], offered[key[1]])
        codes[i, j] = _weighed_plainly(found[key], stretched(demands[i], days))
    return codes


def _of_question(found: Sequence[Finding | Basis], demands: Demands) -> Codes:
    """Codes of requests × offers for what a rule's function said to one question of these requests."""
    codes = np.empty((len(demands.needed), len(found)), dtype=np.uint8)
    codes[:] = [CODE[one.status] if isinstance(one, Finding) else 0 for one in found]
    single: list[int] = []
    for j, one in enumerate(found):
        if isinstance(one, Basis):
            if len(joined(one.periods)) == 1 and not one.possible:
                single.append(j)
            else:
                codes[:, j] = _weigh_several(one, demands)
    if single:
        codes[:, single] = _weigh(_bases([found[j] for j in single]), demands)
    return codes


def _weighed_plainly(found: Finding | Basis, demand: Demand) -> int:
    finding = over(found, demand) if isinstance(found, Basis) else found
    return CODE[finding.status]


def _demands(demands: Sequence[Demand]) -> Demands:
    counts = np.array([len(demand.windows) for demand in demands], dtype=np.int32)
    filled = np.arange(max(counts.max(initial=0), 1)) < counts[:, None]
    first = np.full(filled.shape, FOREVER, dtype=np.int32)
    last = np.full(filled.shape, -1, dtype=np.int32)
    first[filled] = [begin.toordinal() for demand in demands for begin, _ in demand.windows]
    last[filled] = [end.toordinal() for demand in demands for _, end in demand.windows]
    return Demands(first, last, np.array([max(demand.span, 1) - 1 for demand in demands], dtype=np.int32))


def _bases(found: Sequence[Finding | Basis]) -> Bases:
    bases = [one for one in found if isinstance(one, Basis)]
    periods = [joined(one.periods)[0] for one in bases]
    return Bases(
        start=np.array([period.start.toordinal() for period in periods], dtype=np.int32),
        end=np.array([FOREVER if period.end is None else period.end.toordinal() for period in periods], dtype=np.int32),
        hard=np.array([one.hard for one in bases], dtype=np.bool_),
        conditional=np.array([one.always_conditional for one in bases], dtype=np.bool_),
    )


def _weigh(bases: Bases, demands: Demands) -> Codes:
    """Codes of requests × offers; the same comparisons as `dated.over`, on day numbers."""
    start, end = bases.start[None, :], bases.end[None, :] - demands.needed[:, None]
    earliest, latest = demands.first.min(axis=1)[:, None], demands.last.max(axis=1)[:, None]
    covered = (start <= earliest) & (latest < end)
    codes = np.where(covered & ~bases.conditional[None, :], CODE[Status.PASS], CODE[Status.CONDITIONAL]).astype(
        np.uint8
    )
    # Outside: does any start of any window lie in [start, end)? Most often the first or the last start settles it.
    outside = ~covered & bases.hard[None, :]
    begun, lasting = start <= earliest, latest < end
    some = (begun & (earliest < end)) | (lasting & (start <= latest))
    fails = outside & ~some & (begun | lasting | (earliest >= end) | (latest < start) | (start >= end))
    codes[fails] = CODE[Status.FAIL]
    rows, columns = np.nonzero(outside & ~some & ~fails)
    codes[rows, columns] = np.where(
        _any_start(demands, rows, start[0, columns], end[rows, columns]), CODE[Status.CONDITIONAL], CODE[Status.FAIL]
    )
    return codes


def _weigh_several(basis: Basis, demands: Demands) -> Codes:
    """Codes of requests for a basis of several periods, or none, or possible ones: as `dated.over`, window by window."""
    whole, any_start = _covered(basis.periods, demands)
    best = CODE[Status.CONDITIONAL if basis.always_conditional else Status.PASS]
    worst = np.full(whole.shape, CODE[Status.FAIL], dtype=np.uint8)
    if basis.possible:
        worst[_covered((*basis.periods, *basis.possible), demands)[1]] = CODE[Status.UNKNOWN]
    rest = np.where(any_start | (not basis.hard), CODE[Status.CONDITIONAL], worst)
    codes: Codes = np.where(whole, best, rest).astype(np.uint8)
    return codes


def _covered(periods: Iterable[Days], demands: Demands) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """For each request whether every start of every window is covered, and whether any start of any is."""
    covered = demands.first > demands.last
    some = np.zeros_like(covered)
    for period in joined(periods):
        begin = period.start.toordinal()
        end = (FOREVER if period.end is None else period.end.toordinal()) - demands.needed[:, None]
        lasts = begin < end
        covered |= lasts & (begin <= demands.first) & (demands.last < end)
        some |= lasts & (begin <= demands.last) & (demands.first < end)
    return np.logical_and.reduce(covered, axis=1), np.logical_or.reduce(some, axis=1)


def _any_start(demands: Demands, rows: Index, low: DayNumbers, high: DayNumbers) -> NDArray[np.bool_]:
    """For each pair of a request (its row) and a range [low, high): whether a window of the request has a day in it."""
    some = np.zeros(rows.size, dtype=np.bool_)
    for k in range(demands.first.shape[1]):
        first, last = demands.first[rows, k], demands.last[rows, k]
        some |= (first <= last) & (first < high) & (low <= last) & (low < high)
    return some
