"""A round: a call for matching with its times and its policy."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Record
from registry.vocabulary.lifecycle import DataSet, RoundKind, RoundState


class Round(Record):
    """`horizon_weeks` weeks from Monday `origin`, on facts as known on `known_on`.

    `tie_commitment` is the SHA-256 of the secret that breaks ties, there before the round closes; `tie_secret` is
    shown with the result.
    """

    __tablename__ = "round"
    __table_args__ = (
        UniqueConstraint("data_set", "code"),
        UniqueConstraint("id", "data_set"),
        CheckConstraint("extract(isodow from origin) = 1", name="origin_is_a_monday"),
        CheckConstraint("horizon_weeks >= 1", name="horizon_is_positive"),
        CheckConstraint("approved_by_id <> started_by_id", name="starter_does_not_approve"),
        CheckConstraint(
            "tie_secret is null or tie_commitment = encode(sha256(convert_to(tie_secret, 'UTF8')), 'hex')",
            name="secret_fits_its_commitment",
        ),
    )

    data_set: Mapped[DataSet]
    code: Mapped[str]
    kind: Mapped[RoundKind]
    state: Mapped[RoundState]
    policy_id: Mapped[UUID] = mapped_column(ForeignKey("policy.id"))
    origin: Mapped[date]
    horizon_weeks: Mapped[int]
    known_on: Mapped[date]
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    started_by_id: Mapped[UUID | None]
    approved_by_id: Mapped[UUID | None]
    tie_commitment: Mapped[str | None]
    tie_secret: Mapped[str | None]
