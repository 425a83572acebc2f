"""One calculation, from frozen facts to a checked plan with reasons; no database.

Judge every pair, formulate the problem, place first-come-first-served for comparison, solve, have the result checked
by the verifier that shares no code with the solver, settle the days of the starts in their weeks, and say why what is
not placed is not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from matcher.eligibility import judge
from matcher.eligibility.verdicts import Verdicts
from matcher.facts import Facts
from matcher.formulate import Formulated, formulated
from matcher.greedy import greedy
from matcher.outcome import Outcome, Placement, SolveOptions
from matcher.problem import Problem
from matcher.serialise import outcome_json, problem_json
from matcher.solve import solve
from matcher.verifier import Report, verify_bytes
from registry.matching.days import PlanDays, days_of_plan
from registry.matching.manifest_stages import Phase, Phases
from registry.matching.reasons import Reason, reasons_of
from registry.matching.tie_break import served_by_rank


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is known before anything is solved."""

    facts: Facts
    verdicts: Verdicts
    formulated: Formulated


@dataclass(frozen=True, slots=True)
class Calculation:
    """A checked calculation; `problem` and `outcome_bytes` are the documents that were checked.

    `phases` are the stages the solve told of; `model_sha256` is of the exact model, None where no single one was solved.
    """

    prepared: Prepared
    greedy: tuple[Placement, ...]
    problem: bytes
    outcome: Outcome
    outcome_bytes: bytes
    report: Report
    reasons: Mapping[str, tuple[Reason, ...]]
    days: PlanDays
    phases: tuple[Phase, ...] = ()
    model_sha256: str | None = None


def prepare(facts: Facts) -> Prepared:
    """Judge every pair and formulate the problem."""
    verdicts = judge(facts)
    return Prepared(facts, verdicts, formulated(facts, verdicts))


def calculate(prepared: Prepared, options: SolveOptions, rank: Sequence[str] = ()) -> Calculation:
    """Solve, check, date and explain; requests that are alike are served in the sequence of `rank`, where there is one."""
    problem = prepared.formulated.problem
    phases = Phases(options.on_progress)
    outcome = served_by_rank(problem, solve(problem, replace(options, on_progress=phases.hear)), rank)
    documents = problem_json(problem), outcome_json(outcome)
    return Calculation(
        prepared=prepared,
        greedy=greedy(problem),
        problem=documents[0],
        outcome=outcome,
        outcome_bytes=documents[1],
        report=verify_bytes(*documents),
        reasons=reasons_of(prepared.facts, prepared.verdicts, prepared.formulated, outcome.placements),
        days=days_of_plan(prepared.facts, prepared.verdicts, outcome.placements),
        phases=phases.heard,
        model_sha256=_model_sha256(problem, outcome),
    )


def _model_sha256(problem: Problem, outcome: Outcome) -> str | None:
    """Nothing is written again for a plan that somebody waits for, or that was not solved."""
    from matcher.fingerprint import model_sha256  # noqa: PLC0415 - loads solvers

    solved = outcome.status in {"optimal", "feasible"} and outcome.stopped != "cancelled"
    return model_sha256(problem) if solved else None
