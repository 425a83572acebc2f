"""What ends soon, facility by facility: for everybody inside, a page of facilities at a time."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import Facility
from registry.queries.expiry import Expiry, expiring
from registry.vocabulary.lifecycle import DataSet


@dataclass(frozen=True, slots=True)
class Ending:
    """A facility and what of it ends within 180 days or has ended, the next first."""

    facility_id: UUID
    facility: str
    ends: tuple[Expiry, ...]


def list_ending(
    session: Session, subject: Subject, data_set: DataSet, today: date, *, after: tuple[str, UUID] | None, limit: int
) -> list[Ending]:
    """Return, by name, the facilities the subject is inside of, each with what ends; those after the key (name, id)."""
    question = select(Facility.id, Facility.name).where(
        visibility.inside_facility(subject, Facility), Facility.data_set == data_set
    )
    if after is not None:
        question = question.where(tuple_(Facility.name, Facility.id) > tuple_(*after))
    rows = session.execute(question.order_by(Facility.name, Facility.id).limit(limit)).all()
    return [Ending(key, name, tuple(expiring(session, subject, key, today))) for key, name in rows]
