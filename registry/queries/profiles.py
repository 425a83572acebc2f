"""What a facility says of itself beyond the public line: all of it for those inside, whom it serves for developers."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import Facility
from registry.vocabulary.facilities import ServiceModel


@dataclass(frozen=True, slots=True)
class AcceptanceProfile:
    """What a facility takes on: `families` None = any process family; campaigns in batches, None = not stated."""

    facility_id: UUID
    service_model: ServiceModel
    families: tuple[str, ...] | None
    smallest_campaign: int | None
    largest_campaign: int | None
    notice_days: int | None
    new_products_a_year: int | None
    open_to_companies: bool | None
    company_share_percent: int | None


def full_facility(session: Session, subject: Subject, facility_id: UUID) -> Facility | None:
    """Return all that is recorded of a facility, for its own people and overseers; else None."""
    question = select(Facility).where(Facility.id == facility_id, visibility.inside_facility(subject, Facility))
    return session.scalars(question).one_or_none()


def acceptance_profile(session: Session, subject: Subject, facility_id: UUID) -> AcceptanceProfile | None:
    """Return whom a facility serves and what it accepts, for developers, its own people and overseers; else None."""
    question = select(Facility).where(Facility.id == facility_id, visibility.acceptance_profiles(subject))
    row = session.scalars(question).one_or_none()
    if row is None:
        return None
    return AcceptanceProfile(
        row.id,
        row.service_model,
        None if row.families is None else tuple(row.families),
        row.smallest_campaign,
        row.largest_campaign,
        row.notice_days,
        row.new_products_a_year,
        row.open_to_companies,
        row.company_share_percent,
    )
