"""The calendar of a facility: starts offered week by week, capacity, private limits."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from api.allowed import of_owner
from api.dependencies import SignedInDep, Work
from api.facility_records import inside
from api.preconditions import VersionDep, tag
from api.problems import CHANGING, CREATING, READING, REMOVAL, answers
from api.schemas.calendar import (
    LimitBody,
    LimitFull,
    OneLineBody,
    PeriodBody,
    StatedStarts,
    Week,
    WeeksBody,
)
from api.schemas.fields import Day
from api.schemas.page import Page
from registry.access.permissions import Permission
from registry.models import FacilityLimit
from registry.queries.capacity import weekly_capacity
from registry.queries.premises import calendar_version, records_of
from registry.queries.starts import list_starts
from registry.services.calendar_seen import check_calendar
from registry.services.capacity import set_limit, state_in_one_line, state_period, state_starts
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
            update={
                "actions": of_owner(work.subject, row.organisation_id, Permission.EDIT_CALENDAR, "change", "remove")
            }
        )
        for row in found
    ]
    return Page[LimitFull](items=items)
