"""Accounts, what they may do where, their keys and their signatures. Names stand only here, and are erasable."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Record
from registry.vocabulary.lifecycle import DataSet, SignatureMeaning
from registry.vocabulary.roles import Role


class Person(Record):
    """An account; `code` is what one logs in or acts as. Everything else refers to it by its opaque key only."""

    __tablename__ = "person"

    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str | None]
    mail: Mapped[str | None]
    password_hash: Mapped[str | None]
    data_set: Mapped[DataSet]
    can_log_in: Mapped[bool] = mapped_column(server_default=text("true"))
    disabled_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]


class Membership(Record):
    """A role of a person: in an organisation, in a network (delegate), or of the platform (neither)."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint(
            "case when role in ('planner', 'qa', 'developer') then organisation_id is not null and network_id is null "
            "when role = 'delegate' then network_id is not null and organisation_id is null "
            "else organisation_id is null and network_id is null end",
            name="role_has_its_place",
        ),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role]
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    network_id: Mapped[UUID | None] = mapped_column(ForeignKey("network.id"))
    deputy: Mapped[bool] = mapped_column(server_default=text("false"))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class ApiToken(Record):
    """A key for machines; only the SHA-256 of its secret is stored."""

    __tablename__ = "api_token"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    label: Mapped[str]
    secret_sha256: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Invitation(Record):
    """A word with which somebody chooses the password of their account, once; only its SHA-256 is stored.

    An account has one at most that has not ended: `ended_at` says when it was used or withdrawn.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        Index("uq_invitation_person_id", "person_id", unique=True, postgresql_where=text("ended_at is null")),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    word_sha256: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Signature(Record):
    """Who signed what with which meaning; `content_sha256` is of the canonical content that was shown.

    `proof_id` names the re-authentication that was used up for it.
    """

    __tablename__ = "signature"

    signer_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    signer_role: Mapped[Role]
    meaning: Mapped[SignatureMeaning]
    reason: Mapped[str | None]
    signed_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    record_type: Mapped[str]
    record_id: Mapped[UUID] = mapped_column(index=True)
    record_version: Mapped[int]
    content_sha256: Mapped[str]
    method: Mapped[str]
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    proof_id: Mapped[UUID | None] = mapped_column(unique=True)
