"""The plain way to compare with: the whole time-indexed model of the first tier, handed to CP-SAT at once."""

import numpy as np
from ortools.sat.python import cp_model_helper

from matcher.large import rules
from matcher.large.canonical import canonical_problem
from matcher.large.plan import Plan, plan_of
from matcher.large.possible import possible_columns
from matcher.large.setting import build_setting
from matcher.large.submodel import Rows, solution_of
from matcher.outcome import Placement
from matcher.problem import Problem


def plan_of_one_model(
    problem: Problem, start: tuple[Placement, ...], seconds: float, workers: int
) -> tuple[Placement, ...]:
    """CP-SAT's plan for the first tier after so many seconds, its own settings, `start` as hint and fallback.

    Terms that concern several stays at once are not in the model; the generated networks have none in the first tier.
    """
    setting = build_setting(canonical_problem(problem))
    taken = np.flatnonzero(possible_columns(setting)).astype(np.int64)
    own = rules.Candidates(setting, taken, setting.left)
    rows = Rows(domains=[(0, 1)] * len(taken))
    rules.add_batches(rows, own)
    pairs = rules.add_sites(rows, own, wanted=False)
    rules.add_order(rows, own)
    rules.add_families(rows, own)
    rules.add_cells(rows, own, rules.add_once(rows, own, pairs))
    known = plan_of(setting, start).chosen
    hint = enumerate(np.isin(taken, known[known >= 0]).astype(int).tolist())
    solver = cp_model_helper.SolveWrapper()
    chosen = cp_model_helper.SatParameters()
    chosen.num_workers = workers
    chosen.max_time_in_seconds = seconds
    solver.set_parameters(chosen)
    model = rows.model(dict(enumerate(setting.shares.linear[0][taken].tolist())), hint)
    found = solution_of(solver.solve(model), len(taken))  # type: ignore[no-untyped-call]
    if found is None:
        return start
    plan = Plan(setting)
    columns = taken[found == 1]
    for request in np.unique(setting.columns.request[columns]).tolist():
        plan.put(request, columns[setting.columns.request[columns] == request])
    return plan.placements()
