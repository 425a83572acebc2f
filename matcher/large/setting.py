"""Everything about a problem that the search looks up again and again, worked out once."""

from dataclasses import dataclass

import numpy as np

from matcher.families import separates_families
from matcher.large.columns import Columns, build_columns
from matcher.large.limits import free_of_proof, limits_after_bookings
from matcher.large.ragged import Flags, Ints
from matcher.large.shares import Shares, batch_weights, build_shares
from matcher.large.slots import resource_offsets
from matcher.measure import fairness_totals
from matcher.problem import Problem


@dataclass(frozen=True, slots=True)
class Onboarding:
    """One `once` use of an option: where the resource's cells begin, its period, the amount."""

    offset: int
    period: int
    amount: int


@dataclass(frozen=True, slots=True)
class FamilySuite:
    """A suite that separates families; `booked` are (start, end, family code), 0 for a foreign stay."""

    changeover: int
    booked: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """A problem in canonical order with its table; positions are those of the problem's lists.

    `left` is what each cell can take beside bookings, `free` the same as the proof counts it. `once` is per option,
    `held` per request as facility positions. `group` is -1 for a request that fairness leaves out.
    """

    problem: Problem
    columns: Columns
    shares: Shares
    left: Ints
    free: Ints
    whole: Flags
    weight: Ints
    group: Ints
    group_total: Ints
    family: Ints
    once: dict[int, tuple[Onboarding, ...]]
    onboards: frozenset[int]
    held: tuple[frozenset[int], ...]
    family_suites: dict[int, FamilySuite]


def build_setting(problem: Problem) -> Setting:
    """The setting of a problem in canonical order."""
    columns = build_columns(problem)
    left = limits_after_bookings(problem)
    totals = fairness_totals(problem)
    group_at = {name: position for position, name in enumerate(sorted(totals))}
    facility_at = {facility.id: position for position, facility in enumerate(problem.facilities)}
    families = sorted({request.family_or_own for request in problem.requests})
    family_at = {name: position for position, name in enumerate(families, start=1)}
    once = _once(problem)
    return Setting(
        problem=problem,
        columns=columns,
        shares=build_shares(problem, columns),
        left=left,
        free=free_of_proof(problem, left),
        whole=np.array([request.all_or_nothing for request in problem.requests], dtype=np.bool_),
        weight=batch_weights(problem),
        group=np.array(
            [group_at.get(request.group, -1) if request.group is not None else -1 for request in problem.requests],
            dtype=np.int64,
        ),
        group_total=np.array([totals[name] for name in sorted(totals)], dtype=np.int64),
        family=np.array([family_at[request.family_or_own] for request in problem.requests], dtype=np.int64),
        once=once,
        onboards=frozenset(int(columns.option_request[option]) for option in once),
        held=tuple(frozenset(facility_at[name] for name in request.held) for request in problem.requests),
        family_suites=_family_suites(problem, family_at),
    )


def _once(problem: Problem) -> dict[int, tuple[Onboarding, ...]]:
    offsets = resource_offsets(problem)
    period = {resource.id: resource.period for resource in problem.resources}
    options = [option for request in problem.requests for option in request.options]
    found = {
        number: tuple(
            Onboarding(offsets[use.resource], period[use.resource], use.amount)
            for use in option.uses
            if use.at == "once"
        )
        for number, option in enumerate(options)
    }
    return {number: uses for number, uses in found.items() if uses}


def _family_suites(problem: Problem, family_at: dict[str, int]) -> dict[int, FamilySuite]:
    suite_at = {suite.id: position for position, suite in enumerate(problem.suites)}
    booked: dict[int, list[tuple[int, int, int]]] = {}
    for booking in problem.bookings:
        code = 0 if booking.family is None else family_at.get(booking.family, 0)
        booked.setdefault(suite_at[booking.suite], []).append((booking.start, booking.end, code))
    return {
        position: FamilySuite(suite.changeover, tuple(booked.get(position, ())))
        for position, suite in enumerate(problem.suites)
        if separates_families(suite)
    }
