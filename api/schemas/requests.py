"""Requests as their own people, collaborators and overseers read them."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from registry.vocabulary.lifecycle import RequestState
from registry.vocabulary.products import BatchKind, InputState, Pathway, Stage
from registry.vocabulary.results import Status


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

    `actions` is what the caller may do with it now.
    """

    state_reason: str | None
    product_id: UUID
    process_version_id: UUID
    input_state: InputState
    hours_fresh: int | None
    product_fresh: bool | None
    shelf_life_hours: int | None
    max_sites: int
    all_or_nothing: bool
    languages: list[str]
    urgency_proposed: int | None
    urgency_decided: int | None
    defaults: list[str]
    invented_fields: list[str]
    batches: list[RequestBatch]
    places: list[RequestPlace]
    actions: list[str]


class PairVerdict(BaseModel):
    """What every rule said about the request and one suite; facilities are masked until both sides consent."""

    facility: str
    suite: str
    status: Status
    failing: list[str]
    results: list[dict[str, Any]] = Field(description="One object a rule: rule, title, status, actual, required, …")


class FunnelStep(BaseModel):
    """How many suites a rule excludes."""

    rule: str
    suites: int


class Eligibility(BaseModel):
    """The matrix of the newest calculation, and how many suites each rule excludes."""

    pairs: list[PairVerdict]
    funnel: list[FunnelStep]
