"""The funnel: how many facilities are left for a request after each rule, and how many each rule alone leaves."""

from dataclasses import dataclass

import numpy as np

from matcher.eligibility.table import STATUSES
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
    passes = np.stack(rows.of(request)) < CLOSED_FROM
    alone = rows.facilities_with(passes)
    left = rows.facilities_with(np.logical_and.accumulate(passes, axis=0))
    steps = (
        FunnelStep(rule.id, rule.title, *counts) for rule, *counts in zip(rows.verdicts.rules, alone, left, strict=True)
    )
    return Funnel(len(rows.facilities), tuple(steps))


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
