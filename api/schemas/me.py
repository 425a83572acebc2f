"""Who is calling, as the service sees it, and what waits for them."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from api.schemas.fields import Sent, Shown
from api.schemas.signing import Password
from registry.queries.waiting import WaitingKind
from registry.services.results import Concerned
from registry.vocabulary.roles import Role


class Seat(BaseModel):
    """A role and where it is held; no organisation = on the platform."""

    role: Role
    organisation_id: UUID | None
    organisation: str | None


class OwnNetwork(BaseModel):
    """A network whose delegate the caller is; its members are among the seats."""

    id: UUID
    name: str


class Me(BaseModel):
    """The caller's account, its roles and what they permit; `waiting` is how many things wait at `/me/waiting`."""

    id: UUID
    account: str
    name: str | None
    seats: list[Seat]
    networks: list[OwnNetwork] = Field(description="Networks whose delegate you are, also those without members.")
    may: list[str]
    waiting: int


class ResultLine(Shown):
    """A published calculation and a record of the caller's own side that took part; `links` lead to what it says."""

    run_id: UUID
    round: str
    published_at: datetime
    about: Concerned
    record_id: UUID
    name: str
    links: dict[str, str]


class WaitingLine(Shown):
    """One thing to do: about which record, by when (null = no day is set), and where."""

    kind: WaitingKind
    record_id: UUID
    name: str
    due: date | None
    link: str = Field(description="Where the record is read.")


class OwnLogin(Shown):
    """A login of the caller on a browser; `current` is the one this call came with."""

    id: UUID
    method: str
    created_at: datetime
    ends_at: datetime
    current: bool


class OwnIdentity(Shown):
    """Who the caller is at an identity provider."""

    id: UUID
    issuer: str
    subject: str
    created_at: datetime
    version: int


class ToLink(Sent):
    """The password once more; whoever logs in at a provider only sends none, and proves it there first."""

    password: Password | None = None


class LinkBegun(BaseModel):
    """Where the browser goes on, to prove to the provider who it is; it comes back by itself."""

    address: str
