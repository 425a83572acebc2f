"""Premises that make ATMPs: whom they serve, what they accept, and what they confirmed."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Record, Sourced
from registry.models.keys import OwnedByFacility, facility_key
from registry.vocabulary.facilities import Rhythm, ServiceModel
from registry.vocabulary.lifecycle import ConfirmationSubject, DataSet, FacilityStatus, Publication


class Facility(Sourced, Record):
    """Premises of an organisation.

    `families` None = takes any process family, empty = takes none.
    """

    __tablename__ = "facility"
    DECIDED = frozenset({"publication", "publish_on", "status_checked_on"})
    __table_args__ = (
        UniqueConstraint("data_set", "code"),
        UniqueConstraint("id", "organisation_id"),
        UniqueConstraint("id", "data_set"),
        UniqueConstraint("id", "organisation_id", "data_set"),
        ForeignKeyConstraint(["parent_id", "data_set"], ["facility.id", "facility.data_set"]),
        ForeignKeyConstraint(["organisation_id", "data_set"], ["organisation.id", "organisation.data_set"]),
        CheckConstraint("country ~ '^[A-Z]{2}$'", name="country_is_iso_3166"),
        CheckConstraint("smallest_campaign <= largest_campaign", name="campaign_sizes_are_ordered"),
        CheckConstraint("publication <> 'scheduled' or publish_on is not null", name="scheduled_has_a_day"),
    )

    organisation_id: Mapped[UUID] = mapped_column(index=True)
    data_set: Mapped[DataSet]
    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    country: Mapped[str]
    city: Mapped[str | None]
    status: Mapped[FacilityStatus]
    status_checked_on: Mapped[date | None]
    publication: Mapped[Publication] = mapped_column(server_default=Publication.DRAFT.value)
    publish_on: Mapped[date | None]
    parent_id: Mapped[UUID | None]
    service_model: Mapped[ServiceModel]
    product_classes: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    families: Mapped[list[str] | None]
    smallest_campaign: Mapped[int | None]
    largest_campaign: Mapped[int | None]
    notice_days: Mapped[int | None]
    new_products_a_year: Mapped[int | None]
    open_to_companies: Mapped[bool | None]
    company_share_percent: Mapped[int | None]
    languages: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    rhythm: Mapped[Rhythm] = mapped_column(server_default=Rhythm.MONTHLY.value)
    holder_name: Mapped[str | None]
    notes: Mapped[str | None]


class Confirmation(OwnedByFacility, Record):
    """A facility said on a day that its calendar, or its legal record, is true."""

    __tablename__ = "confirmation"
    __table_args__ = (facility_key(),)

    subject: Mapped[ConfirmationSubject]
    confirmed_on: Mapped[date]
    confirmed_by: Mapped[UUID | None]
    signature_id: Mapped[UUID | None] = mapped_column(ForeignKey("signature.id"))
