"""The next best for a placed request: another facility beside the plan, and what it would differ by."""

from dataclasses import dataclass, replace

from matcher.admissible import admissible_starts
from matcher.explain.alone import Alone
from matcher.explain.insertion import insertion
from matcher.explain.residual import Rest, beside
from matcher.outcome import Placement
from matcher.problem import BatchId, FacilityId, Problem, Request


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
    best: tuple[Worth, tuple[Placement, ...], Problem] | None = None
    for limit, facility in _limits(beside(rest, replace(request, options=others, held=()))):
        if best is not None and limit > best[0][:3]:
            break
        there = tuple(option for option in others if rest.suites[option.suite].facility == facility)
        proof = beside(rest, replace(request, options=there, held=()))
        found = insertion(proof).placements
        if found:
            worth = _worth(request, found, facility)
            if best is None or worth < best[0]:
                best = worth, found, proof
    return None if best is None else _compared(request, own, best)


def _limits(problem: Problem) -> list[tuple[tuple[int, int, int], FacilityId]]:
    """For each facility what it could be worth at best, each start taken alone; the most promising first."""
    alone = Alone(problem, 0)
    earliest: dict[FacilityId, dict[BatchId, int]] = {}
    travel: dict[FacilityId, int] = {}
    for option in alone.request.options:
        facility = alone.facility_of(option)
        travel[facility] = min(option.travel, travel.get(facility, option.travel))
        for batch in alone.request.batches:
            for start in admissible_starts(problem, alone.request, batch, option):
                if alone.fits_first(batch, option, start):
                    first = earliest.setdefault(facility, {})
                    first[batch.id] = min(start, first.get(batch.id, start))
                    break
    wished = {batch.id: batch.earliest for batch in alone.request.batches}
    return sorted(
        ((-len(first), sum(s - wished[b] for b, s in first.items()), travel[facility] * len(first)), facility)
        for facility, first in earliest.items()
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
    request: Request, own: tuple[Placement, ...], best: tuple[Worth, tuple[Placement, ...], Problem]
) -> NextBest:
    worth, stays, proof = best

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
