"""Who is calling, as the service sees it."""

from uuid import UUID

from pydantic import BaseModel

from registry.vocabulary.roles import Role


class Seat(BaseModel):
    """A role and where it is held; no organisation = on the platform."""

    role: Role
    organisation_id: UUID | None
    organisation: str | None


class Me(BaseModel):
    """The caller's account, its roles and what they permit."""

    id: UUID
    account: str
    name: str | None
    seats: list[Seat]
    may: list[str]
