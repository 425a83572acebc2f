"""What a sponsor sends when it asks for starts, and what is done with a request."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.schemas.fields import (
    Code,
    Count,
    Country,
    Day,
    Label,
    Language,
    Latitude,
    Link,
    Longitude,
    Reason,
    Sent,
    Sentence,
    Sha256,
    Shown,
)
from registry.services.request_facts import BatchFacts, PlaceFacts, RequestFacts
from registry.vocabulary.lifecycle import RequestAction
from registry.vocabulary.products import BatchKind, InputState, Pathway, Stage
from registry.vocabulary.roles import Role
from registry.vocabulary.urgency import LEAST_URGENT

Hours = Annotated[int, Field(ge=0, le=10_000)]
Urgency = Annotated[int, Field(ge=0, le=LEAST_URGENT)]


class BatchBody(Sent):
    """A start that is asked for, between two days (both in), `gap_days` after the batch with code `after`."""

    code: Code
    kind: BatchKind
    earliest: Day
    latest: Day
    patients: Count
    after: Code | None = None
    gap_days: Annotated[int, Field(ge=0, le=1000)] = 0


class PlaceBody(Sent):
    """A treating hospital or a place of collection; degrees (WGS 84), city level."""

    use: Literal["treating", "collection"]
    country: Country
    latitude: Latitude
    longitude: Longitude
    name: Label | None = None


class RequestBody(Sent):
    """What is asked for; what is not known is left out and stays unknown."""

    label: Label
    stage: Stage
    pathway: Pathway
    phase: Label
    input_state: InputState
    batches: Annotated[tuple[BatchBody, ...], Field(max_length=200)]
    places: Annotated[tuple[PlaceBody, ...], Field(max_length=50)]
    hours_fresh: Hours | None = None
    product_fresh: bool | None = None
    shelf_life_hours: Hours | None = None
    cadence: Label | None = None
    firm: bool = True
    urgency_proposed: Urgency | None = None
    max_sites: Annotated[int, Field(ge=1, le=10)] = 1
    all_or_nothing: bool = False
    languages: Annotated[tuple[Language, ...], Field(max_length=10)] = ()
    procurement_route: Label | None = None

    def facts(self) -> RequestFacts:
        """The same for the registry."""
        plain = {name: getattr(self, name) for name in RequestBody.model_fields}
        plain["batches"] = tuple(BatchFacts(**batch.model_dump()) for batch in self.batches)
        plain["places"] = tuple(PlaceFacts(**place.model_dump()) for place in self.places)
        return RequestFacts(**plain)


class NewRequest(RequestBody):
    """A request to draft, and the process it asks for."""

    process_version_id: UUID


class RequestStep(Sent):
    """Something to do with a request as a whole; returning and closing need a reason."""

    action: RequestAction
    reason: Reason = ""


class UrgencyDecision(Sent):
    """The urgency class of a programme (0 is the most urgent), and why."""

    urgency: Urgency
    reason: Sentence


class NewAttachment(Sent):
    """A document by reference, its hash, and the roles that may open it."""

    title: Label
    link: Link | None = None
    content_sha256: Sha256 | None = None
    roles: Annotated[tuple[Role, ...], Field(max_length=10)] = ()


class Attachment(Shown):
    """A document of a request."""

    id: UUID
    title: str
    link: str | None
    content_sha256: str | None
    roles: list[str]
    version: int


class NewCollaborator(Sent):
    """An organisation that is to read the request."""

    organisation_id: UUID


class Collaborator(Shown):
    """An organisation that reads a request together with its sponsor."""

    id: UUID
    collaborator_id: UUID
    version: int
