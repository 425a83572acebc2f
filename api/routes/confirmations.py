"""What a facility stands for: the calendar is still true, the legal record is attested; and what a change would hit."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from api.allowed import with_calendar
from api.dependencies import SignedInDep
from api.facility_records import inside
from api.idempotency import OnceDep
from api.problems import CREATING, READING, answers
from api.schemas.calendar import (
    AttestationBody,
    ClosureImpact,
    ConfirmationBody,
    ConfirmationFull,
    FreshnessOfCalendar,
    ImpactAnswer,
    ImpactDays,
)
from api.signing import prove
from registry.errors import NotVisibleError
from registry.models import Certificate, Permit, QpCover
from registry.queries.attestation import AttestationState, attestation_of, legal_record
from registry.queries.confirmations import calendar_freshness
from registry.queries.facilities import owner_of_facility
from registry.queries.impact import (
    Impact,
    impact_of_closure,
    impact_of_expiry,
    impact_of_outage,
    impact_of_suspension,
)
from registry.services.confirmations import attest, still_true
from registry.vocabulary.lifecycle import ConfirmationSubject
from registry.vocabulary.periods import Days

router = APIRouter(tags=["confirmations"])
ASKING = answers("malformed-body", "body-too-large", *READING)


class LegalDocument(BaseModel):
    """Every legal fact of a facility as QA is shown it, the hash a signature names, and whether it is attested."""

    content: dict[str, Any]
    content_sha256: str
    state: AttestationState


@router.get("/facilities/{facility_id}/freshness", responses=answers(*READING))
def read_freshness(facility_id: UUID, work: SignedInDep) -> FreshnessOfCalendar:
    """Read how current the calendar of a facility is."""
    found = calendar_freshness(work.session, work.subject, facility_id, datetime.now(UTC).date())
    if found is None:
        raise NotVisibleError("There is no such facility.")
    owner = owner_of_facility(work.session, work.subject, facility_id)
    actions = [] if owner is None else with_calendar(work.subject, owner)
    return FreshnessOfCalendar.model_validate(found).model_copy(update={"actions": actions})


@router.post(
    "/facilities/{facility_id}/confirmations",
    status_code=201,
    response_model=ConfirmationFull,
    responses=answers(*CREATING, "not-found"),
)
def confirm_still_true(facility_id: UUID, body: ConfirmationBody, once: OnceDep) -> Response:
    """Say that the calendar is still true; a second time on one day changes nothing."""
    session, subject = once.work.session, once.work.subject
    today = datetime.now(UTC).date()

    def make() -> ConfirmationFull:
        return ConfirmationFull.model_validate(still_true(session, subject, facility_id, today, reason=body.reason))

    return once.answer(body, make)


@router.get("/facilities/{facility_id}/legal-record", responses=answers(*READING, "not-allowed"))
def read_legal_record(facility_id: UUID, work: SignedInDep) -> LegalDocument:
    """Read the legal record as QA signs it, for the facility's own people and overseers."""
    inside(work, facility_id)
    record = legal_record(work.session, work.subject, facility_id)
    if record is None:
        raise NotVisibleError("There is no such facility.")
    state = attestation_of(work.session, work.subject, facility_id, datetime.now(UTC).date()).state
    return LegalDocument(content=dict(record.content), content_sha256=record.sha256, state=state)


@router.post(
    "/facilities/{facility_id}/attestations",
    status_code=201,
    response_model=ConfirmationFull,
    responses=answers(*CREATING, "not-found", "too-many-attempts"),
)
def attest_legal_record(request: Request, facility_id: UUID, body: AttestationBody, once: OnceDep) -> Response:
    """Attest the legal record for a year with a signature on what was shown; refused when it has changed since."""
    work = once.work
    today = datetime.now(UTC).date()

    def make() -> ConfirmationFull:
        proof = prove(request, work, body.password, body.content_sha256)
        attest(work.session, work.subject, facility_id, proof, today=today, reason=body.reason)
        return ConfirmationFull(subject=ConfirmationSubject.LEGAL, confirmed_on=today)

    return once.answer(body.without_secrets(), make)


@router.post("/facilities/{facility_id}/impact", responses=ASKING)
def preview_closure(facility_id: UUID, body: ClosureImpact, work: SignedInDep) -> ImpactAnswer:
    """Read what a closure would hit before it is recorded; nothing is kept."""
    days = Days(body.starts, body.ends)
    return _told(impact_of_closure(work.session, work.subject, facility_id, body.suite_id, [days]))


@router.post("/equipment/{equipment_id}/impact", responses=ASKING)
def preview_outage(equipment_id: UUID, body: ImpactDays, work: SignedInDep) -> ImpactAnswer:
    """Read what the outage of equipment would hit; nothing is kept."""
    return _told(impact_of_outage(work.session, work.subject, equipment_id, Days(body.starts, body.ends)))


@router.post("/authorisations/{authorisation_id}/impact", responses=ASKING)
def preview_suspension(authorisation_id: UUID, body: ImpactDays, work: SignedInDep) -> ImpactAnswer:
    """Read what rests on an authorisation on days on which it would be suspended; nothing is kept."""
    return _told(impact_of_suspension(work.session, work.subject, authorisation_id, Days(body.starts, body.ends)))


@router.post("/certificates/{certificate_id}/impact", responses=ASKING)
def preview_end_of_certificate(certificate_id: UUID, body: ImpactDays, work: SignedInDep) -> ImpactAnswer:
    """Read what rests on a certificate on days without it; nothing is kept."""
    days = Days(body.starts, body.ends)
    return _told(impact_of_expiry(work.session, work.subject, Certificate, certificate_id, days))


@router.post("/permits/{permit_id}/impact", responses=ASKING)
def preview_end_of_permit(permit_id: UUID, body: ImpactDays, work: SignedInDep) -> ImpactAnswer:
    """Read what rests on a permit on days without it; nothing is kept."""
    return _told(impact_of_expiry(work.session, work.subject, Permit, permit_id, Days(body.starts, body.ends)))


@router.post("/qp-covers/{cover_id}/impact", responses=ASKING)
def preview_end_of_cover(cover_id: UUID, body: ImpactDays, work: SignedInDep) -> ImpactAnswer:
    """Read what rests on the cover by a Qualified Person on days without it; nothing is kept."""
    return _told(impact_of_expiry(work.session, work.subject, QpCover, cover_id, Days(body.starts, body.ends)))


def _told(impact: Impact | None) -> ImpactAnswer:
    if impact is None:
        raise NotVisibleError("There is no such record.")
    return ImpactAnswer.model_validate(impact)
