"""The calendar as people give it: starts per week and platform, closures, openings, private limits.

An edit of a week is one row: it is laid over what was stated before, or continues an equal neighbour.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.access.permissions import Permission
from registry.access.subject import Subject
from registry.models import Facility, FacilityLimit, StartsStatement
from registry.services.laying import Figures, lay
from registry.services.one_line import OneLine, read_line
from registry.services.records import facility_for, keep, owner_of, refuse_faults, term_fault
from registry.vocabulary.facilities import LimitKind, StartsClass
from registry.vocabulary.periods import Days

WEEK = timedelta(weeks=1)


def state_starts(
    session: Session,
    subject: Subject,
    facility_id: UUID,
    platform: str,
    weeks: Mapping[date, Figures],
    *,
    reason: str = "",
) -> list[StartsStatement]:
    """State what is offered in many weeks at once, each by its Monday; equal neighbouring weeks become one row."""
    facility = facility_for(session, subject, facility_id, Permission.EDIT_CALENDAR)
    refuse_faults([*_platform_faults(session, platform), *_week_faults(weeks)], what="The statement")
    periods = [(Days(first, last), figures) for first, last, figures in _runs(weeks)]
    return lay(session, facility, platform, periods, reason)


def state_period(
    session: Session,
    subject: Subject,
    facility_id: UUID,
    platform: str,
    period: Days,
    figures: Figures,
    *,
    reason: str = "",
) -> list[StartsStatement]:
    """State what is offered each week from a Monday (in) to a Monday (out), or without end."""
    facility = facility_for(session, subject, facility_id, Permission.EDIT_CALENDAR)
    ordered = period.end is None or period.start < period.end
    faults = [
        *_platform_faults(session, platform),
        *_week_faults({period.start: figures}),
        None if ordered else "period: ends before it starts",
        None if period.end is None or period.end.isoweekday() == 1 else f"period: {period.end} is not a Monday",
    ]
    refuse_faults(faults, what="The statement")
    return lay(session, facility, platform, [(period, figures)], reason)


def state_in_one_line(
    session: Session, subject: Subject, facility_id: UUID, platform: str, line: str, *, today: date, reason: str = ""
) -> list[StartsStatement]:
    """State the least there is to say: "on enquiry; a new product possible from 2027-Q2, at most one a year"."""
    facility = facility_for(session, subject, facility_id, Permission.EDIT_CALENDAR)
    said = read_line(line)
    refuse_faults([*_platform_faults(session, platform), said if isinstance(said, str) else None], what="The statement")
    assert isinstance(said, OneLine)
    first = said.possible_from or today
    monday = first + timedelta(days=-first.weekday() % 7)
    figures = Figures(0, StartsClass.ON_ENQUIRY, pooled=False, note=line.strip())
    if said.at_most_a_year is not None:
        _set_limit(session, facility, LimitKind.NEW_PRODUCTS, 52, said.at_most_a_year)
    return lay(session, facility, platform, [(Days(monday, None), figures)], reason)


def set_limit(
    session: Session,
    subject: Subject,
    facility_id: UUID,
    kind: LimitKind,
    period_weeks: int,
    amount: int,
    *,
    reason: str = "",
) -> FacilityLimit:
    """Set a private limit: at most `amount` in each `period_weeks` weeks; replaces a flat one of the same kind and period."""
    facility = facility_for(session, subject, facility_id, Permission.EDIT_CALENDAR)
    faults = [
        None if period_weeks >= 1 else f"period_weeks: {period_weeks} weeks are no period",
        None if amount >= 0 else f"amount: {amount} is below 0",
    ]
    refuse_faults(faults, what="The limit")
    limit = _set_limit(session, facility, kind, period_weeks, amount)
    keep(session, "set limit", reason)
    return limit


def _set_limit(session: Session, facility: Facility, kind: LimitKind, period_weeks: int, amount: int) -> FacilityLimit:
    limit = session.scalars(
        select(FacilityLimit).where(
            FacilityLimit.facility_id == facility.id,
            FacilityLimit.kind == kind,
            FacilityLimit.period_weeks == period_weeks,
            FacilityLimit.weekly.is_(None),
        )
    ).first()
    if limit is None:
        limit = FacilityLimit(**owner_of(facility), kind=kind, period_weeks=period_weeks, amount=amount)
        session.add(limit)
    elif limit.amount != amount:
        limit.amount = amount
    return limit


def _runs(weeks: Mapping[date, Figures]) -> list[tuple[date, date, Figures]]:
    """Return runs of equal neighbouring weeks as first Monday (in), last Monday (out), figures."""
    runs: list[tuple[date, date, Figures]] = []
    for monday, figures in sorted(weeks.items(), key=lambda week: week[0]):
        if runs and runs[-1][1] == monday and runs[-1][2] == figures:
            runs[-1] = (runs[-1][0], monday + WEEK, figures)
        else:
            runs.append((monday, monday + WEEK, figures))
    return runs


def _platform_faults(session: Session, platform: str) -> list[str | None]:
    return [term_fault(session, "platform", "platforms", platform)]


def _week_faults(weeks: Mapping[date, Figures]) -> list[str | None]:
    return [
        None if weeks else "weeks: there is none",
        *(f"weeks: {monday} is not a Monday" for monday in weeks if monday.isoweekday() != 1),
        *(f"starts_per_week: {one.starts_per_week} is below 0" for one in weeks.values() if one.starts_per_week < 0),
        *(
            f"pooled: {monday} is not firm; only firm starts are pooled"
            for monday, one in weeks.items()
            if one.pooled and one.starts_class is not StartsClass.FIRM
        ),
    ]
