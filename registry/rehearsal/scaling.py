"""Capacity scaled to the demand read: bisection on the share of their calendars that the facilities offer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from matcher.eligibility import Verdicts, judge
from matcher.facts import Facts
from matcher.formulate import formulate
from matcher.greedy import greedy
from matcher.problem import Problem
from registry.rehearsal.calendar import Blocks, blocks_of, with_openings
from registry.rehearsal.capacity import SPARE
from registry.rehearsal.frame import Frame
from registry.rehearsal.planting import Plant
from registry.rehearsal.rules import rules

STEPS = 9
"""Halvings at most; each one formulates and plans once."""

THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Scaled:
    """The facts with calendars scaled, the factor on the demand, and the thousandths of the weight greedy leaves."""

    facts: Facts
    factor: float
    left: int
    problem: Problem


def scaled(facts: Facts, plants: Sequence[Plant], wanted: Mapping[str, float], frame: Frame) -> Scaled:
    """Return the facts with as much calendar offered that greedy leaves about the share aimed at.

    `wanted` is place-weeks by platform. The suites of the plants keep their openings. When no factor reaches the
    range, the nearest one found is returned; its `left` says so.
    """
    verdicts = judge(facts)
    blocks = platform_blocks(facts, plants, frame)
    aim = rules().scaling.whole("aim")
    low, high = 0.0, SPARE
    best = at_factor(facts, verdicts, blocks, wanted, high, frame)
    for _ in range(STEPS):
        if best.left >= aim and best.factor == high == SPARE:
            break
        middle = (low + high) / 2
        tried = at_factor(facts, verdicts, blocks, wanted, middle, frame)
        best = min(best, tried, key=lambda one: abs(one.left - aim))
        if abs(tried.left - aim) <= rules().scaling.whole("near"):
            break
        low, high = (middle, high) if tried.left > aim else (low, middle)
    return best


def at_factor(
    facts: Facts, verdicts: Verdicts, blocks: Blocks, wanted: Mapping[str, float], factor: float, frame: Frame
) -> Scaled:
    """Return the facts with so many times the place-weeks wanted on offer, and what greedy leaves of them."""
    place_weeks = {platform: weeks * factor for platform, weeks in wanted.items()}
    opened = replace(facts, facilities=with_openings(facts.facilities, blocks, place_weeks, frame))
    problem = formulate(opened, verdicts)
    return Scaled(opened, factor, left_by_greedy(problem), problem)


def left_by_greedy(problem: Problem) -> int:
    """Return the thousandths of the weight that the greedy baseline does not place."""
    weights = {
        (request.id, batch.id): request.weight_of(batch) for request in problem.requests for batch in request.batches
    }
    placed = sum(weights[placement.request, placement.batch] for placement in greedy(problem))
    total = sum(weights.values())
    return THOUSAND - THOUSAND * placed // total if total else 0


def platform_blocks(facts: Facts, plants: Sequence[Plant], frame: Frame) -> Blocks:
    """Return the blocks of every suite but the planted ones, by the platform that its equipment serves."""
    planted = {suite for one in plants for suite in one.suites}
    suites = [
        suite
        for facility in facts.facilities
        for site in facility.sites
        for suite in site.suites
        if suite.id not in planted
    ]
    platform_of = {frozenset(platform.equipment): key for key, platform in rules().platforms.items()}
    by_suite = {
        suite.id: platform_of[frozenset(device.equipment_class for device in suite.equipment)] for suite in suites
    }
    return blocks_of(by_suite, suites, frame)
