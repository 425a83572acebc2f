"""Staged disclosure: a sponsor and a facility are masked from each other until both consent; each step is an event.

Where a pair stands is read from the trail, which nobody can change. Each step writes an event for the side that acts
and one without readers besides auditors, which names both; once both consent, an event that both sides read.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, select, text
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.permissions import Permission, require
from registry.access.subject import OPERATOR, OrganisationId, Subject
from registry.errors import WrongStateError
from registry.models import AuditEvent, Facility, Organisation, Request
from registry.services.auditing import record_act
from registry.services.records import acting_for_a_moment, found

RECORD = "disclosure"


class Side(StrEnum):
    """Who takes a step."""

    SPONSOR = "sponsor"
    FACILITY = "facility"


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Where a request and a facility stand with each other; the names are told only once both consent."""

    request_id: UUID
    facility_id: UUID
    sponsor_consents: bool
    facility_consents: bool

    @property
    def disclosed(self) -> bool:
        """Whether both consent."""
        return self.sponsor_consents and self.facility_consents


@dataclass(frozen=True, slots=True)
class Names:
    """What each side learns of the other."""

    facility: str
    sponsor: str
    request: str


def disclosures_of_request(session: Session, subject: Subject, request_id: UUID) -> dict[UUID, Disclosure]:
    """Return where a request stands with each facility; to be asked for its sponsor's side, who is checked before."""
    return {one.facility_id: one for one in _read(session, subject, AuditEvent.record_id == request_id) if _begun(one)}


def disclosures_of_facility(session: Session, subject: Subject, facility_id: UUID) -> dict[UUID, Disclosure]:
    """Return where a facility stands with each request; to be asked for its own side, who is checked before."""
    return {
        one.request_id: one for one in _read(session, subject, AuditEvent.reason == str(facility_id)) if _begun(one)
    }


def names_of(session: Session, subject: Subject, pair: Disclosure) -> Names | None:
    """Return the names both sides learn, None while one of them does not consent."""
    if not pair.disclosed:
        return None
    with acting_for_a_moment(session, subject, OPERATOR):
        facility = session.scalar(select(Facility.name).where(Facility.id == pair.facility_id))
        asked = session.execute(
            select(Organisation.name, Request.label)
            .join(Organisation, Organisation.id == Request.organisation_id)
            .where(Request.id == pair.request_id)
        ).one_or_none()
    return None if facility is None or asked is None else Names(facility, *asked)


def consent_as_sponsor(
    session: Session, subject: Subject, request_id: UUID, facility_id: UUID, *, consents: bool
) -> Disclosure:
    """Let a facility learn who asks, or no longer, until it consents, too."""
    request = found(session, Request, request_id, visibility.requests(subject))
    require(subject, Permission.SUBMIT_REQUEST, OrganisationId(request.organisation_id))
    return _step(session, subject, Side.SPONSOR, request_id, facility_id, consents=consents)


def consent_as_facility(
    session: Session, subject: Subject, facility_id: UUID, request_id: UUID, *, consents: bool
) -> Disclosure:
    """Let the sponsor of a request learn which facility this is, or no longer, until it consents, too."""
    facility = found(session, Facility, facility_id, visibility.facilities(subject))
    require(subject, Permission.ANSWER_OFFER, OrganisationId(facility.organisation_id))
    return _step(session, subject, Side.FACILITY, request_id, facility_id, consents=consents)


def _step(
    session: Session, subject: Subject, side: Side, request_id: UUID, facility_id: UUID, *, consents: bool
) -> Disclosure:
    _wait_for_the_other_side(session, request_id, facility_id)
    before = _pair(session, subject, request_id, facility_id)
    if before.disclosed and not consents:
        raise WrongStateError("Both sides know each other already; that cannot be undone.")
    said = before.sponsor_consents if side is Side.SPONSOR else before.facility_consents
    if said == consents:
        return before
    with acting_for_a_moment(session, subject, OPERATOR):
        sponsor = session.scalars(select(Request.organisation_id).where(Request.id == request_id)).one()
        maker = session.scalars(select(Facility.organisation_id).where(Facility.id == facility_id)).one()
        word = "consent" if consents else "consent taken back"
        record_act(session, f"{side.value}: {word}", RECORD, request_id, reason=str(facility_id))
    own, key = (sponsor, request_id) if side is Side.SPONSOR else (maker, facility_id)
    record_act(session, f"disclosure: {word}", side.value, key, organisations=[own])
    after = _pair(session, subject, request_id, facility_id)
    if after.disclosed:
        record_act(session, "disclosed", "request", request_id, organisations=[sponsor, maker])
    return after


def _wait_for_the_other_side(session: Session, request_id: UUID, facility_id: UUID) -> None:
    """Let one side at a time look and step: what the other did before is seen, what it does next comes after us."""
    session.execute(
        text("select pg_advisory_xact_lock(hashtextextended(:pair, 0))"),
        {"pair": f"{RECORD} {request_id} {facility_id}"},
    )


def _pair(session: Session, subject: Subject, request_id: UUID, facility_id: UUID) -> Disclosure:
    which = (AuditEvent.record_id == request_id) & (AuditEvent.reason == str(facility_id))
    known = _read(session, subject, which)
    return known[0] if known else Disclosure(request_id, facility_id, sponsor_consents=False, facility_consents=False)


def _read(session: Session, subject: Subject, which: ColumnElement[bool]) -> list[Disclosure]:
    """Read the steps as the machine, which alone is told both sides of one that are still masked."""
    with acting_for_a_moment(session, subject, OPERATOR):
        events = session.execute(
            select(AuditEvent.record_id, AuditEvent.reason, AuditEvent.action)
            .where(AuditEvent.record_type == RECORD, AuditEvent.actor == OPERATOR.person, which)
            .order_by(AuditEvent.sequence)
        ).all()
    stands: dict[tuple[UUID, UUID], dict[Side, bool]] = {}
    for request_id, facility, action in events:
        assert request_id is not None
        side, _, word = action.partition(": ")
        stands.setdefault((request_id, UUID(facility)), {})[Side(side)] = word == "consent"
    return [
        Disclosure(request_id, facility_id, said.get(Side.SPONSOR, False), said.get(Side.FACILITY, False))
        for (request_id, facility_id), said in stands.items()
    ]


def _begun(one: Disclosure) -> bool:
    return one.sponsor_consents or one.facility_consents
