"""The next best for a placed request: another facility beside the plan, and what it would differ by."""

from dataclasses import dataclass, replace

from matcher.explain.insertion import insertion
from matcher.explain.residual import Rest, beside
from matcher.outcome import Placement
from matcher.problem import FacilityId, Option, Problem, Request


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
    at: dict[FacilityId, list[Option]] = {}
    for option in request.options:
        facility = rest.suites[option.suite].facility
        if facility not in used and facility not in request.held:
            at.setdefault(facility, []).append(option)
    if not own or (request.held and request.max_sites <= len(request.held)):
        return None
    best: tuple[Worth, tuple[Placement, ...], Problem] | None = None
    for facility in sorted(at, key=lambda one: (min(option.travel for option in at[one]), one)):
        if best is not None and best[0][:2] == (-len(request.batches), 0):
            break
        proof = beside(rest, replace(request, options=tuple(at[facility]), held=()))
        found = insertion(proof).placements
        if found:
            worth = _worth(request, found, facility)
            if best is None or worth < best[0]:
                best = worth, found, proof
    return None if best is None else _compared(request, own, best)


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
