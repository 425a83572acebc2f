"""Days open and closed, of a facility or one of its suites, and the first day that is free."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from api.allowed import of_owner
from api.dependencies import SignedInDep, Work
from api.facility_records import inside, one_seen
from api.idempotency import OnceDep
from api.paging import PageDep, as_made, in_pages
from api.preconditions import VersionDep, tag
from api.problems import CHANGING, CREATING, READING, REMOVAL, answers
from api.schemas.calendar import (
    ClosureBody,
    ClosureFull,
    FirstFree,
    OpeningBody,
    OpeningFull,
)
from api.schemas.fields import Day
from api.schemas.page import Page
from registry.access.permissions import Permission
from registry.errors import NotVisibleError
from registry.models import Closure, Opening
from registry.queries.closures import list_closures
from registry.queries.first_free import first_start
from registry.queries.premises import records_of
from registry.services.closures import change_closure, close, open_days, remove_closure
from registry.services.conflicts import refuse_closing_on_stays, refuse_opening_closed_days, remove_opening
from registry.services.facilities import Seen

router = APIRouter(tags=["calendar"])
MAKING = answers(*CREATING, "not-found", "rule-broken")
REMOVING = answers(*REMOVAL, "wrong-state")
LOOK_AHEAD = timedelta(days=730)


@router.get("/facilities/{facility_id}/closures", responses=answers(*READING, "not-allowed"))
def list_closed_days(
    request: Request,
    response: Response,
    facility_id: UUID,
    work: SignedInDep,
    page: PageDep,
    until: Annotated[Day | None, Query(description="The last day looked at; two years ahead unless given.")] = None,
) -> Page[ClosureFull]:
    """List when a facility is closed or taken, by first day; why, only to its own people."""
    owner = inside(work, facility_id)
    last = until or datetime.now(UTC).date() + LOOK_AHEAD
    found = list_closures(work.session, work.subject, facility_id, last)
    shown = in_pages(
        request, response, page, found, lambda line: (line.starts.isoformat(), str(line.suite_id), str(line.id))
    )
    actions = of_owner(work.subject, owner, Permission.EDIT_CALENDAR, "change", "remove")
    items = [ClosureFull.model_validate(line).model_copy(update={"actions": actions}) for line in shown]
    return Page[ClosureFull](items=items)


@router.post("/facilities/{facility_id}/closures", status_code=201, response_model=ClosureFull, responses=MAKING)
def create_closure(facility_id: UUID, body: ClosureBody, once: OnceDep) -> Response:
    """Record days on which a facility or a suite is closed or taken; refused (409) on stays, unless it is meant so."""
    session, subject = once.work.session, once.work.subject

    def make() -> ClosureFull:
        if not body.despite_stays:
            refuse_closing_on_stays(session, subject, facility_id, body.facts())
        return _closure(once.work, close(session, subject, facility_id, body.facts(), reason=body.reason))

    return once.answer(body, make)


@router.get("/closures/{closure_id}", responses=answers(*READING))
def read_closure(closure_id: UUID, work: SignedInDep, response: Response) -> ClosureFull:
    """Read a closure; the ETag is needed to change it."""
    row = one_seen(work, Closure, closure_id)
    tag(response, row.version)
    return _closure(work, row)


@router.put("/closures/{closure_id}", responses=answers(*CHANGING))
def replace_closure(
    closure_id: UUID, body: ClosureBody, work: SignedInDep, seen: VersionDep, response: Response
) -> ClosureFull:
    """Change the days, the kind or the rule of a closure; refused (409) on stays, unless it is meant so."""
    if not body.despite_stays:
        facility_id = one_seen(work, Closure, closure_id).facility_id
        refuse_closing_on_stays(work.session, work.subject, facility_id, body.facts())
    row = change_closure(work.session, work.subject, Seen(closure_id, seen), body.facts(), reason=body.reason)
    tag(response, row.version)
    return _closure(work, row)


@router.delete("/closures/{closure_id}", status_code=204, responses=REMOVING)
def delete_closure(closure_id: UUID, work: SignedInDep, seen: VersionDep) -> None:
    """Take a closure back; the trail keeps it."""
    remove_closure(work.session, work.subject, Seen(closure_id, seen))


@router.get("/facilities/{facility_id}/openings", responses=answers(*READING, "not-allowed"))
def list_openings(
    request: Request, response: Response, facility_id: UUID, work: SignedInDep, page: PageDep
) -> Page[OpeningFull]:
    """List the days a facility or its suites may be used."""
    inside(work, facility_id)
    found = records_of(work.session, work.subject, Opening, facility_id)
    shown = in_pages(request, response, page, found, as_made)
    return Page[OpeningFull](items=[_opening(work, row) for row in shown])


@router.post("/facilities/{facility_id}/openings", status_code=201, response_model=OpeningFull, responses=MAKING)
def create_opening(facility_id: UUID, body: OpeningBody, once: OnceDep) -> Response:
    """Record days on which a suite, or the whole facility, may be used."""
    session, subject = once.work.session, once.work.subject

    def make() -> OpeningFull:
        refuse_opening_closed_days(session, subject, facility_id, body.facts())
        return _opening(once.work, open_days(session, subject, facility_id, body.facts(), reason=body.reason))

    return once.answer(body, make)


@router.get("/openings/{opening_id}", responses=answers(*READING))
def read_opening(opening_id: UUID, work: SignedInDep, response: Response) -> OpeningFull:
    """Read an opening; the ETag is needed to take it back."""
    row = one_seen(work, Opening, opening_id)
    tag(response, row.version)
    return _opening(work, row)


@router.delete("/openings/{opening_id}", status_code=204, responses=REMOVING)
def delete_opening(opening_id: UUID, work: SignedInDep, seen: VersionDep) -> None:
    """Take an opening back; the trail keeps it."""
    remove_opening(work.session, work.subject, Seen(opening_id, seen))


@router.get("/suites/{suite_id}/first-free", responses=answers(*READING))
def read_first_free(
    suite_id: UUID,
    work: SignedInDep,
    earliest: Annotated[Day, Query(description="The first day that would do.")],
    days: Annotated[int, Query(ge=1, le=366, description="How long a place is held.")],
) -> FirstFree:
    """Read when a stay can first start in a suite: openings, closures, weekdays of starts, stays and clearance."""
    found = first_start(work.session, work.subject, suite_id, earliest, days)
    if found is None:
        raise NotVisibleError("There is no such suite.")
    return FirstFree.model_validate(found)


def _closure(work: Work, row: Closure) -> ClosureFull:
    own = row.organisation_id in work.subject.organisations
    actions = of_owner(work.subject, row.organisation_id, Permission.EDIT_CALENDAR, "change", "remove")
    return ClosureFull.model_validate(row).model_copy(
        update={"actions": actions, **({} if own else {"kind": None, "recurrence": None})}
    )


def _opening(work: Work, row: Opening) -> OpeningFull:
    actions = of_owner(work.subject, row.organisation_id, Permission.EDIT_CALENDAR, "remove")
    return OpeningFull.model_validate(row).model_copy(update={"actions": actions})
