"""Legal entities and the networks they belong to."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Record, Sourced
from registry.vocabulary.facilities import OrganisationKind
from registry.vocabulary.lifecycle import DataSet


class Network(Record):
    """Organisations that let a delegate see and act for them."""

    __tablename__ = "network"

    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]


class Organisation(Sourced, Record):
    """A legal entity: it sponsors requests, owns facilities, holds authorisations.

    `code` is the short stable name inside the data set; `mailbox` is nobody's person.
    """

    __tablename__ = "organisation"
    __table_args__ = (
        UniqueConstraint("data_set", "code"),
        UniqueConstraint("id", "data_set"),
        CheckConstraint("country ~ '^[A-Z]{2}$'", name="country_is_iso_3166"),
        CheckConstraint("oms_org_id ~ '^ORG-[0-9]{9}$'", name="oms_org_id_has_its_form"),
        CheckConstraint("ror_id ~ '^0[a-hj-km-np-tv-z0-9]{6}[0-9]{2}$'", name="ror_id_has_its_form"),
    )

    data_set: Mapped[DataSet]
    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[OrganisationKind]
    country: Mapped[str]
    network_id: Mapped[UUID | None] = mapped_column(ForeignKey("network.id"))
    oms_org_id: Mapped[str | None]
    ror_id: Mapped[str | None]
    mailbox: Mapped[str | None]
