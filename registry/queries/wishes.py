"""What only a sponsor's side reads: preferences, exclusions, lots and collection centres."""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import (
    CentreQualification,
    CollectionCentre,
    MaterialLot,
    RequestExclusion,
    RequestMaterial,
    RequestPreference,
)

Row = TypeVar("Row", MaterialLot, CollectionCentre)


def excluded_by(session: Session, subject: Subject, request_id: UUID) -> list[UUID]:
    """Return the facilities a sponsor does not want, for its own side."""
    question = select(RequestExclusion.facility_id).where(
        visibility.of_sponsor(subject, RequestExclusion), RequestExclusion.request_id == request_id
    )
    return sorted(session.scalars(question))


def preferred_by(session: Session, subject: Subject, request_id: UUID) -> list[UUID]:
    """Return the facilities a sponsor wants, the best first, for its own side."""
    question = select(RequestPreference.facility_id).where(
        visibility.of_sponsor(subject, RequestPreference), RequestPreference.request_id == request_id
    )
    return list(session.scalars(question.order_by(RequestPreference.value, RequestPreference.facility_id)))


def lots_of(session: Session, subject: Subject, request_id: UUID) -> list[UUID]:
    """Return the lots the batches of a request need, wherever the request is seen."""
    question = select(RequestMaterial.material_lot_id).where(
        visibility.with_request(subject, RequestMaterial), RequestMaterial.request_id == request_id
    )
    return sorted(session.scalars(question))


def list_material(
    session: Session, subject: Subject, table: type[Row], *, after: tuple[str, UUID] | None, limit: int
) -> Sequence[Row]:
    """Return lots, or collection centres, the subject may see, by code, those after the key (code, id)."""
    question = select(table).where(visibility.of_sponsor(subject, table))
    if after is not None:
        question = question.where(tuple_(table.code, table.id) > tuple_(*after))
    return session.scalars(question.order_by(table.code, table.id).limit(limit)).all()


def one_material(session: Session, subject: Subject, table: type[Row], key: UUID) -> Row | None:
    """Return a lot, or a collection centre, the subject may see; None when there is none."""
    of: Any = table
    found: Row | None = session.scalars(
        select(table).where(visibility.of_sponsor(subject, table), of.id == key)
    ).one_or_none()
    return found


def qualified_at(session: Session, subject: Subject, centre_id: UUID) -> Sequence[CentreQualification]:
    """Return which facilities have qualified a collection centre, as far as the subject may know."""
    question = select(CentreQualification).where(
        visibility.of_pair(subject, CentreQualification), CentreQualification.centre_id == centre_id
    )
    return session.scalars(question.order_by(CentreQualification.facility_id)).all()
