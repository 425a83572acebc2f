"""Who can see a confidential record, and who saw it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import AuditEvent, Facility, Network, Organisation, Person, Request, RequestCollaborator
from registry.queries.trail import Reached, earlier

OVERSEERS = ("coordinators", "auditors", "the operator of this machine")


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who can see the record, and why; an organisation means all of its people."""

    who: str
    why: str
    organisation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Sighting:
    """Somebody outside the organisation read the record, or the part of it that `what` names.

    `name` only where the reader may know it: colleagues, delegates of the own networks, and all for overseers.
    """

    at: datetime
    actor: UUID | None
    name: str | None
    role: str
    what: str


def viewers_of_request(session: Session, subject: Subject, request_id: UUID) -> list[Viewer]:
    """Return who can see a request, as far as the subject sees the request itself."""
    owner = session.scalar(
        select(Request.organisation_id).where(visibility.requests(subject), Request.id == request_id)
    )
    if owner is None:
        return []
    shared = session.execute(
        select(Organisation.id, Organisation.name)
        .join(RequestCollaborator, RequestCollaborator.collaborator_id == Organisation.id)
        .where(visibility.collaborators(subject), RequestCollaborator.request_id == request_id)
        .order_by(Organisation.name)
    )
    collaborators = [Viewer(name, "collaborates on the request", key) for key, name in shared]
    return [*_side(session, owner, "asks"), *collaborators, *_overseers()]


def viewers_of_facility(session: Session, subject: Subject, facility_id: UUID) -> list[Viewer]:
    """Return who can see what is inside a facility, as far as the subject sees it itself."""
    owner = session.scalar(
        select(Facility.organisation_id).where(
            visibility.inside_facility(subject, Facility), Facility.id == facility_id
        )
    )
    if owner is None:
        return []
    developers = Viewer(
        "developers", "kind, scope and validity of licences, experience, QC methods, classes certified, profile"
    )
    return [*_side(session, owner, "owns the facility"), developers, *_overseers()]


def sightings(
    session: Session, subject: Subject, record_type: str, record_id: UUID, *, before: Reached | None, limit: int
) -> Sequence[Sighting]:
    """Return who read a record, newest first, those not reached yet if some were."""
    question = (
        select(AuditEvent, Person.name, Person.code)
        .outerjoin(Person, (Person.id == AuditEvent.actor) & visibility.persons(subject))
        .where(
            visibility.trail(subject),
            AuditEvent.action == "read",
            AuditEvent.record_type == record_type,
            AuditEvent.record_id == record_id,
        )
    )
    return [
        Sighting(event.occurred_at, event.actor, name or code, event.role, event.reason or record_type)
        for event, name, code in session.execute(earlier(question, before).limit(limit))
    ]


def _side(session: Session, owner: UUID, why: str) -> list[Viewer]:
    name, network = session.execute(
        select(Organisation.name, Network.name)
        .outerjoin(Network, Network.id == Organisation.network_id)
        .where(Organisation.id == owner)
    ).one()
    delegates = [] if network is None else [Viewer(f"delegates of {network}", "act for its members")]
    return [Viewer(name, why, owner), *delegates]


def _overseers() -> list[Viewer]:
    return [Viewer(who, "oversees the platform") for who in OVERSEERS]
