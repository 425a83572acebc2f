"""Which facility has qualified which collection centre, and until when: entered by the sponsor, read by both."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.permissions import Permission, require
from registry.access.subject import OrganisationId, Subject
from registry.models import CentreQualification, CollectionCentre, Facility
from registry.services.records import found, keep


def qualify_centre(
    session: Session, subject: Subject, centre_id: UUID, facility_id: UUID, until: date | None
) -> CentreQualification:
    """Record until when (out, None = no end is known) a facility has qualified a centre; both parties read it."""
    centre = _own(session, subject, centre_id)
    facility = found(session, Facility, facility_id, visibility.facilities(subject))
    row = _known(session, centre.id, facility.id)
    if row is None:
        row = CentreQualification(
            organisation_id=centre.organisation_id,
            centre_id=centre.id,
            facility_id=facility.id,
            facility_organisation_id=facility.organisation_id,
        )
        session.add(row)
    row.until = until
    keep(session, "qualify collection centre", "")
    return row


def unqualify_centre(session: Session, subject: Subject, centre_id: UUID, facility_id: UUID) -> None:
    """Take it back that a facility has qualified a centre; what is not there is left so."""
    centre = _own(session, subject, centre_id)
    row = _known(session, centre.id, facility_id)
    if row is not None:
        session.delete(row)
        keep(session, "unqualify collection centre", "")


def _own(session: Session, subject: Subject, centre_id: UUID) -> CollectionCentre:
    centre = found(session, CollectionCentre, centre_id, visibility.of_sponsor(subject, CollectionCentre))
    require(subject, Permission.EDIT_PRODUCT, OrganisationId(centre.organisation_id))
    return centre


def _known(session: Session, centre_id: UUID, facility_id: UUID) -> CentreQualification | None:
    question = select(CentreQualification).where(
        CentreQualification.centre_id == centre_id, CentreQualification.facility_id == facility_id
    )
    return session.scalars(question).one_or_none()
