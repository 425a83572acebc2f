"""What the service remembers of those who call it: logins, attempts to log in, and answers given once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Record


class LoginSession(Record):
    """A person logged in on a browser until `ends_at`; only the SHA-256 of the cookie is stored."""

    __tablename__ = "login_session"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    secret_sha256: Mapped[str] = mapped_column(unique=True)
    method: Mapped[str]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Identity(Record):
    """Who a person is at an identity provider: its issuer, and the opaque subject it calls the person by."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    issuer: Mapped[str]
    subject: Mapped[str]


class LoginAttempt(Record):
    """A password was tried; account and address stand here as keyed hashes, only to slow down guessing."""

    __tablename__ = "login_attempt"

    account_hash: Mapped[str] = mapped_column(index=True)
    address_hash: Mapped[str] = mapped_column(index=True)
    succeeded: Mapped[bool]
    attempted_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class IdempotentAnswer(Record):
    """The answer to a request that its sender may repeat under the same key without a second effect."""

    __tablename__ = "idempotent_answer"
    __table_args__ = (
        UniqueConstraint("person_id", "key"),
        CheckConstraint("length(key) between 1 and 200", name="key_is_short"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str]
    request_sha256: Mapped[str]
    status: Mapped[int]
    headers: Mapped[dict[str, Any]]
    body: Mapped[bytes]
