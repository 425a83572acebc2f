"""What a sponsor says when it asks for starts, and what must be right before it is recorded or submitted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from matcher.eligibility.needs import FOR_PATIENTS
from matcher.eligibility.quarantine import CLASSES_OF_STAGE
from registry.models import Batch, Product, Request, RequestPlace
from registry.vocabulary.countries import country_fault
from registry.vocabulary.products import BatchKind, Donor, InputState, Pathway, Stage

TREATING, COLLECTION = "treating", "collection"
NOT_MADE = frozenset({Stage.QC_ONLY, Stage.CERTIFICATION_ONLY})
"""Stages at which nothing is made that a patient could be given."""


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """A start that is asked for, between two days (both in), `gap_days` after the batch with code `after`."""

    code: str
    kind: BatchKind
    earliest: date
    latest: date
    patients: int
    after: str | None = None
    gap_days: int = 0


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """A treating hospital or a place of collection; degrees (WGS 84), city level."""

    use: str
    country: str
    latitude: float
    longitude: float
    name: str | None = None


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """What is asked for; hours are whole hours, urgency class 0 is the most urgent."""

    label: str
    stage: Stage
    pathway: Pathway
    phase: str
    input_state: InputState
    batches: tuple[BatchFacts, ...]
    places: tuple[PlaceFacts, ...]
    hours_fresh: int | None = None
    product_fresh: bool | None = None
    shelf_life_hours: int | None = None
    cadence: str | None = None
    firm: bool = True
    urgency_proposed: int | None = None
    max_sites: int = 1
    all_or_nothing: bool = False
    languages: tuple[str, ...] = ()
    procurement_route: str | None = None


def faults_of(facts: RequestFacts) -> Iterator[str]:
    """Return every fault of what is to be recorded, each with its place."""
    codes = [batch.code for batch in facts.batches]
    for number, batch in enumerate(facts.batches):
        where = f"batches/{number}"
        if codes.count(batch.code) > 1:
            yield f"{where}/code: {batch.code!r} is used twice"
        if batch.earliest > batch.latest:
            yield f"{where}/latest: {batch.latest} is before {batch.earliest}"
        if batch.after is not None and batch.after not in codes:
            yield f"{where}/after: there is no batch {batch.after!r}"
    for number, place in enumerate(facts.places):
        country = country_fault(place.country)
        if country:
            yield f"places/{number}/country: {country}"
    yield from (
        f"batches/{codes.index(code)}/after: the batches follow each other in a circle" for code in _circle(facts)
    )


def submission_faults(
    request: Request, product: Product, batches: Sequence[Batch], places: Sequence[RequestPlace], today: date
) -> Iterator[str]:
    """Return what is missing or contradicts before somebody screens the request; batches and places in their order.

    A round sets aside what has such a fault (`matcher.eligibility.quarantine`), so it is asked of the sponsor here.
    """
    uses = {place.use for place in places}
    if not batches:
        yield "batches: at least one start must be asked for"
    if TREATING not in uses:
        yield "places: at least one treating hospital is needed"
    if product.donor is Donor.AUTOLOGOUS and COLLECTION not in uses:
        yield "places: the patient's own cells are collected, so at least one place of collection is needed"
    allowed = CLASSES_OF_STAGE.get(request.stage)
    if allowed is not None and product.product_class not in allowed:
        yield (
            f"stage: a product of class {product.product_class} is not made at stage {_words(request.stage)};"
            f" there it is one of {', '.join(sorted(allowed))}"
        )
    for number, batch in enumerate(batches):
        if batch.latest < today:
            yield f"batches/{number}/latest: {batch.latest} is past; the window must reach {today} or later"
        if batch.kind in FOR_PATIENTS and batch.patients < 1:
            yield f"batches/{number}/patients: a batch of kind {_words(batch.kind)} treats at least one patient"
        if batch.kind in FOR_PATIENTS and request.stage in NOT_MADE:
            yield (
                f"batches/{number}/kind: at stage {_words(request.stage)} nothing is made for a patient;"
                " choose another kind, or the stage at which the product is made"
            )


def _words(term: Stage | BatchKind) -> str:
    return term.value.replace("_", " ")


def _circle(facts: RequestFacts) -> list[str]:
    """Return one code of a circle of batches that follow each other, nothing when there is none."""
    after = {batch.code: batch.after for batch in facts.batches}
    for code, follows in after.items():
        seen, at = {code}, follows
        while at is not None and at in after:
            if at in seen:
                return [code]
            seen.add(at)
            at = after.get(at)
    return []
