"""Requests as their own people, collaborators and overseers read them."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from registry.vocabulary.lifecycle import RequestState
from registry.vocabulary.products import BatchKind, InputState, Pathway, Stage


class RequestLine(BaseModel):
    """A request in a list."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    label: str
    organisation_id: UUID
    state: RequestState
    stage: Stage
    pathway: Pathway
    phase: str
    version: int


class RequestBatch(BaseModel):
    """A start that is asked for, between two days, both in."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    code: str
    kind: BatchKind
    earliest: date
    latest: date
    patients: int
    after_id: UUID | None
    gap_days: int


class RequestPlace(BaseModel):
    """A treating hospital or a place of collection; degrees, city level."""

    model_config = ConfigDict(from_attributes=True)

    use: str
    name: str | None
    country: str
    latitude: float
    longitude: float


class RequestFull(RequestLine):
    """A request with its batches; `defaults` and `invented_fields` say what it did not say itself.

    `urgency_stated` is the class one reviewer stated; it is decided when a second one states the same.

    `actions` is what the caller may do with it now.
    """

    state_reason: str | None
    product_id: UUID
    process_version_id: UUID
    input_state: InputState
    hours_fresh: int | None
    product_fresh: bool | None
    shelf_life_hours: int | None
    cadence: str | None
    firm: bool
    max_sites: int
    all_or_nothing: bool
    languages: list[str]
    urgency_proposed: int | None
    urgency_stated: int | None
    urgency_decided: int | None
    urgency_reason: str | None
    procurement_route: str | None
    defaults: list[str]
    invented_fields: list[str]
    batches: list[RequestBatch]
    places: list[RequestPlace]
    actions: list[str]
