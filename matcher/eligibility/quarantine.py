"""Requests whose facts are missing or contradict each other: set aside with every reason, before anything is solved."""

from collections.abc import Iterator
from dataclasses import dataclass

from matcher.eligibility.needs import FOR_PATIENTS
from matcher.facts import Batch, Facts, Request
from registry.vocabulary.products import Donor, ProductClass, Stage


@dataclass(frozen=True, slots=True)
class SetAside:
    """A request that takes no part, and why, in plain words."""

    request: str
    reasons: tuple[str, ...]


CLASSES_OF_STAGE = {
    Stage.IN_VIVO_PRODUCT: frozenset({ProductClass.GTMP_IN_VIVO}),
    Stage.CELL_PRODUCT: frozenset(
        {ProductClass.SCTMP, ProductClass.GTMP_EX_VIVO, ProductClass.COMBINED, ProductClass.TEP}
    ),
    Stage.TISSUE_PRODUCT: frozenset({ProductClass.TEP, ProductClass.COMBINED, ProductClass.GTMP_EX_VIVO}),
}
"""Classes that can be made at a stage; stages without an entry take any."""


def set_aside(facts: Facts) -> tuple[SetAside, ...]:
    """The requests to set aside, in the order of the facts."""
    seen: set[str] = set()
    result = []
    for request in facts.requests:
        reasons = [*_of_itself(request), *_of_product(request), *_of_batches(request, facts), *_of_records(request)]
        if request.id in seen:
            reasons.append("another request has the same id")
        seen.add(request.id)
        if reasons:
            result.append(SetAside(request.id, tuple(reasons)))
    return tuple(result)


def _of_itself(request: Request) -> Iterator[str]:
    if request.max_sites < 1:
        yield "the number of facilities it may be split over is below 1"
    if request.urgency < 0:
        yield "the urgency class is below 0"
    if not request.group:
        yield "no group for fairness is stated"
    if request.product.donor is Donor.AUTOLOGOUS and not request.collection:
        yield "the patient's own cells are collected, but no place of collection is stated"
    if not request.treating:
        yield "no treating hospital is stated"


def _of_product(request: Request) -> Iterator[str]:
    product = request.product
    if product.stay_days < 1:
        yield "the stay is shorter than a day"
    if not product.family or not product.platform:
        yield "process family or platform is missing"
    allowed = CLASSES_OF_STAGE.get(request.stage)
    if allowed is not None and product.product_class not in allowed:
        yield f"a product of class {product.product_class} is not made at stage {request.stage.replace('_', ' ')}"
    for load in product.loads:
        if load.amount < 1:
            yield f"the load on {load.kind} is below 1"
        if load.at not in {"start", "end", "each", "once"}:
            yield f"the load on {load.kind} falls at {load.at!r}: say start, end, each or once"
        if load.delay_days < 0 or (load.delay_days and load.at != "end"):
            yield f"the load on {load.kind} has a delay that is negative, or not after the end"


def _of_batches(request: Request, facts: Facts) -> Iterator[str]:
    batches = {batch.id: batch for batch in request.batches}
    if not batches:
        yield "it asks for no start"
    if len(batches) < len(request.batches):
        yield "two batches have the same id"
    for batch in request.batches:
        if batch.latest < batch.earliest:
            yield f"batch {batch.id} should start by {batch.latest}, but not before {batch.earliest}"
        elif batch.latest < facts.origin:
            yield f"the window of batch {batch.id} ends on {batch.latest}, before the round begins on {facts.origin}"
        if batch.patients < 0 or (batch.kind in FOR_PATIENTS and batch.patients < 1):
            yield f"batch {batch.id} is for {batch.patients} patients"
        if batch.gap_days < 0:
            yield f"batch {batch.id} follows after a negative number of days"
        if batch.after is not None and batch.after not in batches:
            yield f"batch {batch.id} follows batch {batch.after}, which is not there"
    yield from _circles(batches)


def _circles(batches: dict[str, Batch]) -> Iterator[str]:
    for batch in batches.values():
        follower, steps = batch, 0
        while follower.after in batches and steps <= len(batches):
            follower, steps = batches[follower.after], steps + 1
        if steps > len(batches):
            yield f"batch {batch.id} follows itself in a circle"


def _of_records(request: Request) -> Iterator[str]:
    sites = [pair.site for pair in request.pairs]
    if len(set(sites)) < len(sites):
        yield "two pair records name the same site"
    for lot in request.materials:
        if lot.released_on is not None and lot.expires_on is not None and lot.expires_on <= lot.released_on:
            yield f"material lot {lot.id} expires before it is released"
        if lot.transport_days < 0:
            yield f"material lot {lot.id} is on the way for a negative number of days"
