"""The next best for a placed request: another facility beside the plan, and what it would differ by."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from matcher.explain.alone import Alone
from matcher.explain.insertion import STEPS, choices_by_facility, most_of
from matcher.explain.packing import Choices
from matcher.explain.residual import Rest, beside
from matcher.greedy import in_order
from matcher.outcome import Placement
from matcher.problem import FacilityId, Problem, Request


@dataclass(frozen=True, slots=True)
class NextBest:
    """What another facility could do instead; differences are its figure less the placed one's.

    `weeks_later` sums the waiting of the starts, `kilometres` and `open_points` are per start, rounded.
    """

    facility: str
    starts: int
    fewer_starts: int
    first_start: int
    weeks_later: int
    kilometres: int
    open_points: int
    placements: tuple[Placement, ...]
    proof: Problem


Worth = tuple[int, int, int, int, str]


def next_best(rest: Rest, request: Request) -> NextBest | None:
    """The other facility that fits most starts, then waits least, then is nearest, then has fewest open points.

    Starts are put as early as they fit, everybody else staying where the plan has them. None where no start fits.
    """
    own = rest.own.get(request.id, ())
    used = {rest.suites[placement.suite].facility for placement in own}
    others = tuple(
        option for option in request.options if rest.suites[option.suite].facility not in {*used, *request.held}
    )
    if not own or not others or len(request.held) >= request.max_sites:
        return None
    alone = Alone(beside(rest, replace(request, options=others, held=())), STEPS)
    batches = in_order(alone.request)
    choices = choices_by_facility(alone, batches)
    best: tuple[Worth, tuple[Placement, ...]] | None = None
    for limit, facility in _limits(alone, choices):
        if best is not None and limit > best[0][:3]:
            break
        alone.steps = STEPS
        least = 1 if best is None else len(best[1])
        found = most_of(alone, batches, {facility: choices[facility]}, least).placements
        if found:
            worth = _worth(request, found, facility)
            best = (worth, found) if best is None else min(best, (worth, found))
    if best is None:
        return None
    there = tuple(option for option in others if rest.suites[option.suite].facility == best[0][-1])
    return _compared(request, own, *best, beside(rest, replace(request, options=there, held=())))


def _limits(alone: Alone, choices: Mapping[FacilityId, Choices]) -> list[tuple[tuple[int, int, int], FacilityId]]:
    """For each facility what it could be worth at best, each start taken alone; the most promising first."""
    travel: dict[FacilityId, int] = {}
    for option in alone.request.options:
        facility = alone.facility_of(option)
        travel[facility] = min(option.travel, travel.get(facility, option.travel))
    wished = {batch.id: batch.earliest for batch in alone.request.batches}
    return sorted(
        ((-len(of), sum(first[0][0] - wished[b] for b, first in of.items()), travel[facility] * len(of)), facility)
        for facility, of in choices.items()
    )


def _worth(request: Request, stays: tuple[Placement, ...], facility: str) -> Worth:
    return -len(stays), waiting(request, stays), _sum(request, stays, "travel"), _sum(request, stays, "cost"), facility


def waiting(request: Request, stays: tuple[Placement, ...]) -> int:
    """Weeks from the earliest wished start to the start, summed."""
    earliest = {batch.id: batch.earliest for batch in request.batches}
    return sum(stay.start - earliest[stay.batch] for stay in stays)


def _sum(request: Request, stays: tuple[Placement, ...], what: str) -> int:
    options = {option.suite: option for option in request.options}
    return sum(int(getattr(options[stay.suite], what)) for stay in stays)


def _compared(
    request: Request, own: tuple[Placement, ...], worth: Worth, stays: tuple[Placement, ...], proof: Problem
) -> NextBest:

    def a_start(what: str) -> int:
        return round(_sum(request, stays, what) / len(stays)) - round(_sum(request, own, what) / len(own))

    return NextBest(
        facility=worth[4],
        starts=len(stays),
        fewer_starts=len(own) - len(stays),
        first_start=min(stay.start for stay in stays),
        weeks_later=waiting(request, stays) - waiting(request, own),
        kilometres=a_start("travel"),
        open_points=a_start("cost"),
        placements=stays,
        proof=proof,
    )
