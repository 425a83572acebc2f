"""Answers to "is your calendar still true?" that change one thing and confirm the rest."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from registry.access.permissions import Permission
from registry.access.subject import Subject
from registry.models import Closure, StartsStatement
from registry.queries.starts import list_starts
from registry.services.closures import ClosureFacts, close
from registry.services.confirmations import confirm_calendar
from registry.services.laying import Figures, lay
from registry.services.records import facility_for, keep, refuse_faults
from registry.vocabulary.facilities import ClosureKind
from registry.vocabulary.periods import Days

WEEK = timedelta(weeks=1)


def fully_booked_until(
    session: Session, subject: Subject, facility_id: UUID, until: date, today: date, *, reason: str = ""
) -> list[StartsStatement]:
    """Offer no start on any platform from this week to the last week that begins before a day (out); the rest is true."""
    facility = facility_for(session, subject, facility_id, Permission.EDIT_CALENDAR)
    stated = list_starts(session, subject, facility.id)
    refuse_faults(
        [
            f"until: {until} is not after today" if until <= today else None,
            None if stated else "starts: no platform is stated yet",
        ],
        what="The answer",
    )
    period = Days(_monday(today), _monday(until - timedelta(days=1)) + WEEK)
    written = []
    for platform in sorted({part.platform for part in stated}):
        parts = [part for part in stated if part.platform == platform and part.period.overlaps(period)]
        for part in parts:
            end = period.end if part.period.end is None else min(part.period.end, period.end or part.period.end)
            days = Days(max(part.period.start, period.start), end)
            figures = Figures(0, part.starts_class, part.pooled, part.note)
            written += lay(session, facility, platform, [(days, figures)], reason)
    confirm_calendar(session, subject, facility, today)
    keep(session, f"fully booked until {until}", reason)
    return written


def close_week(
    session: Session, subject: Subject, facility_id: UUID, monday: date, today: date, *, reason: str = ""
) -> Closure:
    """Close the facility for the week that begins on a Monday; the rest of the calendar is still true."""
    facility = facility_for(session, subject, facility_id, Permission.EDIT_CALENDAR)
    refuse_faults(
        [
            None if monday.isoweekday() == 1 else f"week: {monday} is not a Monday",
            f"week: {monday} is over" if monday + WEEK <= today else None,
        ],
        what="The closure",
    )
    confirm_calendar(session, subject, facility, today)
    facts = ClosureFacts(ClosureKind.SHUTDOWN, monday, monday + WEEK)
    return close(session, subject, facility.id, facts, reason=reason)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
