"""Messages that leave the platform, written in the transaction of the event they tell about; and sealed secrets."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Record
from registry.vocabulary.lifecycle import DataSet


class OutboxMessage(Record):
    """A message to one address or, without one, to the mailbox of one organisation or person.

    `dedup_id` names the event and the recipient: the same message written twice is one row, and delivered twice it
    is shown once. Who may write may not read: only recipients, and the account of the machine that delivers.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        UniqueConstraint("dedup_id"),
        CheckConstraint("num_nonnulls(organisation_id, person_id) = 1", name="has_one_recipient"),
        CheckConstraint("attempts >= 0", name="attempts_are_counted"),
    )

    data_set: Mapped[DataSet]
    dedup_id: Mapped[str]
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    address: Mapped[str | None]
    subject: Mapped[str]
    body: Mapped[str]
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    due_at: Mapped[datetime] = mapped_column(server_default=text("now()"), index=True)
    delivered_at: Mapped[datetime | None]
    delivered_by: Mapped[str | None]
    last_error: Mapped[str | None]


class Secret(Record):
    """A value that is committed to before it is shown; whoever lays it down cannot read it again.

    `purpose` says what for: the rank that breaks ties of a round, or the key of the record hashes of a run.
    """

    __tablename__ = "secret"
    __table_args__ = (UniqueConstraint("record_id", "purpose"),)

    record_id: Mapped[UUID]
    purpose: Mapped[str]
    value: Mapped[str]
