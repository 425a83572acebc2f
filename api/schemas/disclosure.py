"""Staged disclosure, and who can see and who saw a confidential record."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from api.schemas.fields import Sent, Shown

Reference = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


class ConsentBody(Sent):
    """Whether the other side may learn who this is: it does once it consents, too; then it cannot be undone."""

    ref: Reference = Field(description="The other side, as eligibility and verdicts name it.")
    consents: bool


class DisclosureLine(Shown):
    """Where the two sides stand; `other` is the masked word until both consent, then the name."""

    ref: str
    other: str
    sponsor_consents: bool
    facility_consents: bool
    disclosed: bool
    actions: list[str] = Field(default_factory=list, description="What you may do about it now.")


class ViewerLine(Shown):
    """Who can see the record, and why; an organisation means all of its people."""

    who: str
    why: str
    organisation_id: UUID | None


class SightingLine(Shown):
    """Somebody outside the organisation read the record, or the part of it that `what` names.

    `name` only where you may know it: of colleagues, of delegates of your networks, and of all for overseers.
    """

    at: datetime
    actor: UUID | None
    name: str | None
    role: str
    what: str
