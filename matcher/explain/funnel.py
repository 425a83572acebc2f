"""The funnel: how many facilities are left for a request after each rule, and how many each rule alone leaves."""

from dataclasses import dataclass

import numpy as np

from matcher.eligibility.table import STATUSES, Codes
from matcher.explain.rows import CLOSED_FROM, Rows
from registry.vocabulary.results import RuleResult, Status


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """One rule: facilities it alone leaves, and facilities left after it and every rule before it."""

    rule: str
    title: str
    alone: int
    left: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """All facilities with a suite, then one step a rule in the sequence of the catalogue."""

    facilities: int
    steps: tuple[FunnelStep, ...]

    @property
    def left(self) -> int:
        """Facilities that no rule keeps the request from."""
        return self.steps[-1].left if self.steps else self.facilities


@dataclass(frozen=True, slots=True)
class PairStatuses:
    """One line of the verdict matrix: the status of each rule, in the sequence of the catalogue."""

    facility: str
    suite: str
    statuses: tuple[Status, ...]


def funnel_of(rows: Rows, request: str) -> Funnel:
    """The funnel of one judged request; a facility is left while one of its suites passes, on conditions or not."""
    places = rows.verdicts.places
    number = {facility: index for index, facility in enumerate(rows.facilities)}
    of_suite = np.array([number[where.facility.id] for where in places], dtype=np.intp)
    alive = np.ones(len(places), dtype=bool)
    steps = []
    for rule, codes in zip(rows.verdicts.rules, rows.of(request), strict=True):
        passes = codes < CLOSED_FROM
        alive &= passes
        steps.append(FunnelStep(rule.id, rule.title, _count(of_suite, passes), _count(of_suite, alive)))
    return Funnel(len(rows.facilities), tuple(steps))


def _count(of_suite: Codes | np.ndarray, mask: np.ndarray) -> int:
    return int(np.count_nonzero(np.bincount(of_suite[mask]))) if mask.any() else 0


def matrix_of(rows: Rows, request: str) -> tuple[PairStatuses, ...]:
    """The statuses of every rule on every suite; all of them, never only the first that fails."""
    table = np.stack(rows.of(request), axis=1).tolist()
    return tuple(
        PairStatuses(where.facility.id, where.suite.id, tuple(STATUSES[code] for code in codes))
        for where, codes in zip(rows.verdicts.places, table, strict=True)
    )


def results_of(rows: Rows, request: str, suite: str) -> tuple[RuleResult, ...]:
    """What every rule says about one pair, with words, in the sequence of the catalogue."""
    return rows.verdicts[request, suite]
