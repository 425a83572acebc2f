"""A tighter limit of a tier, facility by facility.

Each request gets a value for being served at all, taken from the scarcity values; what a facility can add beyond
those values is then found by CP-SAT under every hard rule, instead of by the scarcity values of its cells. Whole
numbers throughout; a facility that is not solved in time keeps its share of the looser limit, so the sum always holds.
"""

import math
from dataclasses import dataclass, field

import numpy as np
from ortools.sat.python import cp_model_helper

from matcher.large import rules
from matcher.large.bounds import Limit, constant
from matcher.large.ragged import Flags, Ints
from matcher.large.setting import Setting
from matcher.large.submodel import Rows, parameters
from matcher.large.values import Relaxation

_CLOSE_ENOUGH = 1e-4


@dataclass(frozen=True, slots=True)
class Task:
    """The model of one facility, the deterministic time it may take, and its solver."""

    model: cp_model_helper.CpModelProto
    work: float
    solver: cp_model_helper.SolveWrapper = field(default_factory=cp_model_helper.SolveWrapper)


@dataclass(frozen=True, slots=True)
class Pricing:
    """A tier seen facility by facility; every value times `scale`.

    `per_request` is what being served costs, `per_batch` the same where a request may split; `looser` is what a
    facility adds at most by the scarcity values of its cells.
    """

    setting: Setting
    tier: int
    possible: Flags
    scale: int
    per_request: Ints
    per_batch: Ints
    looser: Ints

    @property
    def start(self) -> int:
        """The limit before any facility is solved, times `scale`."""
        return int(self.per_request.sum() + self.per_batch.sum() + self.looser.sum())

    def bound(self, saved: int) -> int:
        """The limit when the facilities solved save so much."""
        return (self.start - saved) // self.scale + constant(self.setting, self.tier)


def build_pricing(setting: Setting, tier: int, possible: Flags, limit: Limit) -> Pricing:
    """The pricing that follows from the whole-number scarcity values of a limit."""
    scale, values = limit.scale, limit.values
    columns = setting.columns
    relaxation = Relaxation(columns, setting.whole, setting.free, possible)
    answer = relaxation.answer(setting.shares.linear[tier] * np.int64(scale), values)
    splits = np.array([request.max_sites > 1 for request in setting.problem.requests], dtype=np.bool_)
    per_request = np.zeros(len(splits), dtype=np.int64)
    served = columns.request[columns.first_of_batch][columns.first_of_site][columns.first_of_request]
    per_request[served] = answer.per_request
    per_request[splits] = 0
    per_batch = np.zeros(len(columns.batch_request), dtype=np.int64)
    of_batch = columns.batch[columns.first_of_batch]
    parts = splits[columns.batch_request[of_batch]]
    per_batch[of_batch[parts]] = np.maximum(answer.per_batch[parts], 0)
    worth = values * setting.free
    looser = np.zeros(len(setting.problem.facilities), dtype=np.int64)
    np.add.at(looser, _facility_of_cells(setting), worth)
    return Pricing(setting, tier, possible, scale, per_request, per_batch, looser)


def _facility_of_cells(setting: Setting) -> Ints:
    problem = setting.problem
    at = {facility.id: position for position, facility in enumerate(problem.facilities)}
    owners = [at[suite.facility] for suite in problem.suites for _ in range(problem.horizon)]
    owners += [at[resource.facility] for resource in problem.resources for _ in resource.capacity]
    return np.array(owners, dtype=np.int64)


def facility_task(pricing: Pricing, facility: int, chosen: Ints, work: float) -> Task | None:
    """What the facility can add beyond what being served costs; None when no start is possible there.

    Requests that may split are seen only in part here: all-or-nothing and order are not asked of them.
    """
    setting, columns = pricing.setting, pricing.setting.columns
    taken = np.flatnonzero(pricing.possible & (columns.facility == facility)).astype(np.int64)
    if not len(taken):
        return None
    splits = frozenset(np.flatnonzero([request.max_sites > 1 for request in setting.problem.requests]).tolist())
    own = rules.Candidates(setting, taken, setting.left, in_part=splits)
    rows = Rows(domains=[(0, 1)] * len(taken))
    rules.add_batches(rows, own)
    pairs = rules.add_sites(rows, own, wanted=True)
    rules.add_order(rows, own)
    rules.add_families(rows, own)
    rules.add_cells(rows, own, rules.add_once(rows, own, pairs))
    gain = setting.shares.linear[pricing.tier][taken] * pricing.scale - pricing.per_batch[columns.batch[taken]]
    goal = dict(enumerate(gain.tolist()))
    for (request, _), variable in pairs.items():
        goal[variable] = -int(pricing.per_request[request]) - setting.shares.sites[pricing.tier] * pricing.scale
    hint = list(enumerate(np.isin(taken, chosen).astype(int).tolist()))
    return Task(rows.model(goal, hint), work)


def saved_at(pricing: Pricing, facility: int, task: Task | None) -> int:
    """By how much solving the facility lowers the sum; never below 0. Without a task nothing can be placed there."""
    looser = int(pricing.looser[facility])
    if task is None:
        return looser
    task.solver.set_parameters(parameters(task.work, 0))
    response: cp_model_helper.CpSolverResponse = task.solver.solve(task.model)  # type: ignore[no-untyped-call]
    if response.status not in {cp_model_helper.CpSolverStatus.OPTIMAL, cp_model_helper.CpSolverStatus.FEASIBLE}:
        return 0
    limit = math.ceil(-response.best_objective_bound - _CLOSE_ENOUGH)
    return max(looser - max(limit, 0), 0)
