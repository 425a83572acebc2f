"""Lots of material and collection centres of a sponsor."""

from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from api.allowed import of_owner
from api.dependencies import SignedInDep, Work, allowed_to
from api.idempotency import OnceDep
from api.paging import PageDep, cut, in_pages, text_and_id
from api.preconditions import VersionDep, tag
from api.problems import CHANGING, CREATING, READING, answers
from api.schemas.materials import (
    CentreBody,
    CentreFull,
    LotBody,
    LotFull,
    NewCentre,
    NewLot,
    Qualification,
    QualificationBody,
)
from api.schemas.page import Page
from registry.access.permissions import Permission
from registry.errors import NotVisibleError
from registry.models import CollectionCentre, MaterialLot
from registry.queries.wishes import list_material, one_material, qualified_at
from registry.services.facilities import Seen
from registry.services.materials import add_centre, add_lot, change_centre, change_lot, remove_material
from registry.services.qualifications import qualify_centre, unqualify_centre

router = APIRouter(tags=["products"])
Editor = Depends(allowed_to(Permission.EDIT_PRODUCT), scope="function")
MAKING = answers(*CREATING, "not-found", "rule-broken")
REMOVING = tuple(code for code in CHANGING if code not in {"malformed-body", "body-too-large"})


@router.get("/material-lots", responses=answers("not-authenticated", "invalid-input"))
def list_lots(request: Request, response: Response, work: SignedInDep, page: PageDep) -> Page[LotFull]:
    """List the lots the caller may see, by code."""
    after = None if page.after is None else text_and_id(page.after)
    found = list_material(work.session, work.subject, MaterialLot, after=after, limit=page.limit + 1)
    shown = cut(request, response, page, found, lambda last: (last.code, str(last.id)))
    return Page[LotFull](items=[_lot(work, row) for row in shown])


@router.post("/material-lots", status_code=201, response_model=LotFull, responses=MAKING, dependencies=[Editor])
def create_lot(body: NewLot, once: OnceDep) -> Response:
    """Record a lot of an organisation the caller may act for."""
    work = once.work

    def make() -> LotFull:
        return _lot(work, add_lot(work.session, work.subject, body.organisation_id, body.facts()))

    return once.answer(body, make)


@router.get("/material-lots/{lot_id}", responses=answers(*READING))
def read_lot(lot_id: UUID, work: SignedInDep, response: Response) -> LotFull:
    """Read a lot; the ETag is needed to change it."""
    found = one_material(work.session, work.subject, MaterialLot, lot_id)
    if found is None:
        raise NotVisibleError("There is no such lot.")
    tag(response, found.version)
    return _lot(work, found)


@router.put("/material-lots/{lot_id}", responses=answers(*CHANGING))
def replace_lot(lot_id: UUID, body: LotBody, work: SignedInDep, seen: VersionDep, response: Response) -> LotFull:
    """Replace what is said of a lot."""
    changed = change_lot(work.session, work.subject, Seen(lot_id, seen), body.facts())
    tag(response, changed.version)
    return _lot(work, changed)


@router.delete("/material-lots/{lot_id}", status_code=204, responses=answers(*REMOVING))
def delete_lot(lot_id: UUID, work: SignedInDep, seen: VersionDep) -> None:
    """Take a lot away; the trail keeps it."""
    remove_material(work.session, work.subject, MaterialLot, Seen(lot_id, seen))


@router.get("/collection-centres", responses=answers("not-authenticated", "invalid-input"))
def list_centres(request: Request, response: Response, work: SignedInDep, page: PageDep) -> Page[CentreFull]:
    """List the collection centres the caller may see, by code."""
    after = None if page.after is None else text_and_id(page.after)
    found = list_material(work.session, work.subject, CollectionCentre, after=after, limit=page.limit + 1)
    shown = cut(request, response, page, found, lambda last: (last.code, str(last.id)))
    return Page[CentreFull](items=[_centre(work, row) for row in shown])


@router.post("/collection-centres", status_code=201, response_model=CentreFull, responses=MAKING, dependencies=[Editor])
def create_centre(body: NewCentre, once: OnceDep) -> Response:
    """Record a centre where starting material of an organisation the caller may act for is collected."""
    work = once.work

    def make() -> CentreFull:
        return _centre(work, add_centre(work.session, work.subject, body.organisation_id, body.facts()))

    return once.answer(body, make)


@router.get("/collection-centres/{centre_id}", responses=answers(*READING))
def read_centre(centre_id: UUID, work: SignedInDep, response: Response) -> CentreFull:
    """Read a collection centre; the ETag is needed to change it."""
    found = one_material(work.session, work.subject, CollectionCentre, centre_id)
    if found is None:
        raise NotVisibleError("There is no such centre.")
    tag(response, found.version)
    return _centre(work, found)


@router.put("/collection-centres/{centre_id}", responses=answers(*CHANGING))
def replace_centre(
    centre_id: UUID, body: CentreBody, work: SignedInDep, seen: VersionDep, response: Response
) -> CentreFull:
    """Replace what is said of a collection centre."""
    changed = change_centre(work.session, work.subject, Seen(centre_id, seen), body.facts())
    tag(response, changed.version)
    return _centre(work, changed)


@router.delete("/collection-centres/{centre_id}", status_code=204, responses=answers(*REMOVING))
def delete_centre(centre_id: UUID, work: SignedInDep, seen: VersionDep) -> None:
    """Take a collection centre away; the trail keeps it."""
    remove_material(work.session, work.subject, CollectionCentre, Seen(centre_id, seen))


@router.get("/collection-centres/{centre_id}/qualifications", responses=answers(*READING))
def list_qualifications(
    request: Request, response: Response, centre_id: UUID, work: SignedInDep, page: PageDep
) -> Page[Qualification]:
    """List which facilities have qualified a collection centre, and until when."""
    if one_material(work.session, work.subject, CollectionCentre, centre_id) is None:
        raise NotVisibleError("There is no such centre.")
    found = qualified_at(work.session, work.subject, centre_id)
    shown = in_pages(request, response, page, found, lambda row: (str(row.facility_id),))
    return Page[Qualification](items=[Qualification.model_validate(row) for row in shown])


@router.put(
    "/collection-centres/{centre_id}/qualifications/{facility_id}",
    responses=answers(*CREATING, "not-found", "rule-broken"),
)
def put_qualification(centre_id: UUID, facility_id: UUID, body: QualificationBody, work: SignedInDep) -> Qualification:
    """Record that a facility has qualified a centre, and until when; the facility reads it, too."""
    return Qualification.model_validate(qualify_centre(work.session, work.subject, centre_id, facility_id, body.until))


@router.delete(
    "/collection-centres/{centre_id}/qualifications/{facility_id}",
    status_code=204,
    responses=answers(*READING, "not-allowed"),
)
def delete_qualification(centre_id: UUID, facility_id: UUID, work: SignedInDep) -> None:
    """Take it back that a facility has qualified a centre."""
    unqualify_centre(work.session, work.subject, centre_id, facility_id)


def _lot(work: Work, row: MaterialLot) -> LotFull:
    actions = of_owner(work.subject, row.organisation_id, Permission.EDIT_PRODUCT, "change", "remove")
    return LotFull.model_validate(row).model_copy(update={"actions": actions})


def _centre(work: Work, row: CollectionCentre) -> CentreFull:
    actions = of_owner(work.subject, row.organisation_id, Permission.EDIT_PRODUCT, "change", "remove")
    return CentreFull.model_validate(row).model_copy(update={"actions": actions})
