"""Answering a problem: the baseline first, then the way that suits its size, and a check before anything is handed out."""

import platform
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version

from matcher.greedy import greedy
from matcher.large.canonical import canonical_problem
from matcher.large.columns import count_columns
from matcher.large.limits import overbooked
from matcher.large.solving import improved_plan, solve_large
from matcher.large.watch import StoppedEarly, Watch
from matcher.measure import objective, terms
from matcher.model.exact import exact_model, solve_exact
from matcher.occupancy import plan_holds
from matcher.outcome import Outcome, Placement, Progress, SolveOptions, Stopped
from matcher.problem import Problem

MOST_COLUMNS_OF_ONE_MODEL = 20_000

Plan = tuple[Placement, ...]


def answer(problem: Problem, options: SolveOptions) -> Outcome:
    """As `matcher.solve.solve`, which is the door; this is what stands behind it."""
    if options.effort is None and options.seconds is None:
        options = replace(options, effort=SolveOptions().effort)
    ordered = canonical_problem(problem)
    watch = Watch(options)
    baseline: Plan = ()
    try:
        watch.phase = "placing the first-come baseline"
        baseline = watch.run(lambda: greedy(ordered))
        exact = count_columns(ordered) <= MOST_COLUMNS_OF_ONE_MODEL
        outcome = (_solve_small if exact else solve_large)(ordered, _remaining(options, watch), baseline)
    except StoppedEarly as early:
        outcome = _unfinished(ordered, options, baseline, early.why)
    if outcome.stopped == "clock" and options.effort is not None:
        outcome = replace(_unfinished(ordered, options, (), "clock"), status="unknown")
    outcome = _defended(ordered, outcome, baseline)
    return replace(
        outcome,
        effort=options.effort,
        seconds=round(watch.seconds, 3),
        versions=_versions(),
        warnings=(*overbooked(ordered), *outcome.warnings),
    )


def _solve_small(problem: Problem, options: SolveOptions, start: Plan) -> Outcome:
    """One exact model, given a plan improved by a few neighbourhoods; stopped before there is a model, that plan."""
    watch = Watch(options)
    better = improved_plan(problem, options, start)
    watch.phase, watch.objective = "writing the exact model", objective(problem, better)
    watch.bound = (None,) * len(watch.objective)
    try:
        model = watch.run(lambda: exact_model(problem))
    except StoppedEarly as early:
        return _unfinished(problem, options, better, early.why)
    return solve_exact(problem, _remaining(options, watch), better, model)


def _remaining(options: SolveOptions, watch: Watch) -> SolveOptions:
    """The options with the time already spent taken off, and progress counted from the beginning."""
    spent, report = watch.seconds, options.on_progress
    if report is not None:
        original = report

        def report(progress: Progress) -> None:
            original(replace(progress, seconds=progress.seconds + spent))

    seconds = None if options.seconds is None else max(options.seconds - spent, 0.0)
    return replace(options, seconds=seconds, on_progress=report)


def _defended(problem: Problem, outcome: Outcome, baseline: Plan) -> Outcome:
    """The outcome if its plan keeps every hard rule and is not below the baseline, else the baseline with a warning."""
    if outcome.status not in {"optimal", "feasible"}:
        return outcome
    if not plan_holds(problem, outcome.placements):
        warning = "The improved plan broke a hard rule and was thrown away; this is the first-come baseline."
    elif objective(problem, outcome.placements) < objective(problem, baseline):
        warning = "The improved plan was below the first-come baseline, which is given instead."
    else:
        return outcome
    fallen_back = _unfinished(
        problem, SolveOptions(seed=outcome.seed, workers=outcome.workers), baseline, outcome.stopped
    )
    return replace(fallen_back, warnings=(*outcome.warnings, warning))


def _unfinished(problem: Problem, options: SolveOptions, plan: Plan, stopped: Stopped) -> Outcome:
    """An outcome that knows nothing beyond a plan."""
    return Outcome(
        problem_sha256=problem.sha256,
        status="feasible",
        placements=plan,
        objective=objective(problem, plan),
        terms=terms(problem, plan),
        bound=(None,) * len(problem.policy.tiers),
        stopped=stopped,
        seed=options.seed,
        effort=options.effort,
        workers=options.workers,
        seconds=0.0,
    )


def _versions() -> dict[str, str]:
    versions = {"python": platform.python_version()}
    for name in ("gmphub", "ortools", "numpy"):
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "from source"
    return versions
