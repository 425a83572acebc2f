"""The calendar: starts a facility is willing to offer, when suites are open or closed, and private limits."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Record, Sourced
from registry.models.keys import OwnedByFacility, facility_key, within_facility
from registry.vocabulary.facilities import ClosureKind, LimitKind, StartsClass

ENDS_AFTER_IT_STARTS = "starts < ends"


class StartsStatement(OwnedByFacility, Sourced, Record):
    """Starts per week a facility is willing to offer on a platform, from `starts` (in) to `ends` (out).

    It is the upper limit: anything derived may only lower it. `pooled` by signed mandate, else ask first. On its days a
    statement hides those of the same platform in lower layers, so that an edit of a week is one row.
    """

    __tablename__ = "starts_statement"
    __table_args__ = (
        facility_key(),
        CheckConstraint(ENDS_AFTER_IT_STARTS, name="ends_after_it_starts"),
        CheckConstraint("starts_per_week >= 0", name="starts_are_a_count"),
        CheckConstraint("layer >= 0", name="layers_count_from_0"),
    )

    platform: Mapped[str]
    starts: Mapped[date]
    ends: Mapped[date | None]
    starts_per_week: Mapped[int]
    starts_class: Mapped[StartsClass]
    pooled: Mapped[bool]
    note: Mapped[str | None]
    layer: Mapped[int] = mapped_column(server_default=text("0"))


class Opening(OwnedByFacility, Sourced, Record):
    """Days a suite, or without one the facility, may be used, from `starts` (in) to `ends` (out)."""

    __tablename__ = "opening"
    __table_args__ = (
        facility_key(),
        within_facility("suite_id", "suite"),
        CheckConstraint(ENDS_AFTER_IT_STARTS, name="ends_after_it_starts"),
    )

    suite_id: Mapped[UUID | None] = mapped_column(index=True)
    starts: Mapped[date]
    ends: Mapped[date | None]


class Closure(OwnedByFacility, Sourced, Record):
    """Days a suite, or without one the facility, is closed or taken; `recurrence` is an RFC 5545 rule."""

    __tablename__ = "closure"
    __table_args__ = (
        facility_key(),
        within_facility("suite_id", "suite"),
        CheckConstraint(ENDS_AFTER_IT_STARTS, name="ends_after_it_starts"),
    )

    suite_id: Mapped[UUID | None] = mapped_column(index=True)
    starts: Mapped[date]
    ends: Mapped[date | None]
    kind: Mapped[ClosureKind]
    recurrence: Mapped[str | None]


class FacilityLimit(OwnedByFacility, Sourced, Record):
    """A private limit: `amount` per `period_weeks` weeks, or `weekly[i]` in week i from `weekly_from`."""

    __tablename__ = "facility_limit"
    __table_args__ = (
        facility_key(),
        CheckConstraint("period_weeks >= 1", name="period_is_positive"),
        CheckConstraint("amount >= 0", name="amount_is_a_count"),
    )

    kind: Mapped[LimitKind]
    period_weeks: Mapped[int]
    amount: Mapped[int]
    weekly: Mapped[list[int] | None]
    weekly_from: Mapped[date | None]
    note: Mapped[str] = mapped_column(server_default=text("''"))
