"""The problem once more, for the second opinion: written from the problem format alone, in a form of its own.

Variables are steps: one per batch, option and admissible start, which is 1 when the batch has started there *by then*.
A start is the difference of two neighbouring steps, a held tick the difference of two steps one stay apart. Imports
nothing of the first model; only `matcher.problem` and `matcher.outcome` are shared.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from matcher.outcome import Placement
from matcher.problem import Batch, BatchId, Option, Problem, Request, RequestId, Suite, SuiteId

Sum = dict[int, int]
"""Variable → coefficient."""


def combined(*parts: tuple[int, Sum]) -> Sum:
    """Σ factor · sum."""
    total: Sum = {}
    for factor, part in parts:
        for variable, coefficient in part.items():
            total[variable] = total.get(variable, 0) + factor * coefficient
    return {variable: coefficient for variable, coefficient in total.items() if coefficient}


@dataclass(slots=True)
class Rows:
    """Whole-number variables with bounds and rows low ≤ sum ≤ high (None = no limit)."""

    bounds: list[tuple[int, int]] = field(default_factory=list)
    rows: list[tuple[int | None, Sum, int | None]] = field(default_factory=list)

    def variable(self, low: int = 0, high: int = 1) -> int:
        self.bounds.append((low, high))
        return len(self.bounds) - 1

    def at_most(self, total: Sum, high: int) -> None:
        self.rows.append((None, total, high))

    def equal(self, total: Sum, value: int) -> None:
        self.rows.append((value, total, value))


@dataclass(frozen=True, slots=True)
class Steps:
    """The admissible starts of a batch on an option, and the step variable of each."""

    request: Request
    batch: Batch
    option: Option
    suite: Suite
    ticks: tuple[int, ...]
    variables: tuple[int, ...]

    def by(self, tick: int) -> Sum:
        """1 when it has started at or before `tick`."""
        position = bisect_right(self.ticks, tick)
        return {self.variables[position - 1]: 1} if position else {}

    def placed(self) -> Sum:
        """1 when it is placed here at all."""
        return {self.variables[-1]: 1}

    def starts(self) -> Iterable[tuple[int, Sum]]:
        """Each tick with what is 1 when it starts exactly then."""
        for position, tick in enumerate(self.ticks):
            before = {self.variables[position - 1]: 1} if position else {}
            yield tick, combined((1, {self.variables[position]: 1}), (-1, before))

    def held(self, tick: int, longer: int = 0) -> Sum:
        """1 when the stay, prolonged by `longer` ticks, holds `tick`."""
        return combined((1, self.by(tick)), (-1, self.by(tick - self.option.duration - longer)))


@dataclass(slots=True)
class StepModel:
    """All steps of a problem with their rows."""

    problem: Problem
    rows: Rows = field(default_factory=Rows)
    steps: list[Steps] = field(default_factory=list)
    of_batch: dict[tuple[RequestId, BatchId], list[Steps]] = field(default_factory=dict)
    of_suite: dict[SuiteId, list[Steps]] = field(default_factory=dict)

    def batch(self, request: Request, batch: BatchId) -> list[Steps]:
        """The steps of a batch, one for each option where it has a start."""
        return self.of_batch.get((request.id, batch), [])

    def placements(self, values: list[int]) -> tuple[Placement, ...]:
        """The plan in the values of all variables."""
        found = [
            Placement(steps.request.id, steps.batch.id, steps.suite.id, tick)
            for steps in self.steps
            for tick, start in steps.starts()
            if sum(coefficient * values[variable] for variable, coefficient in start.items()) == 1
        ]
        return tuple(sorted(found))

    def values_of(self, placements: Iterable[Placement]) -> dict[int, int] | None:
        """The step variables of a plan; None when it names a start that is not admissible here."""
        values = {variable: 0 for steps in self.steps for variable in steps.variables}
        for placement in placements:
            of_batch = self.of_batch.get((placement.request, placement.batch), [])
            steps = next((each for each in of_batch if each.suite.id == placement.suite), None)
            if steps is None or placement.start not in steps.ticks:
                return None
            values.update(
                {v: 1 for tick, v in zip(steps.ticks, steps.variables, strict=True) if tick >= placement.start}
            )
        return values


def make_steps(problem: Problem) -> StepModel:
    """The step variables in the order of ids, each batch placed at most once."""
    model = StepModel(problem)
    suites = {suite.id: suite for suite in problem.suites}
    for request in sorted(problem.requests, key=lambda request: request.id):
        for batch in sorted(request.batches, key=lambda batch: batch.id):
            for option in sorted(request.options, key=lambda option: option.suite):
                _add_steps(model, request, batch, option, suites[option.suite])
            placed = combined(*((1, steps.placed()) for steps in model.batch(request, batch.id)))
            model.rows.at_most(placed, 1)
    return model


def _add_steps(model: StepModel, request: Request, batch: Batch, option: Option, suite: Suite) -> None:
    ticks = tuple(
        tick
        for tick in range(batch.earliest, min(batch.latest, model.problem.horizon - option.duration) + 1)
        if _is_admissible(option, suite, tick)
    )
    if not ticks:
        return
    variables = tuple(model.rows.variable() for _ in ticks)
    for earlier, later in pairwise(variables):
        model.rows.at_most({earlier: 1, later: -1}, 0)
    steps = Steps(request, batch, option, suite, ticks, variables)
    model.steps.append(steps)
    model.of_batch.setdefault((request.id, batch.id), []).append(steps)
    model.of_suite.setdefault(suite.id, []).append(steps)


def _is_admissible(option: Option, suite: Suite, tick: int) -> bool:
    in_window = option.windows is None or any(first <= tick <= last for first, last in option.windows)
    return in_window and any(first <= tick and tick + option.duration <= end for first, end in suite.open)
