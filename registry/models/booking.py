"""Stays that are held or confirmed; the database refuses two of them on one place of a suite on one day."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint, literal_column, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Record, Sourced
from registry.models.keys import OwnedByFacility, facility_target, within_facility
from registry.vocabulary.lifecycle import BookingKind, BookingState, DataSet


class Booking(OwnedByFacility, Sourced, Record):
    """One place (`lane`, from 1) of a suite from `starts` (in) to `ends` (out); places held together share `stay_id`.

    Equality without an extension is written as an overlap of ranges of one value. Lock the suite's row first: the
    constraint alone stalls when many want the same place. The facility stands in it so that naming a stranger's suite
    fails as a reference, and never tells whether that suite is taken.
    """

    __tablename__ = "booking"
    __table_args__ = (
        ForeignKeyConstraint(
            ["facility_id", "organisation_id", "data_set"],
            ["facility.id", "facility.organisation_id", "facility.data_set"],
            onupdate="CASCADE",
        ),
        facility_target(),
        within_facility("suite_id", "suite"),
        within_facility("supersedes_id", "booking"),
        ForeignKeyConstraint(["batch_id", "request_id"], ["batch.id", "batch.request_id"]),
        ForeignKeyConstraint(
            ["request_id", "sponsor_id", "data_set"],
            ["request.id", "request.organisation_id", "request.data_set"],
            onupdate="CASCADE",
        ),
        UniqueConstraint("stay_id", "lane"),
        CheckConstraint("starts < ends", name="ends_after_it_starts"),
        CheckConstraint("lane >= 1", name="lanes_count_from_1"),
        CheckConstraint("num_nulls(request_id, sponsor_id) in (0, 2)", name="request_has_its_sponsor"),
        ExcludeConstraint(
            (literal_column("uuidrange(facility_id, facility_id, '[]')"), "&&"),
            (literal_column("uuidrange(suite_id, suite_id, '[]')"), "&&"),
            (literal_column("int4range(lane, lane, '[]')"), "&&"),
            (literal_column("daterange(starts, ends)"), "&&"),
            where=text("state in ('held', 'confirmed')"),
            using="gist",
            name="ex_booking_no_double_booking",
        ),
    )

    data_set: Mapped[DataSet]
    suite_id: Mapped[UUID] = mapped_column(index=True)
    stay_id: Mapped[UUID]
    lane: Mapped[int]
    starts: Mapped[date]
    ends: Mapped[date]
    kind: Mapped[BookingKind]
    state: Mapped[BookingState]
    family: Mapped[str | None]
    request_id: Mapped[UUID | None] = mapped_column(index=True)
    sponsor_id: Mapped[UUID | None] = mapped_column(index=True)
    batch_id: Mapped[UUID | None]
    supersedes_id: Mapped[UUID | None]
