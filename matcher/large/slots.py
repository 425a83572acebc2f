"""What a stay takes, cell by cell: the slots of the table of admissible starts."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matcher.admissible import uses_of
from matcher.large.ragged import Ints, lengths, starts_of_runs
from matcher.lookup import lookup
from matcher.problem import Option, Problem, Resource, ResourceId


@dataclass(frozen=True, slots=True)
class Kind:
    """A suite (by position), a stay's length and what it uses, shown by one option that has them."""

    suite: int
    option: Option


@dataclass(frozen=True, slots=True)
class Slots:
    """The slot of every column; per slot its cells and amounts, laid end to end from `first`."""

    of_column: Ints
    first: Ints
    cell: Ints
    amount: Ints


def resource_offsets(problem: Problem) -> dict[ResourceId, int]:
    """Where the cells of each resource begin: after all suites by ticks."""
    offsets, at = {}, len(problem.suites) * problem.horizon
    for resource in problem.resources:
        offsets[resource.id] = at
        at += len(resource.capacity)
    return offsets


def cell_count(problem: Problem) -> int:
    """Cells in all: suites times ticks, and the periods of the resources."""
    return len(problem.suites) * problem.horizon + sum(len(resource.capacity) for resource in problem.resources)


def build_slots(problem: Problem, kinds: list[Kind], kind: Ints, start: Ints) -> Slots:
    """The slots of columns of these kinds and starts; `kind` are positions in `kinds`."""
    width = problem.horizon + 1
    keys, of_column = np.unique(kind * width + start, return_inverse=True)
    offsets, resources = resource_offsets(problem), lookup(problem).resources
    cells, amounts, counts = [], [], []
    first_of_kind = starts_of_runs(keys // width)
    for first, length in zip(first_of_kind, lengths(first_of_kind, len(keys)), strict=True):
        shape = kinds[int(keys[first] // width)]
        ticks = keys[first : first + length] % width
        taken = _cells if _plain(shape.option, resources) else _cells_one_by_one
        cell, amount, count = taken(problem, shape, ticks, offsets)
        cells.append(cell)
        amounts.append(amount)
        counts.append(count)
    return Slots(
        of_column=of_column.astype(np.int64),
        first=np.append(0, np.cumsum(joined(counts))).astype(np.int64),
        cell=joined(cells),
        amount=joined(amounts),
    )


def joined(parts: list[Ints]) -> Ints:
    """The arrays laid end to end; no arrays give an empty one."""
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


def _plain(option: Option, resources: Mapping[ResourceId, Resource]) -> bool:
    """Whether no two takings of one stay can fall into the same period of a resource."""
    counted = [use for use in option.uses if use.at != "once"]
    distinct = len({use.resource for use in counted}) == len(counted)
    return distinct and all(use.at != "each" or resources[use.resource].period == 1 for use in counted)


def _cells(problem: Problem, kind: Kind, ticks: Ints, offsets: Mapping[ResourceId, int]) -> tuple[Ints, Ints, Ints]:
    """Cells and amounts of a kind's slots, and how many each slot has; all ticks at once."""
    resources = lookup(problem).resources
    held = ticks[:, None] + np.arange(kind.option.duration, dtype=np.int64)
    cells = [kind.suite * problem.horizon + held]
    amounts = [np.ones_like(held)]
    for use in kind.option.uses:
        if use.at == "once":
            continue
        when = held if use.at == "each" else held[:, :1] if use.at == "start" else held[:, -1:] + use.delay
        cells.append(
            np.where(when < problem.horizon, offsets[use.resource] + when // resources[use.resource].period, -1)
        )
        amounts.append(np.full_like(when, use.amount))
    cell, amount = np.hstack(cells), np.hstack(amounts)
    counts = cell >= 0
    return cell[counts], amount[counts], counts.sum(axis=1)


def _cells_one_by_one(
    problem: Problem, kind: Kind, ticks: Ints, offsets: Mapping[ResourceId, int]
) -> tuple[Ints, Ints, Ints]:
    """As `_cells`, tick by tick, adding up what falls into the same period."""
    resources = lookup(problem).resources
    cells: list[int] = []
    amounts: list[int] = []
    counts: list[int] = []
    for tick in ticks.tolist():
        held = [(kind.suite * problem.horizon + tick + later, 1) for later in range(kind.option.duration)]
        uses = uses_of(kind.option, tick, problem.horizon, resources)
        taken = held + [(offsets[name] + period, amount) for name, period, amount in uses]
        cells.extend(cell for cell, _ in taken)
        amounts.extend(amount for _, amount in taken)
        counts.append(len(taken))
    return np.array(cells, dtype=np.int64), np.array(amounts, dtype=np.int64), np.array(counts, dtype=np.int64)
