"""Legal facts of a facility: authorisations, certificates, statements of non-compliance, permits; and their attestation."""

from datetime import UTC, date, datetime
from typing import TypeVar
from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.allowed import of_owner
from api.dependencies import SignedInDep, Work
from api.facility_records import inside, one_seen
from api.idempotency import OnceDep
from api.paging import PageDep, as_made, in_pages
from api.preconditions import VersionDep, tag
from api.problems import CHANGING, CREATING, READING, REMOVAL, answers
from api.schemas.legal import (
    AuthorisationBody,
    AuthorisationFull,
    CertificateBody,
    CertificateFull,
    NonComplianceBody,
    NonComplianceFull,
    PermitBody,
    PermitFull,
)
from api.schemas.page import Page
from registry.access.permissions import Permission
from registry.models import Authorisation, Certificate, NonCompliance, Permit
from registry.queries.premises import records_of, scope_of, suites_of
from registry.services.facilities import Seen
from registry.services.licences import (
    change_authorisation,
    change_evidence,
    record_authorisation,
    record_evidence,
)
from registry.services.removing import remove_legal_record

router = APIRouter(tags=["licences"])
Form = TypeVar("Form", CertificateFull, NonComplianceFull, PermitFull)
Evidence = Certificate | NonCompliance | Permit
MAKING = answers(*CREATING, "not-found", "rule-broken")
REMOVING = answers(*REMOVAL, "wrong-state")


@router.get("/facilities/{facility_id}/authorisations", responses=answers(*READING, "not-allowed"))
def list_authorisations(
    request: Request, response: Response, facility_id: UUID, work: SignedInDep, page: PageDep
) -> Page[AuthorisationFull]:
    """List what is recorded of this kind for a facility, for its own people, overseers and developers."""
    inside(work, facility_id, developers=True)
    found = records_of(work.session, work.subject, Authorisation, facility_id)
    shown = in_pages(request, response, page, found, as_made)
    return Page[AuthorisationFull](items=[_authorisation(work, row) for row in shown])


@router.post("/sites/{site_id}/authorisations", status_code=201, response_model=AuthorisationFull, responses=MAKING)
def create_authorisation(site_id: UUID, body: AuthorisationBody, once: OnceDep) -> Response:
    """Record an authorisation."""
    work = once.work

    def make() -> AuthorisationFull:
        made = record_authorisation(
            work.session, work.subject, site_id, body.facts(), today=_today(), reason=body.reason
        )
        return _authorisation(work, made)

    return once.answer(body, make)


@router.get("/authorisations/{authorisation_id}", responses=answers(*READING))
def read_authorisation(authorisation_id: UUID, work: SignedInDep, response: Response) -> AuthorisationFull:
    """Read an authorisation; the ETag is needed to change it."""
    row = one_seen(work, Authorisation, authorisation_id)
    tag(response, row.version)
    return _authorisation(work, row)


@router.put("/authorisations/{authorisation_id}", responses=answers(*CHANGING))
def replace_authorisation(
    authorisation_id: UUID, body: AuthorisationBody, work: SignedInDep, seen: VersionDep, response: Response
) -> AuthorisationFull:
    """Replace what is recorded; a change needs a reason."""
    changed = change_authorisation(
        work.session, work.subject, Seen(authorisation_id, seen), body.facts(), today=_today(), reason=body.reason
    )
    tag(response, changed.version)
    return _authorisation(work, changed)


@router.delete("/authorisations/{authorisation_id}", status_code=204, responses=REMOVING)
def delete_authorisation(authorisation_id: UUID, work: SignedInDep, seen: VersionDep) -> None:
    """Take an authorisation back that QA has not attested yet (409: it is ended instead); the trail keeps it."""
    remove_legal_record(work.session, work.subject, Authorisation, Seen(authorisation_id, seen))


@router.get("/facilities/{facility_id}/certificates", responses=answers(*READING, "not-allowed"))
def list_certificates(
    request: Request, response: Response, facility_id: UUID, work: SignedInDep, page: PageDep
) -> Page[CertificateFull]:
    """List what is recorded of this kind for a facility, for its own people, overseers and developers."""
    inside(work, facility_id, developers=True)
    found = records_of(work.session, work.subject, Certificate, facility_id)
    shown = in_pages(request, response, page, found, as_made)
    return Page[CertificateFull](items=[_shown(work, CertificateFull, row) for row in shown])


@router.post("/sites/{site_id}/certificates", status_code=201, response_model=CertificateFull, responses=MAKING)
def create_certificate(site_id: UUID, body: CertificateBody, once: OnceDep) -> Response:
    """Record a GMP certificate."""
    work = once.work

    def make() -> CertificateFull:
        made = record_evidence(work.session, work.subject, site_id, body.facts(), today=_today(), reason=body.reason)
        return _shown(work, CertificateFull, made)

    return once.answer(body, make)


@router.get("/certificates/{certificate_id}", responses=answers(*READING))
def read_certificate(certificate_id: UUID, work: SignedInDep, response: Response) -> CertificateFull:
    """Read a GMP certificate; the ETag is needed to change it."""
    row = one_seen(work, Certificate, certificate_id)
    tag(response, row.version)
    return _shown(work, CertificateFull, row)


@router.put("/certificates/{certificate_id}", responses=answers(*CHANGING))
def replace_certificate(
    certificate_id: UUID, body: CertificateBody, work: SignedInDep, seen: VersionDep, response: Response
) -> CertificateFull:
    """Replace what is recorded; a change needs a reason."""
    changed = change_evidence(
        work.session, work.subject, Seen(certificate_id, seen), body.facts(), today=_today(), reason=body.reason
    )
    tag(response, changed.version)
    return _shown(work, CertificateFull, changed)


@router.delete("/certificates/{certificate_id}", status_code=204, responses=REMOVING)
def delete_certificate(certificate_id: UUID, work: SignedInDep, seen: VersionDep) -> None:
    """Take a GMP certificate back that QA has not attested yet (409: it is ended instead); the trail keeps it."""
    remove_legal_record(work.session, work.subject, Certificate, Seen(certificate_id, seen))


@router.get("/facilities/{facility_id}/non-compliances", responses=answers(*READING, "not-allowed"))
def list_non_compliances(
    request: Request, response: Response, facility_id: UUID, work: SignedInDep, page: PageDep
) -> Page[NonComplianceFull]:
    """List what is recorded of this kind for a facility, for its own people and overseers."""
    inside(work, facility_id)
    found = records_of(work.session, work.subject, NonCompliance, facility_id)
    shown = in_pages(request, response, page, found, as_made)
    return Page[NonComplianceFull](items=[_shown(work, NonComplianceFull, row) for row in shown])


@router.post("/sites/{site_id}/non-compliances", status_code=201, response_model=NonComplianceFull, responses=MAKING)
def create_non_compliance(site_id: UUID, body: NonComplianceBody, once: OnceDep) -> Response:
    """Record a statement of non-compliance."""
    work = once.work

    def make() -> NonComplianceFull:
        made = record_evidence(work.session, work.subject, site_id, body.facts(), today=_today(), reason=body.reason)
        return _shown(work, NonComplianceFull, made)

    return once.answer(body, make)


@router.get("/non-compliances/{non_compliance_id}", responses=answers(*READING))
def read_non_compliance(non_compliance_id: UUID, work: SignedInDep, response: Response) -> NonComplianceFull:
    """Read a statement of non-compliance; the ETag is needed to change it."""
    row = one_seen(work, NonCompliance, non_compliance_id)
    tag(response, row.version)
    return _shown(work, NonComplianceFull, row)


@router.put("/non-compliances/{non_compliance_id}", responses=answers(*CHANGING))
def replace_non_compliance(
    non_compliance_id: UUID, body: NonComplianceBody, work: SignedInDep, seen: VersionDep, response: Response
) -> NonComplianceFull:
    """Replace what is recorded; a change needs a reason."""
    changed = change_evidence(
        work.session, work.subject, Seen(non_compliance_id, seen), body.facts(), today=_today(), reason=body.reason
    )
    tag(response, changed.version)
    return _shown(work, NonComplianceFull, changed)


@router.delete("/non-compliances/{non_compliance_id}", status_code=204, responses=REMOVING)
def delete_non_compliance(non_compliance_id: UUID, work: SignedInDep, seen: VersionDep) -> None:
    """Take a statement of non-compliance back that QA has not attested yet (409: it is ended instead); the trail keeps it."""
    remove_legal_record(work.session, work.subject, NonCompliance, Seen(non_compliance_id, seen))


@router.get("/facilities/{facility_id}/permits", responses=answers(*READING, "not-allowed"))
def list_permits(
    request: Request, response: Response, facility_id: UUID, work: SignedInDep, page: PageDep
) -> Page[PermitFull]:
    """List what is recorded of this kind for a facility, for its own people and overseers."""
    inside(work, facility_id)
    found = records_of(work.session, work.subject, Permit, facility_id)
    shown = in_pages(request, response, page, found, as_made)
    return Page[PermitFull](items=[_shown(work, PermitFull, row) for row in shown])


@router.post("/sites/{site_id}/permits", status_code=201, response_model=PermitFull, responses=MAKING)
def create_permit(site_id: UUID, body: PermitBody, once: OnceDep) -> Response:
    """Record another permit of a site."""
    work = once.work

    def make() -> PermitFull:
        made = record_evidence(work.session, work.subject, site_id, body.facts(), today=_today(), reason=body.reason)
        return _shown(work, PermitFull, made)

    return once.answer(body, make)


@router.get("/permits/{permit_id}", responses=answers(*READING))
def read_permit(permit_id: UUID, work: SignedInDep, response: Response) -> PermitFull:
    """Read another permit of a site; the ETag is needed to change it."""
    row = one_seen(work, Permit, permit_id)
    tag(response, row.version)
    return _shown(work, PermitFull, row)


@router.put("/permits/{permit_id}", responses=answers(*CHANGING))
def replace_permit(
    permit_id: UUID, body: PermitBody, work: SignedInDep, seen: VersionDep, response: Response
) -> PermitFull:
    """Replace what is recorded; a change needs a reason."""
    changed = change_evidence(
        work.session, work.subject, Seen(permit_id, seen), body.facts(), today=_today(), reason=body.reason
    )
    tag(response, changed.version)
    return _shown(work, PermitFull, changed)


@router.delete("/permits/{permit_id}", status_code=204, responses=REMOVING)
def delete_permit(permit_id: UUID, work: SignedInDep, seen: VersionDep) -> None:
    """Take a permit back that QA has not attested yet (409: it is ended instead); the trail keeps it."""
    remove_legal_record(work.session, work.subject, Permit, Seen(permit_id, seen))


def _authorisation(work: Work, row: Authorisation) -> AuthorisationFull:
    columns = {name: getattr(row, name) for name in AuthorisationFull.model_fields if hasattr(row, name)}
    return AuthorisationFull(
        **{
            **columns,
            "operations": scope_of(work.session, row),
            "suites": suites_of(work.session, row),
            "actions": of_owner(work.subject, row.organisation_id, Permission.EDIT_LICENCES, "change", "remove"),
        }
    )


def _shown(work: Work, form: type[Form], row: Evidence) -> Form:
    actions = of_owner(work.subject, row.organisation_id, Permission.EDIT_LICENCES, "change", "remove")
    return form.model_validate(row).model_copy(update={"actions": actions})


def _today() -> date:
    return datetime.now(UTC).date()
