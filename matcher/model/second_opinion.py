"""Another solver's word on an outcome: CP-SAT through MathOpt, on a model built separately from the same problem."""

import math
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from ortools.math_opt import callback_pb2, model_parameters_pb2, model_pb2, parameters_pb2, result_pb2
from ortools.math_opt.core.python import solver
from ortools.util.python import solve_interrupter

from matcher.model.second_model import StepModel, combined, make_steps
from matcher.model.second_rules import add_second_rules
from matcher.model.second_terms import Value, second_tiers
from matcher.outcome import Outcome, Placement, Progress, SolveOptions
from matcher.problem import Problem
from matcher.serialise import problem_document
from matcher.verifier import verify

SOLVER = "CP-SAT through MathOpt"
_WORK = 5.0
"""Deterministic time per unit of effort and tier."""
_POLL_SECONDS, _PROGRESS_SECONDS = 0.1, 1.0


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the second solver found: values and limits per tier, given the outcome's values in the tiers before.

    `status` is *optimal* when every limit is reached, *infeasible* when it proves the outcome's plan impossible.
    `agrees` is false exactly when `disputed_because` says why.
    """

    solver: str
    status: Literal["optimal", "feasible", "infeasible", "unknown"]
    objective: tuple[int, ...]
    bound: tuple[int | None, ...]
    agrees: bool
    disputed_because: str = ""


@dataclass(slots=True)
class _Hearing:
    """The case under way."""

    problem: Problem
    outcome: Outcome
    options: SolveOptions
    model: StepModel
    tiers: list[Value]
    began: float
    values: list[int] = field(default_factory=list)
    bounds: list[int | None] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Found:
    """What one solve found: nothing, or a plan with its value; `impossible` when it proved that there is none."""

    value: int | None
    bound: int | None
    placements: tuple[Placement, ...]
    impossible: bool


def second_opinion(problem: Problem, outcome: Outcome, options: SolveOptions) -> Opinion:
    """Solves the problem again, tier by tier with the outcome's values held, and compares.

    Disputed when one's proven limit lies below the other's plan, when this model proves the outcome's plan impossible,
    or when it counts another value for it. With `effort` the work is capped by count, with `seconds` by the clock. Once
    cancelled, the tiers that are left are not looked at, and have no limit.
    """
    model = make_steps(problem)
    sites = add_second_rules(model, count_sites=any("sites" in tier for tier in problem.policy.tiers))
    hearing = _Hearing(problem, outcome, options, model, second_tiers(model, sites), time.monotonic())
    disputed = ""
    for tier in range(len(hearing.tiers)):
        disputed = _recount(hearing, tier) or _compare(hearing, tier)
        if disputed or _cancelled(options):
            break
    return _opinion(hearing, disputed)


def _cancelled(options: SolveOptions) -> bool:
    return options.cancelled is not None and options.cancelled()


def _recount(hearing: _Hearing, tier: int) -> str:
    """The outcome's own plan in this model: possible, and worth what it says."""
    fixed = hearing.model.values_of(hearing.outcome.placements)
    if fixed is None:
        return "The plan names a start that the second model does not admit."
    found = _solve(hearing, tier, fixed, held=False)
    if found.impossible:
        return "The second model proves the plan impossible."
    stated = hearing.outcome.objective[tier]
    if found.value is not None and found.value != stated:
        return f"Tier {tier + 1} of the plan is {stated} by the first count and {found.value} by the second."
    return ""


def _compare(hearing: _Hearing, tier: int) -> str:
    found = _solve(hearing, tier, {}, held=True)
    stated, limit = hearing.outcome.objective[tier], hearing.outcome.bound[tier]
    hearing.values.append(stated if found.value is None else found.value)
    hearing.bounds.append(found.bound)
    if found.impossible:
        return f"The second solver proves that no plan reaches tiers 1 to {tier + 1} of the outcome."
    if found.bound is not None and found.bound < stated:
        return f"Tier {tier + 1}: the second limit {found.bound} lies below the plan's {stated}."
    if limit is not None and found.value is not None and found.value > limit:
        return _above(hearing, tier, found, limit)
    return ""


def _above(hearing: _Hearing, tier: int, found: _Found, limit: int) -> str:
    """The second plan passes the first limit: that disputes the outcome if the independent check lets the plan pass."""
    rows = [
        {"request": each.request, "batch": each.batch, "suite": each.suite, "start": each.start}
        for each in found.placements
    ]
    report = verify(problem_document(hearing.problem), {"placements": rows})
    broken = [finding.text for finding in report.findings if finding.check != "format"]  # keys beside the plan
    if broken or report.objective[tier] != found.value:
        return f"Tier {tier + 1}: the second plan does not pass the independent check: {'; '.join(broken)}"
    return f"Tier {tier + 1}: the second plan, checked, reaches {found.value}, above the first limit {limit}."


def _solve(hearing: _Hearing, tier: int, fixed: dict[int, int], *, held: bool) -> _Found:
    """Maximises a tier, with steps fixed or the tiers before held at the outcome's values."""
    constant, total = hearing.tiers[tier]
    proto = _proto(hearing, total, fixed, range(tier) if held else ())
    hint = {} if fixed else hearing.model.values_of(hearing.outcome.placements) or {}
    result = _asked(hearing, proto, hint, tier)
    reason = result.termination.reason
    if reason == result_pb2.TERMINATION_REASON_INFEASIBLE:
        return _Found(None, None, (), impossible=True)
    limit = result.termination.objective_bounds.dual_bound
    bound = constant + math.floor(limit + 1e-6) if math.isfinite(limit) else None
    if not result.solutions:
        return _Found(None, bound, (), impossible=False)
    values = [round(value) for value in result.solutions[0].primal_solution.variable_values.values]
    value = constant + sum(coefficient * values[variable] for variable, coefficient in total.items())
    return _Found(value, bound, hearing.model.placements(values), impossible=False)


def _proto(
    hearing: _Hearing, total: dict[int, int], fixed: dict[int, int], held: Iterable[int]
) -> model_pb2.ModelProto:
    rows = list(hearing.model.rows.rows)
    for tier in held:
        constant, earlier = hearing.tiers[tier]
        rows.append((hearing.outcome.objective[tier] - constant, combined((1, earlier)), None))
    proto = model_pb2.ModelProto()
    bounds = hearing.model.rows.bounds
    proto.variables.ids.extend(range(len(bounds)))
    proto.variables.lower_bounds.extend(fixed.get(variable, low) for variable, (low, _) in enumerate(bounds))
    proto.variables.upper_bounds.extend(fixed.get(variable, high) for variable, (_, high) in enumerate(bounds))
    proto.variables.integers.extend(True for _ in bounds)
    proto.linear_constraints.ids.extend(range(len(rows)))
    proto.linear_constraints.lower_bounds.extend(-math.inf if low is None else low for low, _, _ in rows)
    proto.linear_constraints.upper_bounds.extend(math.inf if high is None else high for _, _, high in rows)
    matrix = proto.linear_constraint_matrix
    for number, (_, row, _) in enumerate(rows):
        variables = sorted(row)
        matrix.row_ids.extend([number] * len(variables))
        matrix.column_ids.extend(variables)
        matrix.coefficients.extend(row[variable] for variable in variables)
    proto.objective.maximize = True
    wanted = sorted(variable for variable, coefficient in total.items() if coefficient)
    proto.objective.linear_coefficients.ids.extend(wanted)
    proto.objective.linear_coefficients.values.extend(total[variable] for variable in wanted)
    return proto


def _asked(
    hearing: _Hearing, proto: model_pb2.ModelProto, hint: dict[int, int], tier: int
) -> result_pb2.SolveResultProto:
    """The solver's result; a thread of its own works while this one looks at the clock and at `cancelled`."""
    options = hearing.options
    parameters = parameters_pb2.SolveParametersProto(random_seed=options.seed)
    parameters.cp_sat.num_workers = max(options.workers, 1) if options.effort is None else 1
    parameters.cp_sat.linearization_level = 2
    if options.effort is not None:
        parameters.cp_sat.max_deterministic_time = _WORK * options.effort
    model_parameters = model_parameters_pb2.ModelSolveParametersProto()
    if hint:
        values = model_parameters.solution_hints.add().variable_values
        values.ids.extend(sorted(hint))
        values.values.extend(hint[variable] for variable in sorted(hint))
    interrupter = solve_interrupter.SolveInterrupter()
    results: list[result_pb2.SolveResultProto] = []

    def work() -> None:
        results.append(
            solver.solve(
                proto,
                parameters_pb2.SOLVER_TYPE_CP_SAT,
                parameters_pb2.SolverInitializerProto(),
                parameters,
                model_parameters,
                None,
                callback_pb2.CallbackRegistrationProto(),
                None,
                interrupter.pybind_interrupter,
            )
        )

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    _watch(hearing, thread, interrupter, tier)
    return results[0] if results else result_pb2.SolveResultProto()


def _watch(
    hearing: _Hearing, thread: threading.Thread, interrupter: solve_interrupter.SolveInterrupter, tier: int
) -> None:
    options, reported = hearing.options, 0.0
    deadline = math.inf
    if options.seconds is not None:
        deadline = hearing.began + options.seconds * (tier + 1) / len(hearing.tiers)
    while thread.is_alive():
        thread.join(_POLL_SECONDS)
        now = time.monotonic()
        if now >= deadline or _cancelled(options):
            interrupter.interrupt()
        if options.on_progress is not None and now - reported >= _PROGRESS_SECONDS:
            reported = now
            bounds = (*hearing.bounds, *[None] * (len(hearing.tiers) - len(hearing.bounds)))
            options.on_progress(Progress("second opinion", hearing.outcome.objective, bounds, now - hearing.began))


def _opinion(hearing: _Hearing, disputed: str) -> Opinion:
    missing = len(hearing.tiers) - len(hearing.bounds)
    values = (*hearing.values, *hearing.outcome.objective[len(hearing.values) :])
    bounds = (*hearing.bounds, *[None] * missing)
    proved = not disputed and values == bounds
    impossible = "impossible" in disputed or "no plan reaches" in disputed
    status: Literal["optimal", "feasible", "infeasible"] = "infeasible" if impossible else "feasible"
    return Opinion(SOLVER, "optimal" if proved else status, values, bounds, not disputed, disputed)
