"""Pairs of product and site that exist already: a few for each request, near the sponsor; all invented."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from matcher.facts import Facility, Pair, Request
from registry.rehearsal.frame import Frame
from registry.rehearsal.rules import rules
from registry.vocabulary.products import BatchKind
from registry.vocabulary.regulation import PairStage, StageState

READY = {PairStage.TRANSFER: StageState.DONE, PairStage.READY: StageState.DONE}
COMING = {PairStage.TRANSFER: StageState.DONE, PairStage.AUTHORITY_APPROVALS: StageState.OPEN}


def with_pairs(request: Request, facilities: Sequence[Facility], frame: Frame) -> Request:
    """Return the request with the pairs it has: sites of its platform, nearer ones first, most of them ready."""
    figures = rules().facilities
    draws = frame.draws("pairs", request.id)
    able = [facility for facility in facilities if request.product.family in facility.experience]
    able.sort(key=lambda facility: (distance(request, facility) * (0.5 + draws.fraction()), facility.id))
    for_patients = any(batch.kind is BatchKind.PATIENT for batch in request.batches)
    pairs = []
    for facility in able[: draws.between(figures.span("pairs"))]:
        soon = draws.happens(figures.number("ready_soon_share")) and for_patients
        day = frame.origin + timedelta(weeks=draws.between(figures.span("ready_soon_weeks")))
        pairs.append(Pair(facility.sites[0].id, COMING if soon else READY, day if soon else None))
    return replace(request, pairs=tuple(sorted(pairs, key=lambda pair: pair.site)))


def distance(request: Request, facility: Facility) -> float:
    """Return the square of the distance in degrees; only the order matters."""
    place, site = request.treating[0], facility.sites[0]
    if site.latitude is None or site.longitude is None:
        return float("inf")
    return (place.latitude - site.latitude) ** 2 + (0.6 * (place.longitude - site.longitude)) ** 2
