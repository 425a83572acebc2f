"""Rooms used as one, and the equipment in them."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Record, Sourced
from registry.models.keys import OwnedByFacility, facility_key, facility_target, within_facility
from registry.vocabulary.facilities import Grade, PlaceKind
from registry.vocabulary.products import WorkingMode


class Suite(OwnedByFacility, Sourced, Record):
    """Rooms used as one.

    `places` stays fit at a time; `clearance_days` follow every stay; `changeover_days` lie between two families;
    `start_weekdays` are ISO weekdays, empty = any.
    """

    __tablename__ = "suite"
    __table_args__ = (
        facility_key(),
        facility_target(),
        within_facility("site_id", "site"),
        UniqueConstraint("facility_id", "code"),
        CheckConstraint("places >= 1", name="has_a_place"),
        CheckConstraint("clearance_days >= 0 and changeover_days >= 0", name="days_are_counts"),
        CheckConstraint("containment_class between 1 and 4", name="containment_class_is_1_to_4"),
        CheckConstraint("start_weekdays <@ array[1,2,3,4,5,6,7]", name="weekdays_are_iso"),
    )

    site_id: Mapped[UUID] = mapped_column(index=True)
    code: Mapped[str]
    name: Mapped[str]
    grade: Mapped[Grade | None]
    mode: Mapped[WorkingMode | None]
    containment_class: Mapped[int | None]
    vector_work: Mapped[bool | None]
    places: Mapped[int]
    place_kind: Mapped[PlaceKind]
    one_product: Mapped[bool]
    clearance_days: Mapped[int] = mapped_column(server_default=text("0"))
    changeover_days: Mapped[int] = mapped_column(server_default=text("0"))
    start_weekdays: Mapped[list[int]] = mapped_column(server_default=text("'{}'"))


class Equipment(OwnedByFacility, Sourced, Record):
    """Devices of one vocabulary class in a suite; `qualified_until` is the first day without qualification."""

    __tablename__ = "equipment"
    __table_args__ = (
        facility_key(),
        within_facility("suite_id", "suite"),
        CheckConstraint("count >= 0", name="count_is_a_count"),
    )

    suite_id: Mapped[UUID] = mapped_column(index=True)
    equipment_class: Mapped[str]
    count: Mapped[int]
    qualified_until: Mapped[date | None]
