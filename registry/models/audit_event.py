"""The trail: one event per changed row or logged act, chained by hashes, never changed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base


class AuditEvent(Base):
    """Who did what to which record, with the row before and after, why and when (UTC).

    The database fills sequence, time, actor, role and hashes on insert (trigger `chain_event`): `hash` is SHA-256
    of the previous hash, a line feed and the event in RFC 8785 form. `old` and `new` also are the history of the record.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        CheckConstraint("hash ~ '^[0-9a-f]{64}$'", name="hash_is_sha256"),
        Index("ix_audit_event_record", "record_type", "record_id", "sequence"),
        Index("ix_audit_event_organisations", "organisations", postgresql_using="gin"),
    )

    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    occurred_at: Mapped[datetime]
    actor: Mapped[UUID | None]
    role: Mapped[str]
    action: Mapped[str]
    record_type: Mapped[str]
    record_id: Mapped[UUID | None]
    organisations: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    old: Mapped[dict[str, Any] | None]
    new: Mapped[dict[str, Any] | None]
    reason: Mapped[str]
    correlation: Mapped[str]
    previous_hash: Mapped[str]
    hash: Mapped[str]


class AuditAnchor(Base):
    """A signed head of the chain, as it was handed to outside parties."""

    __tablename__ = "audit_anchor"

    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[str]
    anchored_at: Mapped[datetime]
    signature: Mapped[str]
    public_key: Mapped[str]
