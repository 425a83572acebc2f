"""Legal entitlements of a site and the evidence for them."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Dated, Record, Sourced
from registry.models.keys import OwnedByFacility, facility_key, facility_target, within_facility
from registry.vocabulary.regulation import AuthorisationKind, PermitKind, ProductType

ENDS_AFTER_IT_BEGINS = "valid_from < valid_to"


class Authorisation(OwnedByFacility, Dated, Sourced, Record):
    """A legal entitlement of `holder_id` at a site.

    `complete` when QA confirmed that the scope lines are all there; `open_ended_confirmed` when QA confirmed that
    there is no end. `number` is opaque text.
    """

    __tablename__ = "authorisation"
    __table_args__ = (
        facility_key(),
        facility_target(),
        within_facility("site_id", "site"),
        UniqueConstraint("facility_id", "code"),
        CheckConstraint(ENDS_AFTER_IT_BEGINS, name="ends_after_it_begins"),
        CheckConstraint("not open_ended_confirmed or valid_to is null", name="open_ended_has_no_end"),
    )

    site_id: Mapped[UUID] = mapped_column(index=True)
    code: Mapped[str]
    kind: Mapped[AuthorisationKind]
    number: Mapped[str | None]
    authority: Mapped[str | None]
    holder_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    product_type: Mapped[ProductType]
    open_ended_confirmed: Mapped[bool] = mapped_column(server_default=text("false"))
    complete: Mapped[bool] = mapped_column(server_default=text("false"))
    whole_site: Mapped[bool] = mapped_column(server_default=text("true"))
    document_link: Mapped[str | None]


class ScopeLine(OwnedByFacility, Record):
    """One operation an authorisation covers: a Union-format code and what the document says beside it."""

    __tablename__ = "scope_line"
    __table_args__ = (
        facility_key(),
        within_facility("authorisation_id", "authorisation"),
        UniqueConstraint("authorisation_id", "operation"),
    )

    authorisation_id: Mapped[UUID] = mapped_column(index=True)
    operation: Mapped[str]
    wording: Mapped[str | None]


class AuthorisedSuite(OwnedByFacility, Record):
    """A room an authorisation is limited to, where it does not cover the whole site."""

    __tablename__ = "authorised_suite"
    __table_args__ = (
        facility_key(),
        within_facility("authorisation_id", "authorisation"),
        within_facility("suite_id", "suite"),
        UniqueConstraint("authorisation_id", "suite_id"),
    )

    authorisation_id: Mapped[UUID] = mapped_column(index=True)
    suite_id: Mapped[UUID] = mapped_column(index=True)


class Certificate(OwnedByFacility, Sourced, Record):
    """Evidence of the last inspection; `reliance_until` replaces the usual three years when remarks say so."""

    __tablename__ = "certificate"
    __table_args__ = (facility_key(), within_facility("site_id", "site"), UniqueConstraint("facility_id", "code"))

    site_id: Mapped[UUID] = mapped_column(index=True)
    code: Mapped[str]
    number: Mapped[str | None]
    eudragmdp_reference: Mapped[str | None]
    operations: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    last_inspection: Mapped[date]
    issued_on: Mapped[date | None]
    remarks: Mapped[str | None]
    reliance_until: Mapped[date | None]
    withdrawn_on: Mapped[date | None]


class NonCompliance(OwnedByFacility, Sourced, Record):
    """A statement of non-compliance; an empty scope means everything."""

    __tablename__ = "non_compliance"
    __table_args__ = (
        facility_key(),
        within_facility("site_id", "site"),
        UniqueConstraint("facility_id", "code"),
        CheckConstraint("starts < closed_on", name="closes_after_it_starts"),
    )

    site_id: Mapped[UUID] = mapped_column(index=True)
    code: Mapped[str]
    reference: Mapped[str | None]
    operations: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    starts: Mapped[date]
    closed_on: Mapped[date | None]


class Permit(OwnedByFacility, Dated, Sourced, Record):
    """Another permit of the site; `gmo_class` and `activity` only for contained use (classes 1 to 4)."""

    __tablename__ = "permit"
    __table_args__ = (
        facility_key(),
        within_facility("site_id", "site"),
        UniqueConstraint("facility_id", "code"),
        CheckConstraint(ENDS_AFTER_IT_BEGINS, name="ends_after_it_begins"),
        CheckConstraint("gmo_class between 1 and 4", name="gmo_class_is_1_to_4"),
    )

    site_id: Mapped[UUID] = mapped_column(index=True)
    code: Mapped[str]
    kind: Mapped[PermitKind]
    gmo_class: Mapped[int | None]
    activity: Mapped[str | None]
    reference: Mapped[str | None]
