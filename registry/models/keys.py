"""The tenant keys: every row names its owner, and every reference carries it, so none can cross to another tenant."""

from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column


class OwnedByFacility:
    """A row of one facility; `organisation_id` is the organisation of that facility."""

    facility_id: Mapped[UUID] = mapped_column(index=True, sort_order=-9)
    organisation_id: Mapped[UUID] = mapped_column(index=True, sort_order=-10)


class OwnedBySponsor:
    """A row of one sponsor; `organisation_id` is that organisation."""

    organisation_id: Mapped[UUID] = mapped_column(index=True, sort_order=-10)


def facility_key() -> ForeignKeyConstraint:
    """Facility and its organisation, together."""
    return ForeignKeyConstraint(
        ["facility_id", "organisation_id"], ["facility.id", "facility.organisation_id"], onupdate="CASCADE"
    )


def within_facility(column: str, table: str) -> ForeignKeyConstraint:
    """A reference to another row of the same facility."""
    return ForeignKeyConstraint([column, "facility_id"], [f"{table}.id", f"{table}.facility_id"], ondelete="CASCADE")


def within_sponsor(column: str, table: str) -> ForeignKeyConstraint:
    """A reference to another row of the same sponsor."""
    return ForeignKeyConstraint(
        [column, "organisation_id"],
        [f"{table}.id", f"{table}.organisation_id"],
        onupdate="CASCADE",
        ondelete="CASCADE",
    )


def facility_target() -> UniqueConstraint:
    """What `within_facility` points at."""
    return UniqueConstraint("id", "facility_id")


def sponsor_target() -> UniqueConstraint:
    """What `within_sponsor` points at."""
    return UniqueConstraint("id", "organisation_id")
