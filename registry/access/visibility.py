"""What a subject may see, as a condition on rows: one function an aggregate, and no other place does this.

Row-level security says the same once more inside the database; a test holds the two together.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from registry.access.subject import Subject
from registry.models import (
    ApiToken,
    AuditEvent,
    Booking,
    CentreQualification,
    Establishment,
    Facility,
    Membership,
    Organisation,
    OutboxMessage,
    Person,
    Placement,
    Product,
    Request,
    RequestCollaborator,
    Round,
    Run,
    Signature,
    Verdict,
)
from registry.vocabulary.lifecycle import Publication
from registry.vocabulary.roles import Role

Condition = ColumnElement[bool]
Owner = InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None]


def _own(subject: Subject, owner: Owner) -> Condition:
    return owner.in_(subject.organisations) if subject.organisations else false()


def _overseen(subject: Subject) -> Condition:
    return true() if subject.is_any(Role.COORDINATOR, Role.AUDITOR, Role.OPERATOR) else false()


def _administered(subject: Subject) -> Condition:
    return true() if subject.is_any(Role.ADMINISTRATOR, Role.OPERATOR) else false()


def organisations(_subject: Subject) -> Condition:
    """Name, country and kind of every organisation are public."""
    return Organisation.id.is_not(None)


def whole_organisations(subject: Subject) -> Condition:
    """Identifiers, mailbox and network: the organisation's own people, overseers, administrators."""
    return or_(_own(subject, Organisation.id), _overseen(subject), _administered(subject))


def facilities(subject: Subject) -> Condition:
    """Published ones; one's own; all of them for overseers."""
    published = Facility.publication == Publication.PUBLISHED
    return or_(published, _own(subject, Facility.organisation_id), _overseen(subject))


def with_facility(subject: Subject, row: type[Any]) -> Condition:
    """Sites and confirmations: wherever their facility is seen."""
    seen: Condition = row.facility_id.in_(select(Facility.id).where(facilities(subject)))
    return seen


def inside_facility(subject: Subject, row: type[Any]) -> Condition:
    """Suites, equipment, calendar, limits, permits, non-compliance, QP cover: the facility's own people, overseers."""
    return or_(_own(subject, row.organisation_id), _overseen(subject))


def shown_to_developers(subject: Subject, row: type[Any]) -> Condition:
    """Authorisations, scope lines, certificates, process experience, QC methods: also every developer."""
    if subject.is_any(Role.DEVELOPER):
        return or_(inside_facility(subject, row), with_facility(subject, row))
    return inside_facility(subject, row)


def acceptance_profiles(subject: Subject) -> Condition:
    """Campaigns, notice, share open to companies: whoever is inside the facility, and developers who see it."""
    if subject.is_any(Role.DEVELOPER):
        return facilities(subject)
    return inside_facility(subject, Facility)


def products(subject: Subject) -> Condition:
    """The sponsor's own people and overseers."""
    return of_sponsor(subject, Product)


def of_sponsor(subject: Subject, row: type[Any]) -> Condition:
    """Processes, material, preferences, exclusions: the sponsor's own people and overseers."""
    return or_(_own(subject, row.organisation_id), _overseen(subject))


def requests(subject: Subject) -> Condition:
    """The sponsor's own people, its collaborators on that request, and overseers."""
    shared = select(RequestCollaborator.request_id).where(_own(subject, RequestCollaborator.collaborator_id))
    return or_(_own(subject, Request.organisation_id), Request.id.in_(shared), _overseen(subject))


def with_request(subject: Subject, row: type[Any]) -> Condition:
    """Batches, places, material and attachments: wherever their request is seen."""
    seen: Condition = row.request_id.in_(select(Request.id).where(requests(subject)))
    return seen


def collaborators(subject: Subject) -> Condition:
    """The sponsor, the collaborator itself, and overseers."""
    return or_(of_sponsor(subject, RequestCollaborator), _own(subject, RequestCollaborator.collaborator_id))


def _parties(
    subject: Subject, row: type[CentreQualification | Establishment | Verdict | Placement] | type[Any]
) -> Condition:
    return or_(_own(subject, row.organisation_id), _own(subject, row.facility_organisation_id), _overseen(subject))


def establishments(subject: Subject) -> Condition:
    """Both parties of the pair, and overseers."""
    return _parties(subject, Establishment)


def of_pair(subject: Subject, row: type[Any]) -> Condition:
    """Stages, approvals and qualified centres: both parties, and overseers."""
    return _parties(subject, row)


def bookings(subject: Subject) -> Condition:
    """The facility, the sponsor whose stay it is, and overseers."""
    return or_(_own(subject, Booking.organisation_id), _own(subject, Booking.sponsor_id), _overseen(subject))


def rounds(_subject: Subject) -> Condition:
    """Times and states of rounds are public."""
    return Round.id.is_not(None)


def runs(subject: Subject) -> Condition:
    """Overseers only; parties see their own verdicts and placements."""
    return Run.id.is_not(None) & _overseen(subject)


def verdicts(subject: Subject) -> Condition:
    """The sponsor, the facility for its side, and overseers."""
    return _parties(subject, Verdict)


def placements(subject: Subject) -> Condition:
    """The sponsor, the facility, and overseers."""
    return _parties(subject, Placement)


def persons(subject: Subject) -> Condition:
    """Oneself, colleagues, delegates of one's networks, and everybody for those who run the platform."""
    if subject.is_any(Role.ADMINISTRATOR, Role.OPERATOR, Role.AUDITOR, Role.COORDINATOR):
        return Person.id.is_not(None)
    colleagues = select(Membership.person_id).where(
        or_(_own(subject, Membership.organisation_id), _own_network(subject))
    )
    return or_(Person.id == subject.person, Person.id.in_(colleagues))


def memberships(subject: Subject) -> Condition:
    """One's own, those in one's organisations and networks, and all for those who run the platform."""
    if subject.is_any(Role.ADMINISTRATOR, Role.OPERATOR, Role.AUDITOR, Role.COORDINATOR):
        return Membership.id.is_not(None)
    return or_(Membership.person_id == subject.person, _own(subject, Membership.organisation_id), _own_network(subject))


def _own_network(subject: Subject) -> Condition:
    """Roles in networks that organisations of the subject belong to."""
    networks = select(Organisation.network_id).where(_own(subject, Organisation.id))
    return Membership.network_id.in_(networks)


def tokens(subject: Subject) -> Condition:
    """One's own, and all for administrators; only their hashes exist."""
    return or_(ApiToken.person_id == subject.person, _administered(subject))


def signatures(subject: Subject) -> Condition:
    """One's own, those of one's organisations, and all for overseers."""
    return or_(Signature.signer_id == subject.person, _own(subject, Signature.organisation_id), _overseen(subject))


def messages(subject: Subject) -> Condition:
    """Those to oneself and to one's organisations; the account of the machine delivers them all."""
    if subject.is_any(Role.OPERATOR):
        return OutboxMessage.id.is_not(None)
    return or_(OutboxMessage.person_id == subject.person, _own(subject, OutboxMessage.organisation_id))


def trail(subject: Subject) -> Condition:
    """Auditors read all of it, others what they did and what happened to records of their organisations."""
    if subject.is_any(Role.AUDITOR, Role.OPERATOR):
        return AuditEvent.sequence.is_not(None)
    if subject.person is None:
        return false()
    own = AuditEvent.organisations.overlap(sorted(subject.organisations)) if subject.organisations else false()
    return or_(own, AuditEvent.actor == subject.person)
