"""What a round is for: the versioned, public policy, approved by two."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Record


class Policy(Record):
    """One version of a policy: tiers (objects of term and weight, most important first), caps, clocks, thresholds.

    In force once `in_force_from` is set, which needs two different persons who approved it.
    """

    __tablename__ = "policy"
    __table_args__ = (
        UniqueConstraint("code", "number"),
        CheckConstraint(
            "in_force_from is null or (first_approver_id is not null and second_approver_id is not null "
            "and first_approver_id <> second_approver_id)",
            name="two_persons_approve",
        ),
    )

    code: Mapped[str]
    number: Mapped[int]
    title: Mapped[str]
    tiers: Mapped[list[dict[str, Any]]]
    rules: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    text_generated: Mapped[str]
    first_approver_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    second_approver_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    in_force_from: Mapped[datetime | None]
