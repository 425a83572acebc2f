"""Accounts, roles, deputies and networks."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from api.schemas.fields import Code, Day, Label, Reason, Sent, Sentence, Shown
from api.schemas.organisations import Mailbox
from registry.services.people import NewAccount
from registry.vocabulary.roles import Role


class Member(Shown):
    """A role somebody holds, and what the caller may do with it now."""

    id: UUID
    person_id: UUID
    person: str
    role: Role
    organisation_id: UUID | None
    network_id: UUID | None
    deputy: bool
    valid_from: date | None
    valid_to: date | None
    version: int
    actions: list[str] = Field(default_factory=list, description="What you may do with it now.")


class MadeMember(Shown):
    """A role that was just given."""

    id: UUID
    person_id: UUID
    role: Role
    organisation_id: UUID | None
    network_id: UUID | None
    deputy: bool
    valid_from: date | None
    valid_to: date | None
    version: int


class DeputyBody(Sent):
    """A colleague who is to act in a role one holds, until a day (out) or until it is ended."""

    role: Role
    person_id: UUID
    until: Day | None = None
    reason: Reason = ""


class HandOverBody(Sent):
    """A colleague to whom one passes one's own role on; why is written down."""

    role: Role
    person_id: UUID
    reason: Sentence


class AccountBody(Sent):
    """Under what somebody is to log in."""

    code: Code
    name: Label | None = None
    mail: Mailbox | None = None
    reason: Reason = ""

    def facts(self) -> NewAccount:
        """The same for the registry."""
        return NewAccount(self.code, self.name, self.mail)


class AccountFull(Shown):
    """An account; `disabled_at` says since when it is closed."""

    id: UUID
    code: str
    name: str | None
    mail: str | None
    disabled_at: datetime | None
    version: int
    roles: list[Member] = Field(default_factory=list)


class AccountState(Sent):
    """Whether an account is closed, and why."""

    closed: bool
    reason: Sentence


class RoleBody(Sent):
    """A role: in an organisation, in a network (delegate), or of the platform (neither)."""

    role: Role
    organisation_id: UUID | None = None
    network_id: UUID | None = None
    reason: Reason = ""


class NetworkBody(Sent):
    """A network of organisations."""

    code: Code
    name: Label
    reason: Reason = ""


class NetworkLine(Shown):
    """A network of organisations."""

    id: UUID
    code: str
    name: str


class InvitationBody(Sent):
    """Why somebody gets a word, where there is something to say."""

    reason: Reason = ""


class Invitation(BaseModel):
    """A word for somebody, shown only now (null when the same call is sent again), and until when it is good."""

    word: str | None
    expires_at: datetime
