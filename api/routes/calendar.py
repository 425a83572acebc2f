"""The calendar of a facility: starts offered week by week, closures, openings, private limits."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response

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
    LimitBody,
    LimitFull,
    OneLineBody,
    OpeningBody,
    OpeningFull,
    PeriodBody,
    StatedStarts,
    Week,
    WeeksBody,
)
from api.schemas.fields import Day
from api.schemas.page import Page
from registry.access.permissions import Permission
from registry.errors import NotVisibleError
from registry.models import Closure, FacilityLimit, Opening
from registry.queries.capacity import weekly_capacity
from registry.queries.closures import list_closures
from registry.queries.first_free import first_start
from registry.queries.premises import calendar_version, records_of
from registry.queries.starts import list_starts
from registry.services.calendar_seen import check_calendar
from registry.services.capacity import set_limit, state_in_one_line, state_period, state_starts
from registry.services.closures import change_closure, close, open_days, remove_closure
from registry.services.conflicts import refuse_closing_on_stays, refuse_opening_closed_days, remove_opening
from registry.services.facilities import Seen
from registry.services.removing import remove_limit, take_back_starts

router = APIRouter(tags=["calendar"])
MAKING = answers(*CREATING, "not-found", "rule-broken")
REMOVING = answers(*REMOVAL, "wrong-state")
Platform = Annotated[str, Path(max_length=40, pattern=r"^[A-Za-z0-9._-]+$")]
LOOK_AHEAD = timedelta(days=730)


@router.get("/facilities/{facility_id}/starts", responses=answers(*READING, "not-allowed"))
def list_stated_starts(facility_id: UUID, work: SignedInDep, response: Response) -> Page[StatedStarts]:
    """Read the starts a facility offers; the ETag is needed to change them."""
    inside(work, facility_id)
    return _starts(work, facility_id, response)


@router.put("/facilities/{facility_id}/starts/{platform}", responses=answers(*CHANGING))
def state_weeks(
    facility_id: UUID, platform: Platform, body: WeeksBody, work: SignedInDep, seen: VersionDep, response: Response
) -> Page[StatedStarts]:
    """State what is offered in many weeks of a platform at once; weeks not named stay as they are."""
    check_calendar(work.session, work.subject, facility_id, seen)
    weeks = [(week.monday, week.figures()) for week in body.weeks]
    today = datetime.now(UTC).date()
    state_starts(work.session, work.subject, facility_id, platform, weeks, today=today, reason=body.reason)
    return _starts(work, facility_id, response)


@router.put("/facilities/{facility_id}/starts/{platform}/one-line", responses=answers(*CHANGING))
def state_line(
    facility_id: UUID, platform: Platform, body: OneLineBody, work: SignedInDep, seen: VersionDep, response: Response
) -> Page[StatedStarts]:
    """State the least there is to say: "on enquiry; a new product possible from 2027-Q2, at most one a year"."""
    check_calendar(work.session, work.subject, facility_id, seen)
    today = datetime.now(UTC).date()
    state_in_one_line(work.session, work.subject, facility_id, platform, body.line, today=today, reason=body.reason)
    return _starts(work, facility_id, response)


@router.put("/facilities/{facility_id}/starts/{platform}/period", responses=answers(*CHANGING))
def state_weeks_of_a_period(
    facility_id: UUID, platform: Platform, body: PeriodBody, work: SignedInDep, seen: VersionDep, response: Response
) -> Page[StatedStarts]:
    """State what is offered each week from a Monday on, until another or without end; it is laid over what was stated."""
    check_calendar(work.session, work.subject, facility_id, seen)
    period, figures, today = body.period(), body.figures(), datetime.now(UTC).date()
    state_period(work.session, work.subject, facility_id, platform, period, figures, today=today, reason=body.reason)
    return _starts(work, facility_id, response)


@router.delete("/facilities/{facility_id}/starts/{platform}", status_code=204, responses=REMOVING)
def delete_starts(facility_id: UUID, platform: Platform, work: SignedInDep, seen: VersionDep) -> None:
    """Take back what is stated of a platform from this week on; weeks that are over stay; the trail keeps it."""
    check_calendar(work.session, work.subject, facility_id, seen)
    take_back_starts(work.session, work.subject, facility_id, platform, datetime.now(UTC).date())


@router.get("/facilities/{facility_id}/capacity", responses=answers(*READING, "not-allowed"))
def read_capacity(
    facility_id: UUID,
    work: SignedInDep,
    first: Annotated[Day, Query(description="A Monday.")],
    weeks: Annotated[int, Query(ge=1, le=104)] = 13,
) -> Page[Week]:
    """Read week by week what is declared, what may be offered, and what binds."""
    inside(work, facility_id)
    monday = first - timedelta(days=first.weekday())
    found = weekly_capacity(work.session, work.subject, facility_id, first=monday, weeks=weeks)
    items = [
        Week(
            platform=week.platform,
            monday=week.monday,
            declared=week.declared,
            offerable=week.offerable,
            binding=week.binding.resource,
            starts_class=week.starts_class,
            pooled=week.pooled,
        )
        for week in found
    ]
    return Page[Week](items=items)


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
    actions = _editing(work, owner, "change", "remove")
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


@router.get("/facilities/{facility_id}/limits", responses=answers(*READING, "not-allowed"))
def list_limits(facility_id: UUID, work: SignedInDep, response: Response) -> Page[LimitFull]:
    """List the private limits of a facility; the ETag is needed to set one."""
    inside(work, facility_id)
    return _limits(work, facility_id, response)


@router.put("/facilities/{facility_id}/limits", responses=answers(*CHANGING))
def put_limit(
    facility_id: UUID, body: LimitBody, work: SignedInDep, seen: VersionDep, response: Response
) -> Page[LimitFull]:
    """Set a private limit; it replaces a flat one of the same kind and period."""
    check_calendar(work.session, work.subject, facility_id, seen)
    set_limit(work.session, work.subject, facility_id, body.kind, body.period_weeks, body.amount, reason=body.reason)
    return _limits(work, facility_id, response)


@router.delete("/facilities/{facility_id}/limits/{limit_id}", status_code=204, responses=REMOVING)
def delete_limit(facility_id: UUID, limit_id: UUID, work: SignedInDep, seen: VersionDep) -> None:
    """Take a private limit back, on the ETag of the list; the trail keeps it."""
    check_calendar(work.session, work.subject, facility_id, seen)
    remove_limit(work.session, work.subject, facility_id, limit_id)


def _starts(work: Work, facility_id: UUID, response: Response) -> Page[StatedStarts]:
    tag(response, calendar_version(work.session, work.subject, facility_id))
    items = [
        StatedStarts(
            platform=part.platform,
            starts=part.period.start,
            ends=part.period.end,
            starts_per_week=part.starts_per_week,
            starts_class=part.starts_class,
            pooled=part.pooled,
            note=part.note,
        )
        for part in list_starts(work.session, work.subject, facility_id)
    ]
    return Page[StatedStarts](items=items)


def _limits(work: Work, facility_id: UUID, response: Response) -> Page[LimitFull]:
    tag(response, calendar_version(work.session, work.subject, facility_id))
    found = records_of(work.session, work.subject, FacilityLimit, facility_id)
    items = [
        LimitFull.model_validate(row).model_copy(
            update={"actions": _editing(work, row.organisation_id, "change", "remove")}
        )
        for row in found
    ]
    return Page[LimitFull](items=items)


def _closure(work: Work, row: Closure) -> ClosureFull:
    own = row.organisation_id in work.subject.organisations
    actions = _editing(work, row.organisation_id, "change", "remove")
    return ClosureFull.model_validate(row).model_copy(
        update={"actions": actions, **({} if own else {"kind": None, "recurrence": None})}
    )


def _opening(work: Work, row: Opening) -> OpeningFull:
    actions = _editing(work, row.organisation_id, "remove")
    return OpeningFull.model_validate(row).model_copy(update={"actions": actions})


def _editing(work: Work, owner: UUID, *actions: str) -> list[str]:
    return of_owner(work.subject, owner, Permission.EDIT_CALENDAR, *actions)
