"""The pair: how far a process has been brought to a site, stage by stage, and which authorities agreed."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Record, Sourced
from registry.models.keys import OwnedBySponsor, within_sponsor
from registry.vocabulary.lifecycle import DataSet
from registry.vocabulary.regulation import PairStage, StageState


class Establishment(OwnedBySponsor, Sourced, Record):
    """A product's process at a site; `ready_by` is the expected day of readiness. Both parties see it."""

    __tablename__ = "establishment"
    __table_args__ = (
        UniqueConstraint("process_version_id", "site_id"),
        UniqueConstraint("id", "organisation_id", "facility_organisation_id"),
        within_sponsor("process_version_id", "process_version"),
        ForeignKeyConstraint(
            ["product_id", "organisation_id", "data_set"],
            ["product.id", "product.organisation_id", "product.data_set"],
            onupdate="CASCADE",
        ),
        ForeignKeyConstraint(
            ["facility_id", "facility_organisation_id", "data_set"],
            ["facility.id", "facility.organisation_id", "facility.data_set"],
            onupdate="CASCADE",
        ),
        ForeignKeyConstraint(["site_id", "facility_id"], ["site.id", "site.facility_id"]),
    )

    data_set: Mapped[DataSet]
    product_id: Mapped[UUID] = mapped_column(index=True)
    process_version_id: Mapped[UUID] = mapped_column(index=True)
    site_id: Mapped[UUID] = mapped_column(index=True)
    facility_id: Mapped[UUID] = mapped_column(index=True)
    facility_organisation_id: Mapped[UUID] = mapped_column(index=True)
    ready_by: Mapped[date | None]
    hospital_exemption: Mapped[bool] = mapped_column(server_default=text("false"))


class SharedByPair:
    """A row of a pair: both parties' organisations stand on it."""

    establishment_id: Mapped[UUID] = mapped_column(index=True)
    organisation_id: Mapped[UUID] = mapped_column(index=True)
    facility_organisation_id: Mapped[UUID] = mapped_column(index=True)


def pair_key() -> ForeignKeyConstraint:
    """The pair and both its parties, together."""
    return ForeignKeyConstraint(
        ["establishment_id", "organisation_id", "facility_organisation_id"],
        ["establishment.id", "establishment.organisation_id", "establishment.facility_organisation_id"],
        onupdate="CASCADE",
        ondelete="CASCADE",
    )


class EstablishmentStage(SharedByPair, Sourced, Record):
    """The state of one stage, with owner, evidence and dates."""

    __tablename__ = "establishment_stage"
    __table_args__ = (pair_key(), UniqueConstraint("establishment_id", "stage"))

    stage: Mapped[PairStage]
    state: Mapped[StageState]
    owner: Mapped[str | None]
    evidence: Mapped[str | None]
    expected_on: Mapped[date | None]
    expires_on: Mapped[date | None]


class EstablishmentApproval(SharedByPair, Sourced, Record):
    """What an authority agreed to for the pair in a country: trial, hospital exemption or GMO permit."""

    __tablename__ = "establishment_approval"
    __table_args__ = (
        pair_key(),
        UniqueConstraint("establishment_id", "country", "kind"),
        CheckConstraint("kind in ('trial', 'hospital_exemption', 'gmo')", name="kind_is_known"),
        CheckConstraint("country ~ '^[A-Z]{2}$'", name="country_is_iso_3166"),
    )

    country: Mapped[str]
    kind: Mapped[str]
    reference: Mapped[str | None]
    modification: Mapped[str | None]
    hospitals: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    number_a_year: Mapped[int | None]
    approved_on: Mapped[date | None]
    expires_on: Mapped[date | None]
