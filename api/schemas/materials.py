"""Lots of material, collection centres, and what a sponsor wishes."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from api.schemas.fields import Code, Country, Day, Label, Latitude, Longitude, Sent, Shown
from registry.services.materials import CentreFacts, LotFacts
from registry.vocabulary.lifecycle import MaterialState

Weekdays = Annotated[tuple[Annotated[int, Field(ge=1, le=7)], ...], Field(max_length=7)]


class LotBody(Sent):
    """A lot: usable from `released_on` + `transport_days`, for `doses` batches (null = unknown), until `expires_on`."""

    code: Code
    state: MaterialState
    product_id: UUID | None = None
    starting_material: Label | None = None
    released_on: Day | None = None
    transport_days: Annotated[int, Field(ge=0, le=366)] = 0
    doses: Annotated[int, Field(ge=0, le=100_000)] | None = None
    expires_on: Day | None = None
    agreement: Label | None = None
    audited_on: Day | None = None

    def facts(self) -> LotFacts:
        """The same for the registry."""
        return LotFacts(**{name: getattr(self, name) for name in LotBody.model_fields})


class NewLot(LotBody):
    """A lot to record, and whose it is."""

    organisation_id: UUID


class LotFull(Shown):
    """A lot as its own people and overseers read it."""

    id: UUID
    organisation_id: UUID
    product_id: UUID | None
    code: str
    starting_material: str | None
    state: MaterialState
    released_on: date | None
    transport_days: int
    doses: int | None
    expires_on: date | None
    agreement: str | None
    audited_on: date | None
    version: int
    actions: list[str] = Field(default_factory=list, description="What you may do with it now.")


class CentreBody(Sent):
    """Where material is collected: ISO weekdays, chairs a week; degrees (WGS 84), city level."""

    code: Code
    name: Label
    country: Country
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    authorisation: Label | None = None
    weekdays: Weekdays = ()
    chairs_a_week: Annotated[int, Field(ge=0, le=10_000)] | None = None

    def facts(self) -> CentreFacts:
        """The same for the registry."""
        return CentreFacts(**{name: getattr(self, name) for name in CentreBody.model_fields})


class NewCentre(CentreBody):
    """A centre to record, and whose it is."""

    organisation_id: UUID


class CentreFull(Shown):
    """A collection centre as its own people and overseers read it."""

    id: UUID
    organisation_id: UUID
    code: str
    name: str
    country: str
    latitude: float | None
    longitude: float | None
    authorisation: str | None
    weekdays: list[int]
    chairs_a_week: int | None
    version: int
    actions: list[str] = Field(default_factory=list, description="What you may do with it now.")


class QualificationBody(Sent):
    """Until when (out, null = no end is known) the facility has qualified the centre."""

    until: Day | None = None


class Qualification(Shown):
    """A facility has qualified a collection centre until a day (out)."""

    facility_id: UUID
    until: date | None


class Chosen(Sent):
    """Records in their order; the whole list is set at once."""

    items: Annotated[tuple[UUID, ...], Field(max_length=200)]


class ChosenList(BaseModel):
    """Records in their order; the ETag is that of the request."""

    items: list[UUID]
