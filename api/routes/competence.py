"""What a facility has done and can do: written by its QA; read by its own people, overseers and developers."""

from datetime import UTC, date, datetime
from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.allowed import of_owner
from api.dependencies import SignedInDep, Work
from api.facility_records import inside, one_seen
from api.idempotency import OnceDep
from api.paging import PageDep, as_made, in_pages
from api.preconditions import VersionDep, tag
from api.problems import CHANGING, CREATING, READING, REMOVAL, answers
from api.schemas.competence import (
    CoverBody,
    CoverFull,
    ExperienceBody,
    ExperienceFull,
    MethodBody,
    MethodFull,
)
from api.schemas.page import Page
from registry.access.permissions import Permission
from registry.models import ProcessExperience, QcMethod
from registry.queries.premises import records_of
from registry.services.competence import change_competence, record_competence, remove_competence, set_qp_cover
from registry.services.cover_told import told_cover
from registry.services.facilities import Seen

router = APIRouter(tags=["competence"])
Competence = ProcessExperience | QcMethod
MAKING = answers(*CREATING, "not-found", "rule-broken")


@router.get("/facilities/{facility_id}/experience", responses=answers(*READING, "not-allowed"))
def list_experience(
    request: Request, response: Response, facility_id: UUID, work: SignedInDep, page: PageDep
) -> Page[ExperienceFull]:
    """List the process families a facility has made, for its own people, overseers and developers."""
    inside(work, facility_id, developers=True)
    found = records_of(work.session, work.subject, ProcessExperience, facility_id)
    shown = in_pages(request, response, page, found, as_made)
    return Page[ExperienceFull](items=[_experience(work, row) for row in shown])


@router.post("/facilities/{facility_id}/experience", status_code=201, response_model=ExperienceFull, responses=MAKING)
def create_experience(facility_id: UUID, body: ExperienceBody, once: OnceDep) -> Response:
    """Record a process family a facility has made; each family and platform once."""
    work = once.work

    def make() -> ExperienceFull:
        made = record_competence(
            work.session, work.subject, facility_id, body.facts(), today=_today(), reason=body.reason
        )
        return _experience(work, made)

    return once.answer(body, make)


@router.get("/experience/{experience_id}", responses=answers(*READING))
def read_experience(experience_id: UUID, work: SignedInDep, response: Response) -> ExperienceFull:
    """Read what is recorded of a process family; the ETag is needed to change it."""
    row = one_seen(work, ProcessExperience, experience_id)
    tag(response, row.version)
    return _experience(work, row)


@router.put("/experience/{experience_id}", responses=answers(*CHANGING))
def replace_experience(
    experience_id: UUID, body: ExperienceBody, work: SignedInDep, seen: VersionDep, response: Response
) -> ExperienceFull:
    """Replace what is recorded; a change needs a reason."""
    changed = change_competence(
        work.session, work.subject, Seen(experience_id, seen), body.facts(), today=_today(), reason=body.reason
    )
    tag(response, changed.version)
    return _experience(work, changed)


@router.delete("/experience/{experience_id}", status_code=204, responses=answers(*REMOVAL))
def delete_experience(experience_id: UUID, work: SignedInDep, seen: VersionDep) -> None:
    """Take back what was recorded of a process family; the trail keeps it."""
    remove_competence(work.session, work.subject, ProcessExperience, Seen(experience_id, seen))


@router.get("/facilities/{facility_id}/qc-methods", responses=answers(*READING, "not-allowed"))
def list_qc_methods(
    request: Request, response: Response, facility_id: UUID, work: SignedInDep, page: PageDep
) -> Page[MethodFull]:
    """List quality control methods, for the facility's own people, overseers and developers; these not contracted to whom."""
    inside(work, facility_id, developers=True)
    found = records_of(work.session, work.subject, QcMethod, facility_id)
    shown = in_pages(request, response, page, found, as_made)
    return Page[MethodFull](items=[_method(work, row) for row in shown])


@router.post("/facilities/{facility_id}/qc-methods", status_code=201, response_model=MethodFull, responses=MAKING)
def create_qc_method(facility_id: UUID, body: MethodBody, once: OnceDep) -> Response:
    """Record a quality control method, in house or contracted; each once."""
    work = once.work

    def make() -> MethodFull:
        made = record_competence(
            work.session, work.subject, facility_id, body.facts(), today=_today(), reason=body.reason
        )
        return _method(work, made)

    return once.answer(body, make)


@router.get("/qc-methods/{method_id}", responses=answers(*READING))
def read_qc_method(method_id: UUID, work: SignedInDep, response: Response) -> MethodFull:
    """Read a quality control method; the ETag is needed to change it."""
    row = one_seen(work, QcMethod, method_id)
    tag(response, row.version)
    return _method(work, row)


@router.put("/qc-methods/{method_id}", responses=answers(*CHANGING))
def replace_qc_method(
    method_id: UUID, body: MethodBody, work: SignedInDep, seen: VersionDep, response: Response
) -> MethodFull:
    """Replace what is recorded; a change needs a reason."""
    changed = change_competence(
        work.session, work.subject, Seen(method_id, seen), body.facts(), today=_today(), reason=body.reason
    )
    tag(response, changed.version)
    return _method(work, changed)


@router.delete("/qc-methods/{method_id}", status_code=204, responses=answers(*REMOVAL))
def delete_qc_method(method_id: UUID, work: SignedInDep, seen: VersionDep) -> None:
    """Take back a quality control method; the trail keeps it."""
    remove_competence(work.session, work.subject, QcMethod, Seen(method_id, seen))


@router.get("/facilities/{facility_id}/qp-cover", responses=answers(*READING, "not-allowed"))
def read_qp_cover(facility_id: UUID, work: SignedInDep, response: Response) -> CoverFull:
    """Read which classes a Qualified Person certifies, and whether here; the rest is for the facility's own people."""
    owner = inside(work, facility_id, developers=True)
    return _cover(work, facility_id, owner, response)


@router.put("/facilities/{facility_id}/qp-cover", responses=answers(*CHANGING))
def put_qp_cover(
    facility_id: UUID, body: CoverBody, work: SignedInDep, seen: VersionDep, response: Response
) -> CoverFull:
    """State who certifies which classes; it is part of the legal record that QA signs. A change needs a reason."""
    cover = set_qp_cover(
        work.session, work.subject, Seen(facility_id, seen), body.facts(), today=_today(), reason=body.reason
    )
    return _cover(work, facility_id, cover.organisation_id, response)


def _experience(work: Work, row: Competence) -> ExperienceFull:
    shown = ExperienceFull.model_validate(row)
    return shown.model_copy(update={"actions": _editing(work, row)})


def _method(work: Work, row: Competence) -> MethodFull:
    shown = MethodFull.model_validate(row)
    return shown.model_copy(update={"actions": _editing(work, row)})


def _editing(work: Work, row: Competence) -> list[str]:
    return of_owner(work.subject, row.organisation_id, Permission.EDIT_LICENCES, "change", "remove")


def _cover(work: Work, facility_id: UUID, owner: UUID, response: Response) -> CoverFull:
    told = told_cover(work.session, work.subject, facility_id, _today())
    shown = CoverFull() if told is None else CoverFull.model_validate(told)
    tag(response, shown.version)
    actions = of_owner(work.subject, owner, Permission.EDIT_LICENCES, "change")
    return shown.model_copy(update={"actions": actions})


def _today() -> date:
    return datetime.now(UTC).date()
