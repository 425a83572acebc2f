"""Sites, suites and equipment: written by the facility's own people, read by them and by overseers."""

from datetime import UTC, datetime
from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.allowed import of_owner, with_suite
from api.dependencies import SignedInDep, Work
from api.facility_records import inside, one_seen
from api.idempotency import OnceDep
from api.paging import PageDep, as_made, in_pages
from api.preconditions import VersionDep, tag
from api.problems import CHANGING, CREATING, READING, REMOVAL, answers
from api.schemas.facility_parts import (
    EquipmentBody,
    EquipmentFull,
    SiteBody,
    SiteFull,
    SuiteBody,
    SuiteConfirmation,
    SuiteFull,
)
from api.schemas.page import Page
from registry.access.permissions import Permission
from registry.models import Equipment, Site, Suite
from registry.queries.premises import records_of, suites_version
from registry.services.facilities import (
    Seen,
    add_equipment,
    add_site,
    add_suite,
    confirm_physical,
    edit_equipment,
    edit_site,
    edit_suite,
)
from registry.services.removing import remove_equipment, remove_site, remove_suite

router = APIRouter(tags=["premises"])
MAKING = answers(*CREATING, "not-found", "rule-broken")
REMOVING = answers(*REMOVAL, "wrong-state")


@router.get("/facilities/{facility_id}/sites", responses=answers(*READING, "not-allowed"))
def list_sites(
    request: Request, response: Response, facility_id: UUID, work: SignedInDep, page: PageDep
) -> Page[SiteFull]:
    """List sites of a facility."""
    inside(work, facility_id, everybody=True)
    found = records_of(work.session, work.subject, Site, facility_id)
    shown = in_pages(request, response, page, found, as_made)
    return Page[SiteFull](items=[_site(work, row) for row in shown])


@router.post("/facilities/{facility_id}/sites", status_code=201, response_model=SiteFull, responses=MAKING)
def create_site(facility_id: UUID, body: SiteBody, once: OnceDep) -> Response:
    """Record an address of a facility."""
    session, subject = once.work.session, once.work.subject

    def make() -> SiteFull:
        return _site(once.work, add_site(session, subject, facility_id, body.facts(), reason=body.reason))

    return once.answer(body, make)


@router.get("/sites/{site_id}", responses=answers(*READING))
def read_site(site_id: UUID, work: SignedInDep, response: Response) -> SiteFull:
    """Read an address of a facility; the ETag is needed to change it."""
    row = one_seen(work, Site, site_id)
    tag(response, row.version)
    return _site(work, row)


@router.put("/sites/{site_id}", responses=answers(*CHANGING))
def replace_site(site_id: UUID, body: SiteBody, work: SignedInDep, seen: VersionDep, response: Response) -> SiteFull:
    """Replace what is recorded; a change needs a reason."""
    row = edit_site(work.session, work.subject, Seen(site_id, seen), body.facts(), reason=body.reason)
    tag(response, row.version)
    return _site(work, row)


@router.delete("/sites/{site_id}", status_code=204, responses=REMOVING)
def delete_site(site_id: UUID, work: SignedInDep, seen: VersionDep) -> None:
    """Take an address back; refused (409) while suites, legal records or pairs stand on it; the trail keeps it."""
    remove_site(work.session, work.subject, Seen(site_id, seen))


@router.get("/facilities/{facility_id}/suites", responses=answers(*READING, "not-allowed"))
def list_suites(
    request: Request, response: Response, facility_id: UUID, work: SignedInDep, page: PageDep
) -> Page[SuiteFull]:
    """List suites of a facility; the ETag is that of all of them together, and needed to confirm them."""
    inside(work, facility_id)
    tag(response, suites_version(work.session, work.subject, facility_id))
    found = records_of(work.session, work.subject, Suite, facility_id)
    shown = in_pages(request, response, page, found, as_made)
    return Page[SuiteFull](items=[_suite(work, row) for row in shown])


@router.post("/sites/{site_id}/suites", status_code=201, response_model=SuiteFull, responses=MAKING)
def create_suite(site_id: UUID, body: SuiteBody, once: OnceDep) -> Response:
    """Record rooms of a site that are used as one."""
    session, subject = once.work.session, once.work.subject

    def make() -> SuiteFull:
        return _suite(once.work, add_suite(session, subject, site_id, body.facts(), reason=body.reason))

    return once.answer(body, make)


@router.get("/suites/{suite_id}", responses=answers(*READING))
def read_suite(suite_id: UUID, work: SignedInDep, response: Response) -> SuiteFull:
    """Read rooms of a site that are used as one; the ETag is needed to change it."""
    row = one_seen(work, Suite, suite_id)
    tag(response, row.version)
    return _suite(work, row)


@router.put("/suites/{suite_id}", responses=answers(*CHANGING))
def replace_suite(
    suite_id: UUID, body: SuiteBody, work: SignedInDep, seen: VersionDep, response: Response
) -> SuiteFull:
    """Replace what is recorded; a change needs a reason."""
    row = edit_suite(work.session, work.subject, Seen(suite_id, seen), body.facts(), reason=body.reason)
    tag(response, row.version)
    return _suite(work, row)


@router.post(
    "/facilities/{facility_id}/suite-confirmations", response_model=Page[SuiteFull], responses=answers(*CHANGING)
)
def confirm_suites(facility_id: UUID, body: SuiteConfirmation, once: OnceDep, seen: VersionDep) -> Response:
    """Let QA stand for every suite as they were shown together, the grade above all."""
    work = once.work
    today = datetime.now(UTC).date()

    def make() -> Page[SuiteFull]:
        found = confirm_physical(work.session, work.subject, Seen(facility_id, seen), today, reason=body.reason)
        return Page[SuiteFull](items=[_suite(work, row) for row in found])

    return once.answer(body, make, status=200)


@router.delete("/suites/{suite_id}", status_code=204, responses=REMOVING)
def delete_suite(suite_id: UUID, work: SignedInDep, seen: VersionDep) -> None:
    """Take rooms back; refused (409) while stays, equipment or days are recorded of them; the trail keeps them."""
    remove_suite(work.session, work.subject, Seen(suite_id, seen))


@router.get("/facilities/{facility_id}/equipment", responses=answers(*READING, "not-allowed"))
def list_equipment(
    request: Request, response: Response, facility_id: UUID, work: SignedInDep, page: PageDep
) -> Page[EquipmentFull]:
    """List the equipment of a facility."""
    inside(work, facility_id)
    found = records_of(work.session, work.subject, Equipment, facility_id)
    shown = in_pages(request, response, page, found, as_made)
    return Page[EquipmentFull](items=[_equipment(work, row) for row in shown])


@router.post("/suites/{suite_id}/equipment", status_code=201, response_model=EquipmentFull, responses=MAKING)
def create_equipment(suite_id: UUID, body: EquipmentBody, once: OnceDep) -> Response:
    """Record devices of one class in a suite."""
    session, subject = once.work.session, once.work.subject

    def make() -> EquipmentFull:
        return _equipment(once.work, add_equipment(session, subject, suite_id, body.facts(), reason=body.reason))

    return once.answer(body, make)


@router.get("/equipment/{equipment_id}", responses=answers(*READING))
def read_equipment(equipment_id: UUID, work: SignedInDep, response: Response) -> EquipmentFull:
    """Read devices of one class in a suite; the ETag is needed to change it."""
    row = one_seen(work, Equipment, equipment_id)
    tag(response, row.version)
    return _equipment(work, row)


@router.put("/equipment/{equipment_id}", responses=answers(*CHANGING))
def replace_equipment(
    equipment_id: UUID, body: EquipmentBody, work: SignedInDep, seen: VersionDep, response: Response
) -> EquipmentFull:
    """Replace what is recorded; a change needs a reason."""
    row = edit_equipment(work.session, work.subject, Seen(equipment_id, seen), body.facts(), reason=body.reason)
    tag(response, row.version)
    return _equipment(work, row)


@router.delete("/equipment/{equipment_id}", status_code=204, responses=REMOVING)
def delete_equipment(equipment_id: UUID, work: SignedInDep, seen: VersionDep) -> None:
    """Take devices back; refused (409) while a stay is held or confirmed in their suite; the trail keeps them."""
    remove_equipment(work.session, work.subject, Seen(equipment_id, seen))


def _site(work: Work, row: Site) -> SiteFull:
    actions = of_owner(work.subject, row.organisation_id, Permission.EDIT_FACILITY, "change", "add_suite", "remove")
    return SiteFull.model_validate(row).model_copy(update={"actions": actions})


def _suite(work: Work, row: Suite) -> SuiteFull:
    actions = with_suite(work.subject, row.organisation_id)
    return SuiteFull.model_validate(row).model_copy(update={"actions": actions})


def _equipment(work: Work, row: Equipment) -> EquipmentFull:
    actions = ["change", "remove"] if with_suite(work.subject, row.organisation_id) else []
    return EquipmentFull.model_validate(row).model_copy(update={"actions": actions})
