"""Organisations as everybody may see them."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict

from registry.vocabulary.facilities import OrganisationKind


class PublicOrganisation(BaseModel):
    """Name, kind and country."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    kind: OrganisationKind
    country: str
