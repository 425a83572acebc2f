"""How current a calendar is, and since when rounds do without it."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import Closure, Confirmation, Facility, Verdict
from registry.queries.closed_days import stopped_days
from registry.vocabulary.facilities import FRESHNESS_DAYS, Freshness, Rhythm, freshness_of
from registry.vocabulary.lifecycle import ConfirmationSubject

CALENDAR_RULE = "calendar-freshness"
"""The eligibility rule that excludes a stale calendar."""


@dataclass(frozen=True, slots=True)
class CalendarFreshness:
    """The day of the last confirmation and what it is worth today.

    `age_days` counts no day on which the whole facility was declared closed. Who is not inside the facility learns the
    rhythm and the state only, no day and no age, and the state as if it had never been closed: one that knew of
    closures would tell of them. Inside, age and state are None where nothing was ever confirmed.
    """

    rhythm: Rhythm
    confirmed_on: date | None
    age_days: int | None
    stopped_days: int | None
    state: Freshness | None
    excluded_in_days: int | None


@dataclass(frozen=True, slots=True)
class Missed:
    """Requests of calculations since a day that nothing but the stale calendar kept from a facility."""

    since: date
    requests: int


def calendar_freshness(session: Session, subject: Subject, facility_id: UUID, today: date) -> CalendarFreshness | None:
    """Return how current the calendar of a facility is; None when the subject does not see the facility."""
    facility = session.scalars(
        select(Facility).where(Facility.id == facility_id, visibility.facilities(subject))
    ).one_or_none()
    if facility is None:
        return None
    confirmed = session.scalar(
        select(func.max(Confirmation.confirmed_on)).where(
            visibility.with_facility(subject, Confirmation),
            Confirmation.facility_id == facility_id,
            Confirmation.subject == ConfirmationSubject.CALENDAR,
        )
    )
    inside = select(Facility.id).where(Facility.id == facility_id, visibility.inside_facility(subject, Facility))
    if session.scalar(inside) is None:
        return CalendarFreshness(
            facility.rhythm, None, None, None, _state_told(facility.rhythm, confirmed, today), None
        )
    if confirmed is None:
        return CalendarFreshness(facility.rhythm, None, None, None, None, None)
    closures = session.scalars(
        select(Closure).where(visibility.inside_facility(subject, Closure), Closure.facility_id == facility_id)
    ).all()
    stopped = stopped_days(closures, confirmed, today)
    age = max(0, (today - confirmed).days - stopped)
    excluded = FRESHNESS_DAYS[facility.rhythm][2]
    return CalendarFreshness(
        facility.rhythm, confirmed, age, stopped, freshness_of(facility.rhythm, age), excluded - age
    )


def _state_told(rhythm: Rhythm, confirmed: date | None, today: date) -> Freshness:
    return Freshness.EXCLUDED if confirmed is None else freshness_of(rhythm, max(0, (today - confirmed).days))


def missed_while_excluded(session: Session, subject: Subject, facility_id: UUID, today: date) -> Missed | None:
    """Return what an excluded calendar missed, None while it is not excluded or not the subject's to see.

    A request counts when the stale calendar is the only rule that excluded it; the facility learns a number only.
    """
    fresh = calendar_freshness(session, subject, facility_id, today)
    if fresh is None or fresh.state is not Freshness.EXCLUDED or fresh.excluded_in_days is None:
        return None
    since = today + timedelta(days=fresh.excluded_in_days)
    requests = session.scalar(
        select(func.count(Verdict.request_id.distinct())).where(
            visibility.verdicts(subject),
            Verdict.facility_id == facility_id,
            Verdict.failing == [CALENDAR_RULE],
            func.date(Verdict.calculated_at) >= since,
        )
    )
    return Missed(since, requests or 0)
