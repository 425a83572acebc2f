"""A plan while it is improved: which columns are taken, what that leaves, and what it is worth."""

from collections.abc import Iterable, Sequence

import numpy as np

from matcher.large.ragged import Ints
from matcher.large.setting import Setting
from matcher.outcome import Placement
from matcher.problem import BatchId

Load = tuple[Ints, Ints]
_NOTHING = np.zeros(0, dtype=np.int64)


class Plan:
    """A changeable plan; `left` is what every cell can still take, `chosen[batch]` its column or -1."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.left = setting.left.copy()
        self.chosen = np.full(len(setting.columns.batch_request), -1, dtype=np.int64)
        self._loads: dict[int, Load] = {}
        self._stays: dict[int, list[tuple[int, int, int, int]]] = {suite: [] for suite in setting.family_suites}

    def columns_of(self, request: int) -> Ints:
        """The columns that the request takes, in the order of its batches."""
        first, end = self.setting.columns.batch_start[request], self.setting.columns.batch_start[request + 1]
        own = self.chosen[first:end]
        return own[own >= 0]

    def put(self, request: int, taken: Ints) -> None:
        """Let a request that has nothing take these columns; nothing is checked."""
        columns = self.setting.columns
        self.chosen[columns.batch[taken]] = taken
        cell, amount = self._load(request, taken)
        np.subtract.at(self.left, cell, amount)
        self._loads[request] = cell, amount
        for suite, start, end in self._family_stays(taken):
            self._stays[suite].append((start, end, int(self.setting.family[request]), request))

    def take_out(self, request: int) -> Ints:
        """Free everything the request takes and tell what it was."""
        columns = self.setting.columns
        taken = self.columns_of(request).copy()
        if len(taken):
            cell, amount = self._loads.pop(request)
            np.add.at(self.left, cell, amount)
            self.chosen[columns.batch[taken]] = -1
            for suite, _, _ in self._family_stays(taken):
                self._stays[suite] = [stay for stay in self._stays[suite] if stay[3] != request]
        return taken

    def _family_stays(self, taken: Ints) -> list[tuple[int, int, int]]:
        if not self.setting.family_suites:
            return []
        columns = self.setting.columns
        suites = columns.option_suite[columns.option[taken]].tolist()
        stays = zip(suites, columns.start[taken].tolist(), columns.end[taken].tolist(), strict=True)
        return [stay for stay in stays if stay[0] in self.setting.family_suites]

    def _load(self, request: int, taken: Ints) -> Load:
        _, cell, amount = self.setting.columns.taken_by(taken)
        if request not in self.setting.onboards or not len(taken):
            return cell, amount
        extra = once_load(self.setting, taken)
        return np.append(cell, [at for at, _ in extra]).astype(np.int64), np.append(amount, [much for _, much in extra])

    def overfull(self, requests: Iterable[int]) -> bool:
        """Whether a cell that one of these requests takes from is beyond its limit."""
        return any(bool((self.left[self._loads[one][0]] < 0).any()) for one in requests if one in self._loads)

    def fits(self, taken: Ints) -> Ints:
        """Positions in `taken` of the columns that each, alone, still fit: places, resources, families."""
        owner, cell, amount = self.setting.columns.taken_by(taken)
        tight = np.bincount(owner[amount > self.left[cell]], minlength=len(taken)) > 0
        fitting = np.flatnonzero(~tight)
        if not self.setting.family_suites or not len(fitting):
            return fitting
        return fitting[self._families_allow(taken[fitting])]

    def _families_allow(self, taken: Ints) -> Ints:
        """Positions of the columns that keep their distance from every stay of another family."""
        columns, allowed = self.setting.columns, np.ones(len(taken), dtype=np.bool_)
        suite = columns.option_suite[columns.option[taken]]
        family = self.setting.family[columns.request[taken]]
        order = np.argsort(suite, kind="stable")
        names, first = np.unique(suite[order], return_index=True)
        for name, own in zip(names.tolist(), np.split(order, first[1:]), strict=True):
            rule = self.setting.family_suites.get(name)
            if rule is None:
                continue
            stays = [stay[:3] for stay in self._stays[name]] + list(rule.booked)
            if not stays:
                continue
            start, end, code = np.array(stays, dtype=np.int64).T[:, None, :]
            near = (columns.start[taken[own]][:, None] < end + rule.changeover) & (
                start < columns.end[taken[own]][:, None] + rule.changeover
            )
            allowed[own] = ~(near & ((code != family[own][:, None]) | (code == 0))).any(axis=1)
        return np.flatnonzero(allowed)

    def value(self) -> tuple[int, ...]:
        """The value of each tier, the same as `matcher.measure.objective` finds."""
        taken = self.chosen[self.chosen >= 0]
        return tier_values(self.setting, taken)

    def placements(self) -> tuple[Placement, ...]:
        """The plan in the words of the outcome, sorted by request, then batch."""
        columns, requests = self.setting.columns, self.setting.problem.requests
        found = []
        for batch in np.flatnonzero(self.chosen >= 0).tolist():
            column, at = int(self.chosen[batch]), int(columns.batch_request[batch])
            request = requests[at]
            option = request.options[int(columns.option[column] - columns.option_start[at])]
            name: BatchId = request.batches[batch - int(columns.batch_start[at])].id
            found.append(Placement(request.id, name, option.suite, int(columns.start[column])))
        return tuple(sorted(found))


def once_load(setting: Setting, taken: Ints) -> list[tuple[int, int]]:
    """Cell and amount of the `once` uses of one request's columns: largest amount, period of the earliest start."""
    columns = setting.columns
    earliest: dict[int, int] = {}
    largest: dict[tuple[int, int, int], int] = {}
    rows = (columns.facility[taken].tolist(), columns.option[taken].tolist(), columns.start[taken].tolist())
    for facility, option, start in zip(*rows, strict=True):
        earliest[facility] = min(start, earliest.get(facility, start))
        for use in setting.once.get(option, ()):
            key = facility, use.offset, use.period
            largest[key] = max(use.amount, largest.get(key, 0))
    return [(offset + earliest[f] // period, amount) for (f, offset, period), amount in largest.items()]


def tier_values(setting: Setting, taken: Ints) -> tuple[int, ...]:
    """The value of each tier when exactly these columns are taken."""
    columns, shares = setting.columns, setting.shares
    sites = len(np.unique(columns.request[taken] * (len(setting.problem.facilities) + 1) + columns.facility[taken]))
    fairness = fairness_of(setting, taken)
    return tuple(
        int(share[taken].sum()) + fixed + fair * fairness - site * sites
        for share, fixed, fair, site in zip(shares.linear, shares.fixed, shares.fairness, shares.sites, strict=True)
    )


def placed_by_group(setting: Setting, taken: Ints) -> Ints:
    """Placed weight per group of the fairness floor."""
    group = setting.group[setting.columns.request[taken]]
    weight = setting.weight[setting.columns.batch[taken]]
    placed = np.zeros(len(setting.group_total), dtype=np.int64)
    np.add.at(placed, group[group >= 0], weight[group >= 0])
    return placed


def fairness_of(setting: Setting, taken: Ints) -> int:
    """The smallest share over groups, in thousandths, rounded down; 0 without groups."""
    if not len(setting.group_total):
        return 0
    return int((1000 * placed_by_group(setting, taken) // setting.group_total).min())


def plan_of(setting: Setting, placements: Iterable[Placement]) -> Plan:
    """The plan that takes these placements; each must be an admissible start."""
    columns, problem = setting.columns, setting.problem
    request_at = {request.id: position for position, request in enumerate(problem.requests)}
    wanted: dict[int, list[Placement]] = {}
    for placement in placements:
        wanted.setdefault(request_at[placement.request], []).append(placement)
    plan = Plan(setting)
    for position, stays in sorted(wanted.items()):
        request = problem.requests[position]
        batch_at = {batch.id: int(columns.batch_start[position]) + at for at, batch in enumerate(request.batches)}
        option_at = {one.suite: int(columns.option_start[position]) + at for at, one in enumerate(request.options)}
        keys = {(batch_at[stay.batch], option_at[stay.suite], stay.start) for stay in stays}
        plan.put(position, _columns_of(setting, position, keys))
    return plan


def _columns_of(setting: Setting, request: int, keys: set[tuple[int, int, int]]) -> Ints:
    columns = setting.columns
    own = np.arange(columns.column_start[request], columns.column_start[request + 1], dtype=np.int64)
    rows: Sequence[list[int]] = (columns.batch[own].tolist(), columns.option[own].tolist(), columns.start[own].tolist())
    matching = [key in keys for key in zip(*rows, strict=True)]
    return own[np.array(matching, dtype=np.bool_)] if matching else _NOTHING
