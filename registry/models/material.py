"""Material a batch needs, and the centres where it is collected."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Record, Sourced
from registry.models.keys import OwnedBySponsor, sponsor_target, within_sponsor
from registry.vocabulary.lifecycle import MaterialState


class MaterialLot(OwnedBySponsor, Sourced, Record):
    """A lot: usable from `released_on` + `transport_days`, for `doses` batches, until `expires_on`."""

    __tablename__ = "material_lot"
    __table_args__ = (
        sponsor_target(),
        ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        within_sponsor("product_id", "product"),
        UniqueConstraint("organisation_id", "code"),
        CheckConstraint("transport_days >= 0", name="transport_takes_days"),
        CheckConstraint("doses >= 0", name="doses_are_a_count"),
    )

    product_id: Mapped[UUID | None] = mapped_column(index=True)
    code: Mapped[str]
    starting_material: Mapped[str | None]
    state: Mapped[MaterialState]
    released_on: Mapped[date | None]
    transport_days: Mapped[int] = mapped_column(server_default=text("0"))
    doses: Mapped[int | None]
    expires_on: Mapped[date | None]
    agreement: Mapped[str | None]
    audited_on: Mapped[date | None]


class CollectionCentre(OwnedBySponsor, Sourced, Record):
    """Where material is collected; `organisation_id` is the party that entered it, `chairs_a_week` its room."""

    __tablename__ = "collection_centre"
    __table_args__ = (
        sponsor_target(),
        ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        UniqueConstraint("organisation_id", "code"),
        CheckConstraint("country ~ '^[A-Z]{2}$'", name="country_is_iso_3166"),
    )

    code: Mapped[str]
    name: Mapped[str]
    country: Mapped[str]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    authorisation: Mapped[str | None]
    weekdays: Mapped[list[int]] = mapped_column(server_default=text("'{}'"))
    chairs_a_week: Mapped[int | None]


class CentreQualification(OwnedBySponsor, Sourced, Record):
    """A facility has qualified a collection centre until a day (out)."""

    __tablename__ = "centre_qualification"
    __table_args__ = (
        within_sponsor("centre_id", "collection_centre"),
        ForeignKeyConstraint(
            ["facility_id", "facility_organisation_id"],
            ["facility.id", "facility.organisation_id"],
            onupdate="CASCADE",
        ),
        UniqueConstraint("centre_id", "facility_id"),
    )

    centre_id: Mapped[UUID] = mapped_column(index=True)
    facility_id: Mapped[UUID] = mapped_column(index=True)
    facility_organisation_id: Mapped[UUID] = mapped_column(index=True)
    until: Mapped[date | None]
