"""The calendar of a facility: starts offered week by week, closures, openings, private limits."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from api.dependencies import SignedInDep, Work
from api.facility_records import inside, one_seen
from api.idempotency import OnceDep
from api.preconditions import VersionDep, etag, tag
from api.problems import CHANGING, CREATING, READING, answers
from api.schemas.calendar import (
    ClosureBody,
    ClosureFull,
    LimitBody,
    LimitFull,
    OneLineBody,
    OpeningBody,
    OpeningFull,
    StatedStarts,
    Week,
    WeeksBody,
)
from api.schemas.fields import Day
from api.schemas.page import Page
from registry.models import Closure, FacilityLimit, Opening
from registry.queries.capacity import weekly_capacity
from registry.queries.closures import list_closures
from registry.queries.premises import calendar_version, records_of
from registry.queries.starts import list_starts
from registry.services.calendar_seen import check_calendar
from registry.services.capacity import set_limit, state_in_one_line, state_starts
from registry.services.closures import change_closure, close, open_days, remove_closure
from registry.services.facilities import Seen

router = APIRouter(tags=["calendar"])
MAKING = answers(*CREATING, "not-found", "rule-broken")
REMOVING = tuple(code for code in CHANGING if code not in {"malformed-body", "body-too-large"})
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
    weeks = {week.monday: week.figures() for week in body.weeks}
    state_starts(work.session, work.subject, facility_id, platform, weeks, reason=body.reason)
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
def list_closed_days(facility_id: UUID, work: SignedInDep, until: Day | None = None) -> Page[ClosureFull]:
    """List when a facility is closed or taken, two years ahead unless said otherwise; why, only to its own people."""
    inside(work, facility_id)
    last = until or datetime.now(UTC).date() + LOOK_AHEAD
    found = list_closures(work.session, work.subject, facility_id, last)
    return Page[ClosureFull](items=[ClosureFull.model_validate(line) for line in found])


@router.post("/facilities/{facility_id}/closures", status_code=201, response_model=ClosureFull, responses=MAKING)
def create_closure(facility_id: UUID, body: ClosureBody, once: OnceDep) -> Response:
    """Record days on which a facility or a suite is closed or taken."""
    session, subject = once.work.session, once.work.subject

    def make() -> ClosureFull:
        return ClosureFull.model_validate(close(session, subject, facility_id, body.facts(), reason=body.reason))

    return once.answer(body, make, headers={"ETag": etag(1)})


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
    """Change the days, the kind or the rule of a closure."""
    row = change_closure(work.session, work.subject, Seen(closure_id, seen), body.facts(), reason=body.reason)
    tag(response, row.version)
    return _closure(work, row)


@router.delete("/closures/{closure_id}", status_code=204, responses=answers(*REMOVING))
def delete_closure(closure_id: UUID, work: SignedInDep, seen: VersionDep) -> None:
    """Take a closure back; the trail keeps it."""
    remove_closure(work.session, work.subject, Seen(closure_id, seen))


@router.get("/facilities/{facility_id}/openings", responses=answers(*READING, "not-allowed"))
def list_openings(facility_id: UUID, work: SignedInDep) -> Page[OpeningFull]:
    """List the days a facility or its suites may be used."""
    inside(work, facility_id)
    found = records_of(work.session, work.subject, Opening, facility_id)
    return Page[OpeningFull](items=[OpeningFull.model_validate(row) for row in found])


@router.post("/facilities/{facility_id}/openings", status_code=201, response_model=OpeningFull, responses=MAKING)
def create_opening(facility_id: UUID, body: OpeningBody, once: OnceDep) -> Response:
    """Record days on which a suite, or the whole facility, may be used."""
    session, subject = once.work.session, once.work.subject

    def make() -> OpeningFull:
        return OpeningFull.model_validate(open_days(session, subject, facility_id, body.facts(), reason=body.reason))

    return once.answer(body, make, headers={"ETag": etag(1)})


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
    return Page[LimitFull](items=[LimitFull.model_validate(row) for row in found])


def _closure(work: Work, row: Closure) -> ClosureFull:
    own = row.organisation_id in work.subject.organisations
    return ClosureFull.model_validate(row).model_copy(update={} if own else {"kind": None})
