"""Rules about time for every pair at once: periods and windows as day numbers, compared with NumPy."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.eligibility.dated import Basis, Demand, joined, over
from matcher.eligibility.finding import Finding
from matcher.eligibility.rule import NO_TIE, Round, Rule, Where
from matcher.eligibility.table import CODE, Answers, Codes, distinct
from matcher.facts import Request
from registry.vocabulary.results import Status

Days = NDArray[np.int64]

FOREVER = 10_000_000
"""A day number beyond every date."""

SEVERAL = 255
"""Stands for a basis that is more than one period: left to the plain function."""


@dataclass(frozen=True, slots=True)
class Demands:
    """Per request: start windows padded to equal number (`first` > `last` where padded), and whole days after a start."""

    first: Days
    last: Days
    needed: Days


@dataclass(frozen=True, slots=True)
class Bases:
    """Per offer: the code of what needs no dates (else 0), the one period, and whether it is hard or always conditional."""

    final: Codes
    dated: NDArray[np.bool_]
    several: NDArray[np.bool_]
    start: Days
    end: Days
    hard: NDArray[np.bool_]
    conditional: NDArray[np.bool_]


def dated_answers(rule: Rule, circle: Round, requests: Sequence[Request], places: Sequence[Where]) -> Answers:
    """The answers of a rule whose function may give periods."""
    if rule.demand is None:
        raise TypeError(f"rule {rule.id} demands no days")
    asked, rows = distinct(rule.asks(request, circle, NO_TIE) for request in requests)
    offered, columns = distinct(rule.offers(where, circle) for where in places)
    demands = [rule.demand(request) for request in requests]
    numbers = _demands(demands)
    codes = np.zeros((len(requests), len(offered)), dtype=np.uint8)
    for number, question in enumerate(asked):
        mine = np.flatnonzero(rows == number)
        found = [rule.check(question, offer) for offer in offered]
        codes[mine] = _weigh(_bases(found), Demands(numbers.first[mine], numbers.last[mine], numbers.needed[mine]))
        for j, basis in enumerate(found):
            if isinstance(basis, Basis) and len(joined(basis.periods)) != 1:
                codes[mine, j] = [CODE[over(basis, demands[i]).status] for i in mine]
    return Answers(codes, np.arange(len(requests), dtype=np.intp), columns)


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
        several=np.zeros(size, dtype=np.bool_),
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
            bases.several[j] = True
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
    open_rows, open_columns = np.nonzero(~covered & (bases.dated & bases.hard)[None, :])
    some = np.zeros(open_rows.size, dtype=np.bool_)
    low, high = start[0, open_columns], end[open_rows, open_columns]
    for k in range(demands.first.shape[1]):
        begins, ends = demands.first[open_rows, k], demands.last[open_rows, k]
        some |= (begins <= ends) & (begins < high) & (low <= ends) & (low < high)
    codes[open_rows[~some], open_columns[~some]] = CODE[Status.FAIL]
    return np.where(bases.dated[None, :], codes, bases.final[None, :])
