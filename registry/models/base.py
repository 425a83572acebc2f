"""What every record has: a random key, a version, who created and changed it when, and where it came from.

The database fills version, created and changed (trigger `stamp_record`) and writes one audit event for every
changed row (trigger `trail_record`), so that nothing written past the services escapes either.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, DateTime, Enum, FetchedValue, Integer, LargeBinary, MetaData, Text, event, inspect, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, UOWTransaction, declared_attr, mapped_column

from registry.vocabulary.lifecycle import Source

NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


class Base(DeclarativeBase):
    """The declarative base: named constraints, text without lengths, aware instants, closed word lists."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        bytes: LargeBinary,
        datetime: DateTime(timezone=True),
        StrEnum: Enum(
            StrEnum,
            native_enum=False,
            create_constraint=True,
            length=40,
            values_callable=lambda words: [word.value for word in words],
        ),
        list[str]: ARRAY(Text),
        list[int]: ARRAY(Integer),
        dict[str, Any]: JSONB,
        list[dict[str, Any]]: JSONB,
    }


class Record(Base):
    """A row with a key, a version that counts its changes (ETag), and who made and changed it when.

    `created_by` and `changed_by` are opaque keys of persons, without a foreign key: they outlive the name.
    """

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(
        primary_key=True, default=uuid4, server_default=text("gen_random_uuid()"), sort_order=-20
    )
    version: Mapped[int] = mapped_column(server_default=text("1"), sort_order=20)
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"), sort_order=21)
    created_by: Mapped[UUID | None] = mapped_column(server_default=text("app_person()"), sort_order=22)
    changed_at: Mapped[datetime] = mapped_column(
        server_default=text("now()"), server_onupdate=FetchedValue(), sort_order=23
    )
    changed_by: Mapped[UUID | None] = mapped_column(
        server_default=text("app_person()"), server_onupdate=FetchedValue(), sort_order=24
    )

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__table__.c.version}


class Sourced:
    """Where a fact came from and who stands for it; `invented` facts live only in rehearsals."""

    DECIDED: ClassVar[frozenset[str]] = frozenset()
    """Columns of the table that say what was done with the record: no facts that came in."""

    source: Mapped[Source] = mapped_column(server_default=Source.TYPED.value, sort_order=10)
    source_note: Mapped[str | None] = mapped_column(sort_order=11)
    """Address or reference of the source, where there is one."""
    confirmed_by: Mapped[UUID | None] = mapped_column(sort_order=12)
    confirmed_on: Mapped[date | None] = mapped_column(sort_order=13)
    invented: Mapped[bool] = mapped_column(server_default=text("false"), sort_order=14)


BY = "source"
"""Under this key `Session.info` says how the facts written in it come in, where that is not by being typed."""
STANDS_BESIDE = frozenset({"source", "source_note", "confirmed_by", "confirmed_on"})
"""Columns of a sourced row that are no facts that came in."""


@event.listens_for(Session, "before_flush")
def _say_how_it_came(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    """Give every fact that is new or changed the source of its session; one that names another keeps it."""
    by = session.info.get(BY)
    if by is None:
        return
    for row in session.new:
        if isinstance(row, Sourced) and row.source in (None, Source.TYPED):
            row.source = by
    for row in session.dirty:
        if isinstance(row, Sourced) and _changed(row):
            row.source = by


def _changed(row: Sourced) -> bool:
    """Whether facts of a row were changed, and nobody said how they came but that they were typed."""
    said = inspect(row).attrs["source"].history
    if said.has_changes() and row.source is not Source.TYPED:
        return False
    changed = {one.key for one in inspect(row).attrs if one.history.has_changes()}
    return said.has_changes() or bool(changed - STANDS_BESIDE - row.DECIDED)


class Dated:
    """Facts that age: from `valid_from` (in) to `valid_to` (out); None as end means without a known end."""

    valid_from: Mapped[date | None] = mapped_column(sort_order=8)
    valid_to: Mapped[date | None] = mapped_column(sort_order=9)
