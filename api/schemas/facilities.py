"""Facilities: what everybody may see, whom they serve, and the whole record for those who keep it."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.fields import Code, Country, Day, Label, Language, Reason, Sent, Shown
from registry.services.premises import FacilityFacts
from registry.vocabulary.facilities import Rhythm, ServiceModel
from registry.vocabulary.lifecycle import FacilityStatus, Publication
from registry.vocabulary.products import ProductClass

Small = Annotated[int, Field(ge=0, le=10_000)]
Words = Annotated[tuple[Code, ...], Field(max_length=50)]


class PublicFacility(BaseModel):
    """What everybody may know of a facility."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    organisation: str
    kind: str
    service_model: ServiceModel
    status: FacilityStatus
    country: str = Field(description="ISO 3166-1 alpha-2.")
    city: str | None
    product_classes: list[str]
    latitude: float | None = Field(description="Degrees, city level; shifted in a rehearsal.")
    longitude: float | None
    source_note: str | None = Field(description="Where the entry comes from.")
    confirmed: bool = Field(description="Whether the facility's own QA confirmed the entry.")
    invented: bool = Field(description="True in a rehearsal: licences and calendars are made up.")


class FacilityBody(Sent):
    """Whom a facility serves and what it accepts; `families` null = any process family, empty = none."""

    code: Code
    name: Label
    kind: Code
    country: Country
    city: Label | None = None
    status: FacilityStatus = FacilityStatus.OPERATING
    parent_id: UUID | None = None
    service_model: ServiceModel = ServiceModel.UNKNOWN
    product_classes: Annotated[tuple[ProductClass, ...], Field(max_length=10)] = ()
    families: Words | None = None
    smallest_campaign: Small | None = None
    largest_campaign: Small | None = None
    notice_days: Small | None = None
    new_products_a_year: Small | None = None
    open_to_companies: bool | None = None
    company_share_percent: Annotated[int, Field(ge=0, le=100)] | None = None
    languages: Annotated[tuple[Language, ...], Field(max_length=30)] = ()
    rhythm: Rhythm = Rhythm.MONTHLY
    reason: Reason = ""

    def facts(self) -> FacilityFacts:
        """The same for the registry."""
        facts = self.model_dump(exclude={"reason"})
        return FacilityFacts(**{**facts, "product_classes": tuple(one.value for one in self.product_classes)})


class Profile(Shown):
    """Whom a facility serves and what it accepts; `families` null = any process family, campaigns in batches."""

    facility_id: UUID
    service_model: ServiceModel
    families: list[str] | None
    smallest_campaign: int | None
    largest_campaign: int | None
    notice_days: int | None
    new_products_a_year: int | None
    open_to_companies: bool | None
    company_share_percent: int | None


class Move(Shown):
    """A state of publication the caller may move the facility to, and what is missing for it."""

    to: Publication
    missing: list[str]
    needs_day: bool
    needs_reason: bool


class FacilityFull(Shown):
    """The whole record of a facility, and what the caller may do with it now."""

    id: UUID
    organisation_id: UUID
    code: str
    name: str
    kind: str
    country: str
    city: str | None
    status: FacilityStatus
    parent_id: UUID | None
    service_model: ServiceModel
    product_classes: list[str]
    families: list[str] | None
    smallest_campaign: int | None
    largest_campaign: int | None
    notice_days: int | None
    new_products_a_year: int | None
    open_to_companies: bool | None
    company_share_percent: int | None
    languages: list[str]
    rhythm: Rhythm
    publication: Publication
    publish_on: date | None
    version: int
    moves: list[Move] = Field(default_factory=list)
    actions: list[str] = Field(default_factory=list, description="What you may do with it now.")


class PublicationStep(Sent):
    """The state a facility is to have; `publish_on` only to schedule, a reason to withdraw."""

    to: Publication
    publish_on: Day | None = None
    reason: Reason = ""
