"""Capacity scaled to the demand read: bisection on the share of their calendars that the facilities offer."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from matcher.eligibility import Verdicts, judge
from matcher.facts import Facts
from matcher.formulate import formulate
from matcher.greedy import greedy
from matcher.problem import Problem
from registry.rehearsal.calendar import Block, blocks_of, offered, order_of, weeks_of, with_openings
from registry.rehearsal.frame import Frame
from registry.rehearsal.planting import Plant
from registry.rehearsal.requests import place_weeks
from registry.rehearsal.rules import rules

USUAL = 1.4
"""The factor tried first; most files need about so much."""

MOST = 8.0
"""The largest factor tried; by then every suite is open all the time."""

STEPS = 10
"""Halvings at most; each one plans once."""

THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Scaled:
    """How much of the place-weeks in demand the calendars offer, and the thousandths of the weight greedy leaves."""

    factor: float
    left: int


def scaled(facts: Facts, plants: Sequence[Plant], frame: Frame) -> tuple[Facts, Scaled]:
    """Return the facts with as much calendar offered that greedy leaves about the share aimed at.

    The suites of the plants keep their openings. When no factor reaches the range, the nearest one found is taken;
    its `left` says so.
    """
    verdicts = judge(facts)
    problem = formulate(facts, verdicts)
    needed = {request.id: place_weeks(request) for request in facts.requests}
    blocks = offerable(facts, plants, verdicts, needed, frame)
    wanted = sum(needed.values())
    found = bisected(lambda factor: at_factor(problem, blocks, wanted, factor))
    opened = with_openings(facts.facilities, offered(blocks, wanted * found.factor), blocks, frame)
    return replace(facts, facilities=opened), found


def bisected(tried_at: Callable[[float], Scaled]) -> Scaled:
    """Return the trial nearest to the share aimed at: doubled or halved from a usual factor, then bisected."""
    aim, near = rules().scaling.whole("aim"), rules().scaling.whole("near")
    low, high = 0.0, math.inf
    best = now = tried_at(USUAL)
    for _ in range(STEPS):
        if abs(now.left - aim) <= near or (now.left > aim and now.factor >= MOST):
            break
        low, high = (now.factor, high) if now.left > aim else (low, now.factor)
        now = tried_at(min(MOST, 2 * low) if high == math.inf else (low + high) / 2)
        best = min(best, now, key=lambda one: abs(one.left - aim))
    return best


def offerable(
    facts: Facts, plants: Sequence[Plant], verdicts: Verdicts, needed: Mapping[str, float], frame: Frame
) -> list[Block]:
    """Return the blocks of every suite but the planted ones, in the order in which they are offered."""
    planted = {suite for one in plants for suite in one.suites}
    eligible = {
        request.id: [where.suite.id for where in verdicts.option_suites(request.id)] for request in verdicts.requests
    }
    suites = [suite for facility in facts.facilities for site in facility.sites for suite in site.suites]
    return blocks_of(order_of([suite for suite in suites if suite.id not in planted], eligible, needed, frame), frame)


def at_factor(problem: Problem, blocks: Sequence[Block], wanted: float, factor: float) -> Scaled:
    """Return what greedy leaves when so many times the place-weeks wanted are on offer.

    Blocks are whole weeks from the origin, so opening a suite changes nothing else of the problem.
    """
    taken = offered(blocks, wanted * factor)
    ours = {block.suite for block in blocks}
    suites = tuple(
        replace(suite, open=weeks_of(taken.get(suite.id, []))) if suite.id in ours else suite
        for suite in problem.suites
    )
    return Scaled(factor, left_by_greedy(replace(problem, suites=suites)))


def left_by_greedy(problem: Problem) -> int:
    """Return the thousandths of the weight that the greedy baseline does not place."""
    weights = {
        (request.id, batch.id): request.weight_of(batch) for request in problem.requests for batch in request.batches
    }
    placed = sum(weights[placement.request, placement.batch] for placement in greedy(problem))
    total = sum(weights.values())
    return THOUSAND - THOUSAND * placed // total if total else 0
