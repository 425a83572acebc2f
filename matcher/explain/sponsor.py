"""Changes on the sponsor's side: the same request with other dates, facilities, batches or state of its material."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from matcher.eligibility.transport import WITHOUT_CELLS
from matcher.explain.changes import Change, Kind, Side
from matcher.facts import Batch, Request
from registry.vocabulary.products import Donor, InputState

MOST_WEEKS = 8
"""Dates are moved by at most so many weeks, to look for a small change."""

Variant = tuple[Change, Request]


def moved(request: Request, weeks: int) -> Request:
    """The request with every window moved by so many weeks, earlier where negative."""
    by = timedelta(weeks=weeks)
    batches = tuple(replace(batch, earliest=batch.earliest + by, latest=batch.latest + by) for batch in request.batches)
    return replace(request, batches=batches)


def widened(request: Request, sooner: int, longer: int) -> Request:
    """The request with every window open so many weeks sooner and longer."""
    batches = tuple(
        replace(batch, earliest=batch.earliest - timedelta(weeks=sooner), latest=batch.latest + timedelta(weeks=longer))
        for batch in request.batches
    )
    return replace(request, batches=batches)


def date_variants(request: Request, most_longer: int) -> Iterator[Variant]:
    """Windows moved or widened by up to eight weeks; widened at the end by up to `most_longer`, for the earliest date."""
    for weeks in range(1, MOST_WEEKS + 1):
        yield Change(Side.SPONSOR, Kind.EARLIER, weeks), moved(request, -weeks)
        yield Change(Side.SPONSOR, Kind.LATER, weeks), moved(request, weeks)
        yield Change(Side.SPONSOR, Kind.SOONER_TOO, weeks), widened(request, weeks, 0)
    for weeks in range(1, most_longer + 1):
        yield Change(Side.SPONSOR, Kind.WAITS_LONGER, weeks), widened(request, 0, weeks)


def other_variants(request: Request) -> Iterator[Variant]:
    """One facility more, not all or nothing, fewer batches, frozen material, frozen product, or both."""
    if request.max_sites < len(request.batches):
        yield Change(Side.SPONSOR, Kind.MORE_FACILITIES), replace(request, max_sites=request.max_sites + 1)
    if request.all_or_nothing and len(request.batches) > 1:
        yield Change(Side.SPONSOR, Kind.PARTIAL), replace(request, all_or_nothing=False)
        yield from _fewer(request)
    fresh_material = (
        request.input_state is not InputState.FROZEN
        and request.stage not in WITHOUT_CELLS
        and request.product.donor is not Donor.NONE
    )
    frozen = replace(request, input_state=InputState.FROZEN)
    if fresh_material:
        yield Change(Side.SPONSOR, Kind.FROZEN_MATERIAL), frozen
    if request.product_fresh is not False:
        yield Change(Side.SPONSOR, Kind.FROZEN_PRODUCT), replace(request, product_fresh=False)
        if fresh_material:
            yield Change(Side.SPONSOR, Kind.FROZEN_BOTH), replace(frozen, product_fresh=False)


def _fewer(request: Request) -> Iterator[Variant]:
    """The last batches left out, one more each time; no batch stays whose predecessor went."""
    kept = list(request.batches)
    for amount in range(1, len(request.batches)):
        kept.remove(_last(kept))
        yield Change(Side.SPONSOR, Kind.FEWER_BATCHES, amount), replace(request, batches=tuple(kept))


def _last(batches: list[Batch]) -> Batch:
    followed = {batch.after for batch in batches}
    return max((b for b in batches if b.id not in followed), key=lambda batch: (batch.latest, batch.earliest, batch.id))
