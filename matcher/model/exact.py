"""The exact way: the whole problem as one linear model, its tiers solved one after the other.

What a solver says is used in two ways only: its plans are read as placements and judged in whole numbers by
`matcher.occupancy` and `matcher.measure`, and its limits are rounded so that doubt never makes them too small.
HiGHS proves; before it, or by the clock and with two workers beside it, neighbourhoods improve the plan when the model
is not tiny.
"""

import platform
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.metadata import version

from matcher.large.canonical import canonical_problem
from matcher.measure import objective, terms
from matcher.model.improving import Improvement
from matcher.model.linear import Linear
from matcher.model.process import Question, Solver, SolverProcess, Watch
from matcher.model.rules import add_rules
from matcher.model.search import Search
from matcher.model.tiers import easy_bound, safe_bound, tier_expressions
from matcher.model.variables import Variables, make_variables
from matcher.outcome import Outcome, Placement, SolveOptions, Status
from matcher.problem import Problem

_NODES, _MOST_NODES = 50_000_000, 1_000_000
"""Nodes per unit of effort, divided by the square of the columns: a node of a large model takes that much longer."""
_COLUMNS = 1200
"""Columns per unit of effort beyond which HiGHS is asked for a limit alone; half as many below the first tier."""
_ITERATIONS = 20_000_000
"""Iterations of linear programming per unit of effort, divided by the columns."""
_CALLS = ((30, 5), (10, 2))
"""Neighbourhoods for the first tier and for each later one: always so many, and so many more per unit of effort."""
_WORK = 5.0
"""CP-SAT's deterministic time per unit of effort."""
_FEWEST_STARTS = 1500
"""A model with fewer starts needs no neighbourhoods: it is one."""
_LARGEST_FOR_FLOATS = 10**6
"""Coefficients above this go to CP-SAT, which counts in whole numbers."""
_SHARE_OF_TIME = 0.8
"""A tier may use this share of the seconds left; the last one all of them."""
_SHARE_OF_PROOF = 2 / 3
"""HiGHS has this share of a tier's time; its limit can still be lowered when the plan is final."""
_SLICE = 0.2
_SECONDS_TO_TIGHTEN = 4
"""Beside half of the seconds given."""


@dataclass(slots=True)
class _Proving:
    """The process that works on a tier."""

    tier: int
    process: SolverProcess


@dataclass(slots=True)
class _Solving:
    """The search, the processes that have not answered yet, and those that wait for a question."""

    search: Search
    stack: ExitStack
    unanswered: list[_Proving] = field(default_factory=list)
    idle: list[SolverProcess] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ExactModel:
    """The variables and rows of a problem in canonical order, and its tiers."""

    problem: Problem
    variables: Variables
    tiers: tuple[Linear, ...]


def exact_model(problem: Problem) -> ExactModel:
    """The time-indexed model of a problem; takes about a second for 10,000 admissible starts."""
    ordered = canonical_problem(problem)
    variables = make_variables(ordered)
    add_rules(variables)
    return ExactModel(ordered, variables, tier_expressions(variables))


def column_count(problem: Problem) -> int:
    """How many start variables the exact model of `problem` has: its admissible starts."""
    return len(make_variables(problem).starts)


def solve_exact(
    problem: Problem, options: SolveOptions, start: tuple[Placement, ...], model: ExactModel | None = None
) -> Outcome:
    """The best plan the exact model finds from `start` on, with a proven limit for each tier reached.

    With `effort` the caps are counts of work and the same input gives the same answer; `seconds` beside it only stop.
    With `seconds` alone the clock decides: the plan is final then, its limits are lowered for half as long again.
    A `start` that breaks a rule is replaced by the empty plan. Cancelled, it answers with the plan so far.
    `model` is `exact_model(problem)` where that is known already.
    """
    began = time.monotonic()
    model = model or exact_model(problem)
    problem, tiers = model.problem, model.tiers
    easy: list[int | None] = [easy_bound(model.variables, tier) for tier in tiers]
    search = Search(problem, options, model.variables, tiers, (), objective(problem, ()), easy, began)
    search.offer(start)
    with ExitStack() as stack:
        solving = _Solving(search, stack)
        for tier in range(len(tiers)):
            if search.go_on(_last_moment(search)):
                _solve_tier(solving, tier)
        if search.exploring and search.stopped != "cancelled":
            _tighten(solving)
    return _outcome(search)


def _solve_tier(solving: _Solving, tier: int) -> None:
    search = solving.search
    search.phase = f"tier {tier + 1} of {len(search.tiers)}"
    if search.closed(tier):
        return
    deadline = _deadline(search, tier)
    large = len(search.variables.starts) > _FEWEST_STARTS
    if large and search.exploring and search.options.workers > 1:
        _prove_and_improve(solving, tier, deadline)
        return
    if large:
        _improve(search, tier, deadline)
    if search.stopped == "done" or (search.exploring and search.stopped != "cancelled"):
        _prove(solving, tier, deadline)


def _prove_and_improve(solving: _Solving, tier: int, deadline: float | None) -> None:
    """HiGHS beside neighbourhoods, then, HiGHS paused, neighbourhoods alone: never more at work than there are workers."""
    search, workers = solving.search, solving.search.options.workers
    with ExitStack() as ending:

        def improving(number: int) -> Improvement:
            made = Improvement(search, tier, None, number)
            ending.callback(made.end)
            return made

        improvements = [improving(number) for number in range(workers - 1)]
        _prove(solving, tier, _part_way(deadline, _SHARE_OF_PROOF))
        if search.go_on(deadline) and not search.closed(tier):
            improvements.append(improving(workers - 1))
        while search.go_on(deadline) and not search.closed(tier) and improvements[0].running(_SLICE):
            pass


def _improve(search: Search, tier: int, deadline: float | None) -> None:
    """Neighbourhoods alone: a number of them, or half of the time."""
    halfway = _part_way(deadline, 0.5)
    always, more = _CALLS[min(tier, 1)]
    calls = None if search.exploring else always + more * _effort(search)
    improvement = Improvement(search, tier, calls)
    try:
        while improvement.running(_SLICE) and search.go_on(halfway if search.exploring else deadline):
            pass
    finally:
        improvement.end()


def _prove(solving: _Solving, tier: int, deadline: float | None) -> None:
    """HiGHS on the whole model until it has an answer or `deadline` comes, which pauses it."""
    search = solving.search
    process = solving.idle.pop() if solving.idle else solving.stack.enter_context(SolverProcess())
    proving = _Proving(tier, process)
    process.ask(_question(search, tier))
    solving.unanswered.append(proving)
    _listen(solving, proving, deadline)
    if proving in solving.unanswered:
        process.pause()


def _listen(solving: _Solving, proving: _Proving, deadline: float | None) -> None:
    search, tier = solving.search, proving.tier
    expression = search.tiers[tier]

    def hear_bound(bound: float) -> None:
        search.limit(tier, safe_bound(expression, bound, exact=_solver(search, tier) == "cp_sat"))

    def go_on() -> bool:
        return search.go_on(deadline) and not search.closed(tier)

    answer = proving.process.listen(Watch(search.offer_values, hear_bound, go_on))
    if answer is not None or search.closed(tier):
        solving.unanswered.remove(proving)
        solving.idle.append(proving.process)
    if answer is None and search.closed(tier):
        proving.process.end()
    if answer is not None and not answer.proved and search.stopped == "done":
        search.stopped = "effort"
    if answer is not None and answer.failure:
        search.warnings.append(f"The solver gave up on tier {tier + 1}: {answer.failure}")
    known = search.bounds[tier]
    if known is not None and known < search.value[tier]:
        search.bounds[tier] = None
        search.warnings.append(f"The solver's limit of tier {tier + 1} lies below a checked plan and was dropped.")


def _tighten(solving: _Solving) -> None:
    """The plan is final: as many paused processes as there are workers go on lowering the limits of their tiers."""
    search = solving.search
    search.final, search.phase = True, "lowering the limits"
    assert search.options.seconds is not None
    until = search.began + 1.5 * search.options.seconds + _SECONDS_TO_TIGHTEN
    while solving.unanswered and search.go_on(until):
        for proving in solving.unanswered[: max(search.options.workers, 1)]:
            proving.process.resume()
            _listen(solving, proving, min(until, time.monotonic() + _SLICE))


def _question(search: Search, tier: int) -> Question:
    expression = search.tiers[tier]
    plan, value = search.best()
    model = search.variables.model.with_held(zip(search.tiers[:tier], value[:tier], strict=True))
    columns = max(len(search.variables.starts), 1)
    effort = None if search.exploring else _effort(search)
    solver = _solver(search, tier)
    relaxed = effort is not None and solver == "highs" and columns * min(tier + 1, 2) > effort * _COLUMNS
    return Question(
        model=model.proto(expression, relaxed=relaxed),
        solver=solver,
        hint=search.variables.values_of(plan),
        seed=search.options.seed,
        nodes=None if effort is None else min(effort * _NODES // columns**2 + 1, _MOST_NODES),
        iterations=None if effort is None else effort * _ITERATIONS // columns,
        work=None if effort is None else effort * _WORK,
        relaxed=relaxed,
    )


def _solver(search: Search, tier: int) -> Solver:
    """HiGHS unless the rows, this tier or one that is held carries numbers beyond floating point."""
    largest = max(search.variables.model.largest_number(expression) for expression in search.tiers[: tier + 1])
    return "highs" if largest <= _LARGEST_FOR_FLOATS else "cp_sat"


def _effort(search: Search) -> int:
    return search.options.effort or SolveOptions().effort or 1


def _last_moment(search: Search) -> float | None:
    return None if search.options.seconds is None else search.began + search.options.seconds


def _deadline(search: Search, tier: int) -> float | None:
    """When a tier has to end: beside an effort the seconds only stop, alone they are shared out."""
    last = _last_moment(search)
    if last is None or not search.exploring or tier + 1 == len(search.tiers):
        return last
    return _part_way(last, _SHARE_OF_TIME)


def _part_way(deadline: float | None, share: float) -> float | None:
    """When this share of the time from now to `deadline` is over."""
    if deadline is None:
        return None
    now = time.monotonic()
    return now + max(deadline - now, 0.0) * share


def _outcome(search: Search) -> Outcome:
    proved = tuple(search.bounds) == search.value
    status: Status = "optimal" if proved else "feasible"
    options = search.options
    return Outcome(
        problem_sha256=search.problem.sha256,
        status=status,
        placements=search.plan,
        objective=search.value,
        terms=terms(search.problem, search.plan),
        bound=tuple(search.bounds),
        stopped="done" if proved else search.stopped,
        seed=options.seed,
        effort=options.effort,
        workers=options.workers,
        seconds=time.monotonic() - search.began,
        warnings=tuple(search.warnings),
        versions={"ortools": version("ortools"), "python": platform.python_version()},
    )
