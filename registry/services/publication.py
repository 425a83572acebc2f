"""Who beyond its own people finds a facility: draft, scheduled, published, withdrawn."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.permissions import Permission, may, require
from registry.access.subject import OrganisationId, Subject
from registry.errors import InvalidInputError
from registry.models import Facility, Organisation, Site
from registry.services.facilities import Seen
from registry.services.records import check_version, facility_for, found, keep
from registry.vocabulary.facilities import ServiceModel
from registry.vocabulary.lifecycle import PUBLICATION_MOVES, Publication


@dataclass(frozen=True, slots=True)
class PossibleMove:
    """A state of publication a facility can be moved to, and what it lacks for that; nothing missing = now."""

    to: Publication
    missing: tuple[str, ...]
    needs_day: bool
    needs_reason: bool


def possible_moves(session: Session, subject: Subject, facility_id: UUID) -> tuple[PossibleMove, ...]:
    """Return the moves of publication the subject may make for a facility, none when it may make none."""
    facility = found(session, Facility, facility_id, visibility.facilities(subject))
    if not may(subject, Permission.EDIT_FACILITY, OrganisationId(facility.organisation_id)):
        return ()
    return tuple(
        PossibleMove(
            to,
            tuple(_unready(session, facility, to)),
            needs_day=to is Publication.SCHEDULED,
            needs_reason=to is Publication.WITHDRAWN,
        )
        for to in sorted(PUBLICATION_MOVES[facility.publication])
    )


def move_publication(
    session: Session,
    subject: Subject,
    seen: Seen,
    to: Publication,
    *,
    today: date,
    publish_on: date | None = None,
    reason: str = "",
) -> Facility:
    """Move a facility to another state of publication; `publish_on` only for *scheduled*, a day after today.

    A refusal names everything that is missing. To withdraw needs a reason.
    """
    facility = facility_for(session, subject, seen.id, Permission.EDIT_FACILITY)
    check_version(facility, seen.version)
    unready = (f"to: {text}" for text in _unready(session, facility, to))
    wrong = (*_move_faults(facility, to, today, publish_on, reason), *unready)
    if wrong:
        words = "; ".join(fault.partition(": ")[2] for fault in wrong)
        raise InvalidInputError(f"The facility stays {facility.publication}: {words}.", "Do these first.", wrong)
    facility.publication = to
    facility.publish_on = publish_on if to is Publication.SCHEDULED else facility.publish_on
    keep(session, f"publication: {to.value}", reason)
    return facility


def publish_due(session: Session, subject: Subject, today: date) -> list[Facility]:
    """Publish every scheduled facility whose day has come; one that is no longer ready stays scheduled."""
    require(subject, Permission.MANAGE_SYSTEM)
    due = session.scalars(
        select(Facility)
        .where(Facility.publication == Publication.SCHEDULED, Facility.publish_on <= today)
        .order_by(Facility.code)
        .with_for_update()
    ).all()
    ready = [facility for facility in due if not _unready(session, facility, Publication.PUBLISHED)]
    for facility in ready:
        facility.publication = Publication.PUBLISHED
    keep(session, "publication: published", "its day has come")
    return ready


def _move_faults(facility: Facility, to: Publication, today: date, publish_on: date | None, reason: str) -> list[str]:
    faults = []
    possible = PUBLICATION_MOVES[facility.publication]
    if to not in possible:
        words = " or ".join(sorted(state.value for state in possible))
        faults.append(f"to: from {facility.publication.value} it can become {words}, not {to.value}")
    if to is Publication.SCHEDULED and (publish_on is None or publish_on <= today):
        faults.append("publish_on: a scheduled facility needs a day after today")
    if to is not Publication.SCHEDULED and publish_on is not None:
        faults.append("publish_on: a day is given only to schedule")
    if to is Publication.WITHDRAWN and not reason.strip():
        faults.append("reason: to withdraw needs a reason")
    return faults


def _unready(session: Session, facility: Facility, to: Publication) -> list[str]:
    """What a facility lacks to be found by others."""
    if to not in (Publication.SCHEDULED, Publication.PUBLISHED):
        return []
    faults = []
    sites = session.scalars(select(Site).where(Site.facility_id == facility.id)).all()
    if not any(site.latitude is not None for site in sites):
        faults.append("it has no site with a place on the map")
    if facility.service_model is ServiceModel.UNKNOWN:
        faults.append("it does not say whom it serves")
    mailbox = session.scalar(select(Organisation.mailbox).where(Organisation.id == facility.organisation_id))
    if mailbox is None:
        faults.append("its organisation has no mailbox to be reached at")
    return faults
