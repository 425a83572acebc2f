"""Who can see a confidential record, and who saw it: for its own people and overseers."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.dependencies import SignedInDep, Work
from api.facility_records import inside
from api.masking import may_know
from api.paging import PageAsked, PageDep, in_pages
from api.problems import READING, answers
from api.routes.requests import seen_request
from api.schemas.disclosure import SightingLine, ViewerLine
from api.schemas.page import Page
from api.trail_pages import link_earlier, reached_by
from registry.errors import NotAllowedError
from registry.queries.sight import Viewer, sightings, viewers_of_facility, viewers_of_request
from registry.services.disclosing import disclosures_of_facility, disclosures_of_request, names_of

router = APIRouter()


@router.get("/requests/{request_id}/who-can-see", responses=answers(*READING, "not-allowed"), tags=["requests"])
def list_viewers_of_request(
    request: Request, response: Response, request_id: UUID, work: SignedInDep, page: PageDep
) -> Page[ViewerLine]:
    """List who can see a request and why; a facility is among them once both sides consented."""
    _own_side(work, request_id)
    found = viewers_of_request(work.session, work.subject, request_id)
    for pair in disclosures_of_request(work.session, work.subject, request_id).values():
        names = names_of(work.session, work.subject, pair)
        if names is not None:
            found.append(Viewer(names.facility, "was told who asks, both sides consenting"))
    return _viewers(request, response, page, found)


@router.get("/requests/{request_id}/who-saw", responses=answers(*READING, "not-allowed"), tags=["requests"])
def list_sightings_of_request(
    request: Request, response: Response, request_id: UUID, work: SignedInDep, page: PageDep
) -> Page[SightingLine]:
    """List who outside the sponsor's own people read a request, newest first."""
    _own_side(work, request_id)
    return _sightings(request, response, work, page, "request", request_id)


@router.get("/facilities/{facility_id}/who-can-see", responses=answers(*READING, "not-allowed"), tags=["facilities"])
def list_viewers_of_facility(
    request: Request, response: Response, facility_id: UUID, work: SignedInDep, page: PageDep
) -> Page[ViewerLine]:
    """List who can see what is inside a facility and why; a sponsor is among them once both sides consented."""
    inside(work, facility_id, noted=False)
    found = viewers_of_facility(work.session, work.subject, facility_id)
    for pair in disclosures_of_facility(work.session, work.subject, facility_id).values():
        names = names_of(work.session, work.subject, pair)
        if names is not None:
            found.append(Viewer(names.sponsor, "was told which facility this is, both sides consenting"))
    return _viewers(request, response, page, found)


@router.get("/facilities/{facility_id}/who-saw", responses=answers(*READING, "not-allowed"), tags=["facilities"])
def list_sightings_of_facility(
    request: Request, response: Response, facility_id: UUID, work: SignedInDep, page: PageDep
) -> Page[SightingLine]:
    """List who outside the facility's own people read what is inside, newest first, and what it was."""
    inside(work, facility_id, noted=False)
    return _sightings(request, response, work, page, "facility", facility_id)


def _own_side(work: Work, request_id: UUID) -> None:
    if not may_know(work.subject, seen_request(work, request_id).organisation_id):
        raise NotAllowedError("Only the sponsor's own people and overseers read this.")


def _viewers(request: Request, response: Response, page: PageAsked, found: list[Viewer]) -> Page[ViewerLine]:
    shown = in_pages(request, response, page, found, lambda one: (one.who, one.why, str(one.organisation_id)))
    return Page[ViewerLine](items=[ViewerLine.model_validate(one) for one in shown])


def _sightings(
    request: Request, response: Response, work: Work, page: PageAsked, record_type: str, record_id: UUID
) -> Page[SightingLine]:
    limit = page.limit + 1
    found = sightings(work.session, work.subject, record_type, record_id, before=reached_by(page), limit=limit)
    shown = found[: page.limit]
    if len(found) > page.limit:
        link_earlier(request, response, page, [one.at for one in shown])
    return Page[SightingLine](items=[SightingLine.model_validate(one) for one in shown])
