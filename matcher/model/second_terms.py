"""The tiers for the second opinion, written from the problem format alone."""

from collections.abc import Mapping

from matcher.model.second_model import StepModel, Steps, Sum, combined

Value = tuple[int, Sum]
"""A constant and a sum."""


def second_tiers(model: StepModel, sites: Mapping[tuple[str, str], int]) -> list[Value]:
    """Each tier's value, to be maximised."""
    fairness: Value | None = None
    tiers: list[Value] = []
    for tier in model.problem.policy.tiers:
        constant, total = 0, Sum()
        for name, weight in sorted(tier.items()):
            if name == "fairness":
                fairness = fairness or _fairness(model)
                term, sign = fairness, 1
            elif name == "changes":
                term, sign = _changes(model), -1
            elif name == "sites":
                term, sign = (0, dict.fromkeys(sites.values(), 1)), -1
            else:
                term, sign = (0, _of_starts(model, name)), 1 if name.startswith("placed") else -1
            constant += sign * weight * term[0]
            total = combined((1, total), (sign * weight, term[1]))
        tiers.append((constant, total))
    return tiers


def _of_starts(model: StepModel, name: str) -> Sum:
    total: Sum = {}
    for steps in model.steps:
        for tick, start in steps.starts():
            worth = _worth(steps, tick, name)
            for variable, coefficient in start.items():
                total[variable] = total.get(variable, 0) + worth * coefficient
    return total


def _worth(steps: Steps, tick: int, name: str) -> int:
    weight = steps.request.weight if steps.batch.weight is None else steps.batch.weight
    if name == "placed":
        return weight
    if name.startswith("placed_class_"):
        return weight if name == f"placed_class_{steps.request.urgency}" else 0
    if name == "waiting":
        return weight * (tick - steps.batch.earliest)
    return {"cost": steps.option.cost, "travel": steps.option.travel, "preference": steps.option.preference}[name]


def _fairness(model: StepModel) -> Value:
    groups: dict[str, dict[tuple[str, str], int]] = {}
    placed: dict[str, Sum] = {}
    for steps in model.steps:
        group = steps.request.group
        if group is not None:
            weight = steps.request.weight if steps.batch.weight is None else steps.batch.weight
            groups.setdefault(group, {})[steps.request.id, steps.batch.id] = weight
            placed[group] = combined((1, placed.get(group, {})), (weight, steps.placed()))
    if not groups:
        return 0, {}
    floor = model.rows.variable(0, 1000)
    for group, batches in sorted(groups.items()):
        share = combined((sum(batches.values()), {floor: 1}), (-1000, placed[group]))
        model.rows.at_most(share, 0)
    return 0, {floor: 1}


def _changes(model: StepModel) -> Value:
    kept: Sum = {}
    for was in model.problem.previous:
        for steps in model.steps:
            if (steps.request.id, steps.batch.id, steps.suite.id) == (was.request, was.batch, was.suite):
                for tick, start in steps.starts():
                    if tick == was.start:
                        kept = combined((1, kept), (1, start))
    return len(model.problem.previous), combined((-1, kept))
