"""Organisations: what everybody may see, and the whole record for those who keep it."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.schemas.fields import Code, Country, Label, Reason, Sent, Sentence, Shown
from registry.services.organisations import OrganisationFacts
from registry.vocabulary.facilities import OrganisationKind

Mailbox = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^@\s\x00]+@[^@\s\x00]+$")]


class PublicOrganisation(BaseModel):
    """Name, kind and country."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    kind: OrganisationKind
    country: str


class OrganisationBody(Sent):
    """A legal entity; `code` is its short name, `mailbox` nobody's person."""

    code: Code
    name: Label
    kind: OrganisationKind
    country: Country
    oms_org_id: Annotated[str, StringConstraints(pattern=r"^ORG-[0-9]{9}$")] | None = None
    ror_id: Annotated[str, StringConstraints(pattern=r"^0[a-hj-km-np-tv-z0-9]{6}[0-9]{2}$")] | None = None
    mailbox: Mailbox | None = None
    reason: Reason = ""

    def facts(self) -> OrganisationFacts:
        """The same for the registry."""
        return OrganisationFacts(**self.model_dump(exclude={"reason"}))


class OrganisationFull(Shown):
    """The whole record of an organisation, and what the caller may do with it now."""

    id: UUID
    code: str
    name: str
    kind: OrganisationKind
    country: str
    network_id: UUID | None = Field(description="Its delegates see and act for the organisation.")
    oms_org_id: str | None
    ror_id: str | None
    mailbox: str | None
    version: int
    actions: list[str] = Field(default_factory=list, description="What you may do with it now.")


class NetworkChoice(Sent):
    """The network whose delegates see and act for the organisation; null = none any more. Why is written down."""

    network_id: UUID | None
    reason: Sentence
