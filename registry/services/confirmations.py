"""Two hats: the planner says that the calendar is still true, QA attests the legal record once a year."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.access.permissions import Permission
from registry.access.subject import Subject
from registry.errors import NotVisibleError
from registry.models import Confirmation, Facility, Signature
from registry.queries.attestation import legal_record
from registry.services.records import facility_for, keep, owner_of, person_of
from registry.services.signatures import Reauthenticated, sign
from registry.vocabulary.lifecycle import ConfirmationSubject, SignatureMeaning
from registry.vocabulary.roles import Role


def still_true(session: Session, subject: Subject, facility_id: UUID, today: date, *, reason: str = "") -> Confirmation:
    """Confirm the calendar of a facility as it stands; a second time on one day changes nothing."""
    facility = facility_for(session, subject, facility_id, Permission.CONFIRM_CALENDAR)
    confirmation = confirm_calendar(session, subject, facility, today)
    keep(session, "calendar still true", reason)
    return confirmation


def confirm_calendar(session: Session, subject: Subject, facility: Facility, today: date) -> Confirmation:
    """Return today's confirmation of the calendar, a new one unless there is one."""
    known = session.scalars(
        select(Confirmation).where(
            Confirmation.facility_id == facility.id,
            Confirmation.subject == ConfirmationSubject.CALENDAR,
            Confirmation.confirmed_on == today,
        )
    ).first()
    if known is not None:
        return known
    made = Confirmation(
        **owner_of(facility),
        subject=ConfirmationSubject.CALENDAR,
        confirmed_on=today,
        confirmed_by=person_of(subject),
    )
    session.add(made)
    return made


def attest(
    session: Session, subject: Subject, facility_id: UUID, proof: Reauthenticated, *, today: date, reason: str
) -> Signature:
    """Let QA sign the legal record as it was shown, and so attest it for a year.

    The proof is bound to the SHA-256 of what was shown: refused when the record has changed since.
    """
    facility = facility_for(session, subject, facility_id, Permission.ATTEST_LICENCES)
    record = legal_record(session, subject, facility.id)
    if record is None:
        raise NotVisibleError("There is no such legal record, or you may not see it.")
    signature = sign(
        session,
        subject,
        proof,
        record_type="facility",
        record_id=facility.id,
        record_version=facility.version,
        content=record.content,
        meaning=SignatureMeaning.RESPONSIBILITY,
        role=Role.QA,
        reason=reason,
        organisation_id=facility.organisation_id,
    )
    session.add(
        Confirmation(
            **owner_of(facility),
            subject=ConfirmationSubject.LEGAL,
            confirmed_on=today,
            confirmed_by=signature.signer_id,
            signature_id=signature.id,
        )
    )
    facility.confirmed_by, facility.confirmed_on = signature.signer_id, today
    keep(session, "attest legal record", reason)
    return signature
