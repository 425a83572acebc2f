"""One neighbourhood: a few requests freed, solved by CP-SAT beside everything that stands still."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model_helper

from matcher.large import rules
from matcher.large.plan import Plan, fairness_of, placed_by_group
from matcher.large.ragged import Ints
from matcher.large.setting import Setting
from matcher.large.submodel import Rows, parameters, solution_of

_EXACT = 2**52

Goal = dict[int, int]


@dataclass(frozen=True, slots=True)
class Task:
    """A model to solve: which requests it frees, its columns, what they take now, and how hard to try."""

    requests: Ints
    taken: Ints
    now: Ints
    model: cp_model_helper.CpModelProto
    work: float
    seed: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a task: the columns to take instead, and whether nothing better exists in it."""

    taken: Ints
    proved: bool


def build_task(
    setting: Setting,
    plan: Plan,
    requests: Ints,
    candidates: Ints,
    focus: Sequence[Sequence[int]],
    work: float,
    seed: int,
) -> Task:
    """A model of `requests` over `candidates` and what they take now; `plan` is left as it was.

    `focus` are groups of tiers: all but the last group must not get worse, the last is made as good as it can be.
    """
    everything = plan.chosen[plan.chosen >= 0]
    now = {int(request): plan.take_out(int(request)) for request in requests}
    current = np.concatenate([*now.values(), np.zeros(0, dtype=np.int64)])
    fitting = candidates[plan.fits(candidates)]
    taken = np.union1d(fitting, current)
    own = rules.Candidates(setting, taken, plan.left.copy())
    for request, columns in now.items():
        plan.put(request, columns)
    rows = Rows(domains=[(0, 1)] * len(taken))
    rules.add_batches(rows, own)
    pairs = rules.add_sites(rows, own, wanted=any(setting.shares.sites))
    rules.add_order(rows, own)
    rules.add_families(rows, own)
    rules.add_cells(rows, own, rules.add_once(rows, own, pairs))
    floor = _fairness_row(rows, own, everything, current)
    goals = [_goal(setting, taken, tiers, list(pairs.values()), floor) for tiers in focus]
    hint = list(enumerate(np.isin(taken, current).astype(int).tolist()))
    for goal, counted in goals[:-1]:
        held = sum(factor * _reached(setting, everything, current, tier) for tier, factor in counted)
        rows.at_least(list(goal), list(goal.values()), held)
    return Task(requests, taken, current, rows.model(goals[-1][0], hint), work, seed)


def solve_task(task: Task, solver: cp_model_helper.SolveWrapper) -> Answer:
    """The best that CP-SAT finds; what is taken now when it finds nothing."""
    solver.set_parameters(parameters(task.work, task.seed))
    response = solver.solve(task.model)  # type: ignore[no-untyped-call]
    chosen = solution_of(response, len(task.taken))
    if chosen is None:
        return Answer(task.now, proved=False)
    proved = response.status == cp_model_helper.CpSolverStatus.OPTIMAL
    return Answer(task.taken[chosen == 1], proved)


def apply(plan: Plan, task: Task, answer: Answer, tiers: int) -> bool:
    """Take the answer over unless it no longer fits or makes one of the first `tiers` tiers worse."""
    setting = plan.setting
    before = plan.value()[:tiers]
    old = {int(request): plan.take_out(int(request)) for request in task.requests}
    request_of = setting.columns.request[answer.taken]
    new = {request: answer.taken[request_of == request] for request in old}
    if _put_all(plan, new) and plan.value()[:tiers] >= before:
        return True
    for request in old:
        plan.take_out(request)
    for request, columns in old.items():
        plan.put(request, columns)
    return False


def _put_all(plan: Plan, new: Mapping[int, Ints]) -> bool:
    """Put request by request, looking each time whether the stays fit beside all the others."""
    for request, columns in new.items():
        if len(plan.fits(columns)) < len(columns):
            return False
        plan.put(request, columns)
    return not plan.overfull(list(new))


def _goal(
    setting: Setting, taken: Ints, tiers: Sequence[int], pairs: Sequence[int], floor: int | None
) -> tuple[Goal, list[tuple[int, int]]]:
    """Tiers put into one sum in which an earlier one always outweighs the later; and (tier, factor) of each.

    Tiers at the end that would make the sum too large for exact arithmetic are left out.
    """
    shares = setting.shares
    batches = len(np.unique(setting.columns.batch[taken]))
    widths: list[int] = []
    total = 1
    for tier in tiers:
        widest = int(np.abs(shares.linear[tier][taken]).max(initial=0)) * batches
        width = 2 * (widest + shares.sites[tier] * len(pairs) + 1000 * shares.fairness[tier]) + 1
        if widths and total * width >= _EXACT:
            break
        widths.append(width)
        total *= width
    factors = [math.prod(widths[position + 1 :]) for position in range(len(widths))]
    counted = list(zip(tiers, factors, strict=False))
    goal: Goal = {}
    share = np.zeros(len(taken), dtype=np.int64)
    for tier, factor in counted:
        share += factor * shares.linear[tier][taken]
        for pair in pairs:
            goal[pair] = goal.get(pair, 0) - factor * shares.sites[tier]
        if floor is not None:
            goal[floor] = goal.get(floor, 0) + factor * shares.fairness[tier]
    goal.update(enumerate(share.tolist()))
    return goal, counted


def _reached(setting: Setting, everything: Ints, current: Ints, tier: int) -> int:
    """What the freed requests now add to a tier; the fairness floor is that of the whole plan."""
    shares, columns = setting.shares, setting.columns
    sites = len(set(zip(columns.request[current].tolist(), columns.facility[current].tolist(), strict=True)))
    value = int(shares.linear[tier][current].sum()) - shares.sites[tier] * sites
    return value + shares.fairness[tier] * fairness_of(setting, everything) if shares.fairness[tier] else value


def _fairness_row(rows: Rows, own: rules.Candidates, everything: Ints, current: Ints) -> int | None:
    """A variable that no group's placed share, in thousandths, may lie below; None when the policy has no use for it."""
    setting = own.setting
    if not any(setting.shares.fairness) or not len(setting.group_total):
        return None
    standing = placed_by_group(setting, np.setdiff1d(everything, current))
    group = setting.group[setting.columns.request[own.taken]]
    weight = setting.weight[setting.columns.batch[own.taken]]
    touched = np.unique(group[group >= 0])
    others = np.delete(1000 * standing // setting.group_total, touched)
    floor = rows.variable(0, int(others.min(initial=1000)))
    for name in touched.tolist():
        members = np.flatnonzero(group == name)
        total = int(setting.group_total[name])
        factors = [*(1000 * weight[members]).tolist(), -total]
        rows.at_least([*members.tolist(), floor], factors, -1000 * int(standing[name]))
    return floor
