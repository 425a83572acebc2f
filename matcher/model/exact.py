"""The exact way: the whole problem as one linear model, its tiers solved one after the other.

What a solver says is used in two ways only: its plans are read as placements and judged in whole numbers by
`matcher.occupancy` and `matcher.measure`, and its limits are rounded so that doubt never makes them too small.
"""

import platform
import time
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

import ortools

from matcher.measure import objective, terms
from matcher.model.linear import Linear
from matcher.model.process import Question, Solver, SolverProcess, Watch
from matcher.model.rules import add_rules
from matcher.model.tiers import easy_bound, safe_bound, tier_expressions
from matcher.model.variables import Variables, make_variables
from matcher.occupancy import plan_holds
from matcher.outcome import Outcome, Placement, Progress, SolveOptions, Status, Stopped
from matcher.problem import Problem

_NODES_PER_EFFORT = 200
_WORK_PER_EFFORT = 5.0
_PROGRESS_SECONDS = 1.0
_LARGEST_FOR_FLOATS = 10**6
"""Coefficients above this go to CP-SAT, which counts in whole numbers."""
_SHARE_OF_TIME = 0.6
"""A tier may use this share of the seconds left; the last one all of them."""


@dataclass(slots=True)
class Search:
    """One solve under way: the best plan so far, the limits known, and when to stop."""

    problem: Problem
    options: SolveOptions
    variables: Variables
    tiers: tuple[Linear, ...]
    plan: tuple[Placement, ...]
    value: tuple[int, ...]
    bounds: list[int | None]
    began: float
    stopped: Stopped = "done"
    warnings: list[str] = field(default_factory=list)
    reported: float = 0.0

    def offer(self, placements: Iterable[Placement]) -> None:
        """Takes a plan over when it is better, tier before tier, and keeps every hard rule."""
        plan = tuple(sorted(placements))
        value = objective(self.problem, plan)
        if value > self.value and plan_holds(self.problem, plan):
            self.plan, self.value = plan, value

    def offer_values(self, ones: "array[int]") -> None:
        """As `offer`, for the variables that are 1."""
        starts = self.variables.starts
        self.offer(starts[number].placement for number in ones if number < len(starts))

    def limit(self, tier: int, bound: int | None) -> None:
        """Takes a lower limit over."""
        known = self.bounds[tier]
        if bound is not None:
            self.bounds[tier] = bound if known is None else min(known, bound)

    def go_on(self, deadline: float | None) -> bool:
        """Tells how far it is and whether nobody cancelled and the clock allows more."""
        now = time.monotonic()
        if self.options.on_progress is not None and now - self.reported >= _PROGRESS_SECONDS:
            self.reported = now
            self.options.on_progress(Progress("exact model", self.value, tuple(self.bounds), now - self.began))
        if self.options.cancelled is not None and self.options.cancelled():
            self.stopped = "cancelled"
            return False
        if deadline is not None and now >= deadline:
            self.stopped = "clock"
            return False
        return True


def column_count(problem: Problem) -> int:
    """How many start variables the exact model of `problem` has: its admissible starts."""
    return len(make_variables(problem).starts)


def solve_exact(problem: Problem, options: SolveOptions, start: tuple[Placement, ...]) -> Outcome:
    """The best plan the exact model finds from `start` on, with a proven limit for each tier reached.

    With `effort` the caps are node counts and the same input gives the same answer; with `seconds` alone the clock
    decides. A `start` that breaks a rule is replaced by the empty plan. Cancelled, it answers with the plan so far.
    """
    began = time.monotonic()
    variables = make_variables(problem)
    add_rules(variables)
    search = Search(
        problem=problem,
        options=options,
        variables=variables,
        tiers=tier_expressions(variables),
        plan=(),
        value=objective(problem, ()),
        bounds=[None] * len(problem.policy.tiers),
        began=began,
    )
    search.offer(start)
    with SolverProcess() as process:
        for tier in range(len(search.tiers)):
            _solve_tier(search, process, tier)
            if search.stopped == "cancelled":
                break
    return _outcome(search)


def _solve_tier(search: Search, process: SolverProcess, tier: int) -> None:
    expression = search.tiers[tier]
    search.limit(tier, easy_bound(search.variables, expression))
    if search.bounds[tier] == search.value[tier] or not search.go_on(None):
        return

    def hear_bound(bound: float) -> None:
        search.limit(tier, safe_bound(expression, bound))

    deadline = _deadline(search, tier)
    answer = process.ask(
        _question(search, tier), Watch(search.offer_values, hear_bound, lambda: search.go_on(deadline))
    )
    if answer.finished and not answer.proved and search.stopped == "done":
        search.stopped = "effort"
    if answer.failure:
        search.warnings.append(f"The solver gave up on tier {tier + 1}: {answer.failure}")
    known = search.bounds[tier]
    if known is not None and known < search.value[tier]:
        search.bounds[tier] = None
        search.warnings.append(f"The solver's limit of tier {tier + 1} lies below a checked plan and was dropped.")


def _question(search: Search, tier: int) -> Question:
    expression = search.tiers[tier]
    effort = search.options.effort
    if search.options.seconds is not None:
        effort = None
    largest = search.variables.model.largest_number(expression)
    solver: Solver = "highs" if largest <= _LARGEST_FOR_FLOATS else "cp_sat"
    return Question(
        model=search.variables.model.proto(expression, zip(search.tiers[:tier], search.value[:tier], strict=True)),
        solver=solver,
        hint=search.variables.values_of(search.plan),
        seed=search.options.seed,
        nodes=None if effort is None else _NODES_PER_EFFORT * effort,
        work=None if effort is None else _WORK_PER_EFFORT * effort,
    )


def _deadline(search: Search, tier: int) -> float | None:
    if search.options.seconds is None:
        return None
    now = time.monotonic()
    left = max(search.began + search.options.seconds - now, 0.0)
    return now + left * (1.0 if tier + 1 == len(search.tiers) else _SHARE_OF_TIME)


def _outcome(search: Search) -> Outcome:
    status: Status = "optimal" if tuple(search.bounds) == search.value else "feasible"
    options = search.options
    return Outcome(
        problem_sha256=search.problem.sha256,
        status=status,
        placements=search.plan,
        objective=search.value,
        terms=terms(search.problem, search.plan),
        bound=tuple(search.bounds),
        stopped=search.stopped,
        seed=options.seed,
        effort=None if options.seconds is not None else options.effort,
        workers=options.workers,
        seconds=time.monotonic() - search.began,
        warnings=tuple(search.warnings),
        versions={"ortools": ortools.__version__, "python": platform.python_version()},
    )
