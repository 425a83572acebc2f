"""What a facility has done and can do: process experience, quality control, certification."""

from datetime import date

from sqlalchemy import UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Record, Sourced
from registry.models.keys import OwnedByFacility, facility_key


class ProcessExperience(OwnedByFacility, Sourced, Record):
    """Batches of a process family a facility has made, as sponsor or as contractor."""

    __tablename__ = "process_experience"
    __table_args__ = (facility_key(), UniqueConstraint("facility_id", "family", "platform"))

    family: Mapped[str]
    platform: Mapped[str] = mapped_column(server_default="")
    batches_made: Mapped[int | None]
    last_on: Mapped[date | None]
    as_contractor: Mapped[bool | None]


class QcMethod(OwnedByFacility, Sourced, Record):
    """A quality control method, in house or contracted, and the days until its result."""

    __tablename__ = "qc_method"
    __table_args__ = (facility_key(), UniqueConstraint("facility_id", "method"))

    method: Mapped[str]
    in_house: Mapped[bool | None]
    contracted_to: Mapped[str | None]
    result_days: Mapped[int | None]


class QpCover(OwnedByFacility, Sourced, Record):
    """Classes a Qualified Person certifies, here or at another EU site under agreement; names stay private."""

    __tablename__ = "qp_cover"
    __table_args__ = (facility_key(), UniqueConstraint("facility_id"))

    classes: Mapped[list[str]]
    here: Mapped[bool]
    absence_cover: Mapped[bool | None]
    names: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    valid_to: Mapped[date | None]
