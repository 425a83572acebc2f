"""A programme asking for starts, with its batches, places, material, preferences and exclusions."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Record, Sourced
from registry.models.keys import OwnedBySponsor, sponsor_target, within_sponsor
from registry.vocabulary.lifecycle import DataSet, RequestState
from registry.vocabulary.products import BatchKind, InputState, Pathway, Stage


class Request(OwnedBySponsor, Sourced, Record):
    """What a sponsor asks for.

    `hours_fresh` is door to door, material to suite; `shelf_life_hours` back to the treating hospital. Urgency
    classes: 0 is the most urgent; only the decided one counts, and `urgency_stated` waits for a second reviewer.
    `fairness_group` is the label the fairness floor uses; without one, the country of the sponsor.
    `defaults` are values filled in, in plain words; `invented_fields` what a rehearsal made up.
    """

    __tablename__ = "request"
    DECIDED = frozenset(
        {"state", "state_reason", "urgency_stated", "urgency_stated_by_id", "urgency_decided", "urgency_reason"}
    )
    __table_args__ = (
        UniqueConstraint("data_set", "code"),
        UniqueConstraint("id", "data_set"),
        UniqueConstraint("id", "organisation_id", "data_set"),
        sponsor_target(),
        within_sponsor("process_version_id", "process_version"),
        ForeignKeyConstraint(
            ["product_id", "organisation_id", "data_set"],
            ["product.id", "product.organisation_id", "product.data_set"],
            onupdate="CASCADE",
        ),
        CheckConstraint("max_sites >= 1", name="has_a_site"),
        CheckConstraint("urgency_decided >= 0 and urgency_proposed >= 0", name="urgency_classes_count_from_0"),
        CheckConstraint(
            "urgency_stated >= 0 and num_nulls(urgency_stated, urgency_stated_by_id) in (0, 2)",
            name="urgency_is_stated_by_somebody",
        ),
    )

    data_set: Mapped[DataSet]
    code: Mapped[str]
    label: Mapped[str]
    product_id: Mapped[UUID] = mapped_column(index=True)
    process_version_id: Mapped[UUID] = mapped_column(index=True)
    state: Mapped[RequestState] = mapped_column(server_default=RequestState.DRAFT.value)
    state_reason: Mapped[str | None]
    stage: Mapped[Stage]
    pathway: Mapped[Pathway]
    phase: Mapped[str]
    input_state: Mapped[InputState]
    hours_fresh: Mapped[int | None]
    product_fresh: Mapped[bool | None]
    shelf_life_hours: Mapped[int | None]
    cadence: Mapped[str | None]
    firm: Mapped[bool] = mapped_column(server_default=text("true"))
    urgency_proposed: Mapped[int | None]
    urgency_stated: Mapped[int | None]
    urgency_stated_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    urgency_decided: Mapped[int | None]
    urgency_reason: Mapped[str | None]
    max_sites: Mapped[int] = mapped_column(server_default=text("1"))
    all_or_nothing: Mapped[bool] = mapped_column(server_default=text("false"))
    languages: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    fairness_group: Mapped[str] = mapped_column(server_default="")
    procurement_route: Mapped[str | None]
    defaults: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    invented_fields: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))


class Batch(OwnedBySponsor, Record):
    """One start that is asked for, between two days (both in); `patients` who could be treated with it.

    `after_id` names a batch of the same request after whose end at least `gap_days` pass.
    """

    __tablename__ = "batch"
    __table_args__ = (
        within_sponsor("request_id", "request"),
        UniqueConstraint("request_id", "code"),
        UniqueConstraint("id", "request_id"),
        ForeignKeyConstraint(["after_id", "request_id"], ["batch.id", "batch.request_id"]),
        CheckConstraint("earliest <= latest", name="window_is_ordered"),
        CheckConstraint("patients >= 0 and gap_days >= 0", name="numbers_are_counts"),
        CheckConstraint("after_id <> id", name="follows_another"),
    )

    request_id: Mapped[UUID] = mapped_column(index=True)
    code: Mapped[str]
    position: Mapped[int]
    kind: Mapped[BatchKind]
    earliest: Mapped[date]
    latest: Mapped[date]
    patients: Mapped[int]
    after_id: Mapped[UUID | None]
    gap_days: Mapped[int] = mapped_column(server_default=text("0"))


class RequestPlace(OwnedBySponsor, Record):
    """A treating hospital or a place of collection; degrees (WGS 84), city level."""

    __tablename__ = "request_place"
    __table_args__ = (
        within_sponsor("request_id", "request"),
        UniqueConstraint("request_id", "use", "position"),
        CheckConstraint("use in ('treating', 'collection')", name="use_is_known"),
        CheckConstraint("country ~ '^[A-Z]{2}$'", name="country_is_iso_3166"),
    )

    request_id: Mapped[UUID] = mapped_column(index=True)
    use: Mapped[str]
    position: Mapped[int]
    name: Mapped[str | None]
    country: Mapped[str]
    latitude: Mapped[float]
    longitude: Mapped[float]


class RequestMaterial(OwnedBySponsor, Record):
    """A lot the batches of a request need."""

    __tablename__ = "request_material"
    __table_args__ = (
        within_sponsor("request_id", "request"),
        within_sponsor("material_lot_id", "material_lot"),
        UniqueConstraint("request_id", "material_lot_id"),
    )

    request_id: Mapped[UUID] = mapped_column(index=True)
    material_lot_id: Mapped[UUID] = mapped_column(index=True)


class TowardsFacility(OwnedBySponsor):
    """What a sponsor thinks of a facility; only the sponsor's side sees it."""

    request_id: Mapped[UUID] = mapped_column(index=True)
    data_set: Mapped[DataSet]
    facility_id: Mapped[UUID] = mapped_column(index=True)


def request_and_facility() -> tuple[ForeignKeyConstraint, ForeignKeyConstraint]:
    """A request and a facility of the same data set."""
    return (
        ForeignKeyConstraint(
            ["request_id", "organisation_id", "data_set"],
            ["request.id", "request.organisation_id", "request.data_set"],
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(["facility_id", "data_set"], ["facility.id", "facility.data_set"]),
    )


class RequestPreference(TowardsFacility, Record):
    """How much a sponsor wants a facility, a whole number ≥ 0 per batch, 0 best."""

    __tablename__ = "request_preference"
    __table_args__ = (
        *request_and_facility(),
        UniqueConstraint("request_id", "facility_id"),
        CheckConstraint("value >= 0", name="value_is_a_count"),
    )

    value: Mapped[int]


class RequestExclusion(TowardsFacility, Record):
    """A facility a sponsor does not want; no reason is asked, and the other side never sees it."""

    __tablename__ = "request_exclusion"
    __table_args__ = (*request_and_facility(), UniqueConstraint("request_id", "facility_id"))


class RequestAttachment(OwnedBySponsor, Sourced, Record):
    """A document of a request, by reference, and the roles that may open it."""

    __tablename__ = "request_attachment"
    __table_args__ = (within_sponsor("request_id", "request"),)

    request_id: Mapped[UUID] = mapped_column(index=True)
    title: Mapped[str]
    link: Mapped[str | None]
    content_sha256: Mapped[str | None]
    roles: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))


class RequestCollaborator(OwnedBySponsor, Record):
    """An organisation that reads a request together with its sponsor."""

    __tablename__ = "request_collaborator"
    __table_args__ = (
        within_sponsor("request_id", "request"),
        ForeignKeyConstraint(["collaborator_id"], ["organisation.id"]),
        UniqueConstraint("request_id", "collaborator_id"),
    )

    request_id: Mapped[UUID] = mapped_column(index=True)
    collaborator_id: Mapped[UUID] = mapped_column(index=True)
