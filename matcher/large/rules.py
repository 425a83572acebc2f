"""The hard rules of the format as linear rows over the candidate columns of a few requests."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.large.columns import Columns
from matcher.large.ragged import Ints, lengths, starts_of_runs
from matcher.large.setting import Setting
from matcher.large.submodel import Rows

Sites = dict[tuple[int, int], int]
Taking = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Candidate columns of a small model; the Boolean of column `taken[i]` is variable i.

    `left` is what every cell can take beside everything that stands still. Requests `in_part` have columns elsewhere
    that are not looked at, so what concerns all their batches together is not asked of them.
    """

    setting: Setting
    taken: Ints
    left: Ints
    in_part: frozenset[int] = frozenset()

    @property
    def columns(self) -> Columns:
        """The table they come from."""
        return self.setting.columns


def runs(order: Ints, *keys: Ints) -> Iterator[list[int]]:
    """Positions with equal keys, list by list; `order` sorts by the keys."""
    first = starts_of_runs(*(key[order] for key in keys))
    for begin, length in zip(first.tolist(), lengths(first, len(order)).tolist(), strict=True):
        yield order[begin : begin + length].tolist()


def add_batches(rows: Rows, own: Candidates) -> None:
    """Each batch at most once; all-or-nothing requests whole or not at all."""
    batch = own.columns.batch[own.taken]
    order = np.argsort(batch, kind="stable")
    wholes: dict[int, int] = {}
    seen: dict[int, int] = {}
    for members in runs(order, batch):
        request = int(own.columns.request[own.taken[members[0]]])
        if not own.setting.whole[request] or request in own.in_part:
            rows.at_most_one_of(members)
            continue
        if request not in wholes:
            wholes[request] = rows.variable()
        seen[request] = seen.get(request, 0) + 1
        rows.equal([*members, wholes[request]], [*[1] * len(members), -1], 0)
    for request, whole in wholes.items():
        wanted = int(own.columns.batch_start[request + 1] - own.columns.batch_start[request])
        if seen[request] < wanted:
            rows.equal([whole], [1], 0)


def add_cells(rows: Rows, own: Candidates, extra: Sequence[Taking]) -> None:
    """Places and resources; `extra` are further takings as (variable, cell, amount)."""
    owner, cell, amount = own.columns.taken_by(own.taken)
    if extra:
        more = np.array(extra, dtype=np.int64).T
        owner, cell, amount = np.append(owner, more[0]), np.append(cell, more[1]), np.append(amount, more[2])
    asked = np.bincount(cell, weights=amount, minlength=len(own.left))
    tight = (asked > own.left)[cell]
    owner, cell, amount = owner[tight], cell[tight], amount[tight]
    order = np.argsort(cell, kind="stable")
    for members in runs(order, cell):
        room = int(own.left[cell[members[0]]])
        variables, factors = owner[members].tolist(), amount[members].tolist()
        if room == 1 and all(factor == 1 for factor in factors):
            rows.at_most_one_of(variables)
        else:
            rows.at_most(variables, factors, max(room, 0))


def add_sites(rows: Rows, own: Candidates, wanted: bool) -> Sites:
    """At most `max_sites` facilities a request, and the Boolean of each (request, facility) that needed one.

    `wanted` asks for a Boolean of every pair, because the policy counts sites.
    """
    request = own.columns.request[own.taken]
    facility = own.columns.facility[own.taken]
    batch = own.columns.batch[own.taken]
    order = np.lexsort((batch, facility, request))
    pairs: Sites = {}
    for members in runs(order, request, facility, batch):
        at = int(request[members[0]]), int(facility[members[0]])
        if not (wanted or at[0] in own.setting.onboards or _limited(own, at[0])):
            continue
        if at not in pairs:
            pairs[at] = rows.variable()
        rows.at_most([*members, pairs[at]], [*[1] * len(members), -1], 0)
    for number in sorted({at[0] for at in pairs}):
        held = own.setting.held[number]
        room = own.setting.problem.requests[number].max_sites - len(held)
        new = [variable for at, variable in pairs.items() if at[0] == number and at[1] not in held]
        if room < 0:
            new = [variable for at, variable in pairs.items() if at[0] == number]
        if room == 1:
            rows.at_most_one_of(new)
        elif new and len(new) > room:
            rows.at_most(new, [1] * len(new), max(room, 0))
    return pairs


def _limited(own: Candidates, request: int) -> bool:
    asked = own.setting.problem.requests[request]
    return len(asked.options) + len(asked.held) > asked.max_sites


def add_order(rows: Rows, own: Candidates) -> None:
    """`after`: not placed when the batch before is not, and not before its end plus the gap."""
    columns, taken = own.columns, own.taken
    for number in np.unique(columns.request[taken]).tolist():
        if number in own.in_part:
            continue
        request = own.setting.problem.requests[number]
        position = {batch.id: int(columns.batch_start[number]) + at for at, batch in enumerate(request.batches)}
        for batch in request.batches:
            if batch.after is None:
                continue
            later = np.flatnonzero(columns.batch[taken] == position[batch.id])
            before = np.flatnonzero(columns.batch[taken] == position[batch.after.batch])
            ready = columns.end[taken[before]] + batch.after.min
            start = columns.start[taken[later]]
            for tick in np.unique(start).tolist():
                left = later[start <= tick].tolist()
                right = before[ready <= tick].tolist()
                rows.at_most([*left, *right], [*[1] * len(left), *[-1] * len(right)], 0)


def add_families(rows: Rows, own: Candidates) -> None:
    """Exclusive suites and changeovers: one family at a tick, every stay lengthened by the changeover."""
    if not own.setting.family_suites:
        return
    columns, taken = own.columns, own.taken
    suite = columns.option_suite[columns.option[taken]]
    order = np.argsort(suite, kind="stable")
    for members in runs(order, suite):
        rule = own.setting.family_suites.get(int(suite[members[0]]))
        if rule is None:
            continue
        here = taken[members]
        family = own.setting.family[columns.request[here]]
        if len(np.unique(family)) > 1:
            _one_family_a_tick(rows, np.array(members, dtype=np.int64), own, rule.changeover)


def _one_family_a_tick(rows: Rows, members: Ints, own: Candidates, changeover: int) -> None:
    columns, here = own.columns, own.taken[members]
    family, batch = own.setting.family[columns.request[here]], columns.batch[here]
    start, end = columns.start[here], columns.end[here] + changeover
    for tick in range(int(start.min()), int(end.max())):
        present = np.flatnonzero((start <= tick) & (tick < end))
        names = np.unique(family[present])
        if len(names) < 2:
            continue
        there = {int(name): rows.variable() for name in names}
        order = np.lexsort((batch[present], family[present]))
        for group in runs(order, family[present], batch[present]):
            own_stays = members[present[group]].tolist()
            name = there[int(family[present[group[0]]])]
            rows.at_most([*own_stays, name], [*[1] * len(own_stays), -1], 0)
        rows.at_most_one_of(list(there.values()))


def add_once(rows: Rows, own: Candidates, pairs: Sites) -> list[Taking]:
    """`once` uses, charged in the period of the earliest start; `pairs` are the Booleans of request and facility.

    Gives what the uses take. Resources that cannot run out here, whatever is chosen, are left out.
    """
    columns, taken = own.columns, own.taken
    request, facility = columns.request[taken], columns.facility[taken]
    groups: list[tuple[int, Onboarded]] = []
    for members in runs(np.lexsort((facility, request)), request, facility):
        at = int(request[members[0]]), int(facility[members[0]])
        if at[0] in own.setting.onboards:
            groups += [(pairs[at], found) for found in _onboarded(own, np.array(members, dtype=np.int64))]
    asked: dict[int, int] = {}
    for _, found in groups:
        for cell in found.cells:
            asked[cell] = asked.get(cell, 0) + int(found.amount.max())
    _, taking, amount = columns.taken_by(taken)
    other = np.bincount(taking, weights=amount, minlength=len(own.left))
    tight = {cell for cell, much in asked.items() if much + other[cell] > own.left[cell]}
    return [one for pair, found in groups if tight & set(found.cells) for one in _charged(rows, own, pair, found)]


@dataclass(frozen=True, slots=True)
class Onboarded:
    """One request at one facility on one resource: its columns, and the cell and amount each would charge."""

    members: Ints
    cell: Ints
    amount: Ints

    @property
    def cells(self) -> list[int]:
        """The cells that may be charged."""
        return [int(cell) for cell in np.unique(self.cell)]


def _onboarded(own: Candidates, members: Ints) -> Iterator[Onboarded]:
    setting = own.setting
    options, start = own.columns.option[own.taken[members]].tolist(), own.columns.start[own.taken[members]]
    resources = sorted({(use.offset, use.period) for option in options for use in setting.once.get(option, ())})
    for offset, period in resources:
        uses = ([use.amount for use in setting.once.get(one, ()) if use.offset == offset] for one in options)
        amount = np.array([max(found, default=0) for found in uses], dtype=np.int64)
        yield Onboarded(members, offset + start // period, amount)


def _charged(rows: Rows, own: Candidates, pair: int, found: Onboarded) -> list[Taking]:
    """Exactly one cell and level is charged, the cell of the earliest start and at least the largest amount."""
    members, levels = found.members, [int(level) for level in np.unique(found.amount)]
    if len(found.cells) == 1 and len(levels) == 1:
        return [(pair, found.cells[0], levels[0])]
    charge = {(cell, level): rows.variable() for cell in found.cells for level in levels}
    rows.at_most_one_of(list(charge.values()))
    batch = own.columns.batch[own.taken[members]]
    for one in runs(np.argsort(batch, kind="stable"), batch):
        for cell in found.cells:
            early = [variable for (when, _), variable in charge.items() if when <= cell]
            _needs(rows, members[one][found.cell[one] <= cell], early)
        for level in levels:
            enough = [variable for (_, much), variable in charge.items() if much >= level]
            _needs(rows, members[one][found.amount[one] >= level], enough)
    for cell in found.cells:
        here = [variable for (when, _), variable in charge.items() if when == cell]
        starting = members[found.cell == cell].tolist()
        rows.at_least([*starting, *here], [*[1] * len(starting), *[-1] * len(here)], 0)
    return [(variable, cell, level) for (cell, level), variable in charge.items() if level]


def _needs(rows: Rows, some: Ints, of_these: Sequence[int]) -> None:
    """When one of the columns `some` of a batch is taken, one of these must be 1."""
    if len(some):
        rows.at_least([*of_these, *some.tolist()], [*[1] * len(of_these), *[-1] * len(some)], 0)
