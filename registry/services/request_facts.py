"""What a sponsor says when it asks for starts, and what must be right before it is recorded or submitted."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from registry.models import Batch, RequestPlace
from registry.vocabulary.products import BatchKind, InputState, Pathway, Stage

TREATING = "treating"


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
    yield from (
        f"batches/{codes.index(code)}/after: the batches follow each other in a circle" for code in _circle(facts)
    )


def submission_faults(batches: Sequence[Batch], places: Iterable[RequestPlace]) -> list[str | None]:
    """Return what is missing before somebody screens the request."""
    return [
        None if batches else "batches: at least one start must be asked for",
        None if any(place.use == TREATING for place in places) else "places: at least one treating hospital is needed",
        None
        if all(batch.patients or batch.kind is not BatchKind.PATIENT for batch in batches)
        else "batches: a patient batch treats at least one patient",
    ]


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
