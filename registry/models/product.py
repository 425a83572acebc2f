"""What a sponsor wants made, and how: product, process version, its steps and loads."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Record, Sourced
from registry.models.keys import OwnedBySponsor, sponsor_target, within_sponsor
from registry.vocabulary.facilities import Grade, LimitKind
from registry.vocabulary.lifecycle import DataSet
from registry.vocabulary.products import Donor, ProductClass, Vector, WorkingMode


class Product(OwnedBySponsor, Sourced, Record):
    """A product of a sponsor, confidential until disclosed; `gmo_class` None with a vector = unknown, 0 = no GMO."""

    __tablename__ = "product"
    __table_args__ = (
        UniqueConstraint("data_set", "code"),
        UniqueConstraint("id", "organisation_id", "data_set"),
        sponsor_target(),
        ForeignKeyConstraint(["organisation_id", "data_set"], ["organisation.id", "organisation.data_set"]),
        CheckConstraint("gmo_class between 0 and 4", name="gmo_class_is_0_to_4"),
    )

    data_set: Mapped[DataSet]
    code: Mapped[str]
    working_name: Mapped[str]
    product_class: Mapped[ProductClass]
    cat_reference: Mapped[str | None]
    donor: Mapped[Donor]
    vector: Mapped[Vector]
    gmo_class: Mapped[int | None]
    family: Mapped[str]
    disclosed_on: Mapped[date | None]


class ProcessVersion(OwnedBySponsor, Sourced, Record):
    """One version of the process: platform, days a place is held, tests needed, preparatory runs needed."""

    __tablename__ = "process_version"
    __table_args__ = (
        sponsor_target(),
        within_sponsor("product_id", "product"),
        UniqueConstraint("product_id", "number"),
        CheckConstraint("stay_days >= 1", name="stay_is_positive"),
    )

    product_id: Mapped[UUID] = mapped_column(index=True)
    number: Mapped[int] = mapped_column(server_default=text("1"))
    platform: Mapped[str]
    stay_days: Mapped[int]
    clearance_days: Mapped[int | None]
    qc_methods: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    engineering_runs: Mapped[int | None]
    simulation_runs: Mapped[int | None]
    comparability_runs: Mapped[int | None]


class ProcessStep(OwnedBySponsor, Record):
    """One step: how it is protected, the least background grade, any one of these equipment classes."""

    __tablename__ = "process_step"
    __table_args__ = (
        within_sponsor("process_version_id", "process_version"),
        UniqueConstraint("process_version_id", "position"),
    )

    process_version_id: Mapped[UUID] = mapped_column(index=True)
    position: Mapped[int]
    mode: Mapped[WorkingMode | None]
    background: Mapped[Grade | None]
    equipment: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    days_held: Mapped[int | None]
    weekdays: Mapped[list[int]] = mapped_column(server_default=text("'{}'"))


class ProcessLoad(OwnedBySponsor, Record):
    """What a stay takes from a facility limit, `moment` as in the problem format; the delay in days only after the end."""

    __tablename__ = "process_load"
    __table_args__ = (
        within_sponsor("process_version_id", "process_version"),
        UniqueConstraint("process_version_id", "position"),
        CheckConstraint("moment in ('start', 'end', 'each', 'once')", name="moment_is_known"),
        CheckConstraint("delay_days >= 0 and (delay_days = 0 or moment = 'end')", name="delay_follows_the_end"),
        CheckConstraint("amount >= 1", name="amount_is_positive"),
    )

    process_version_id: Mapped[UUID] = mapped_column(index=True)
    position: Mapped[int]
    kind: Mapped[LimitKind]
    amount: Mapped[int]
    moment: Mapped[str]
    delay_days: Mapped[int] = mapped_column(server_default=text("0"))
