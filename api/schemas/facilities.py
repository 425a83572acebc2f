"""Facilities as everybody may see them."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from registry.vocabulary.facilities import ServiceModel
from registry.vocabulary.lifecycle import FacilityStatus


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
