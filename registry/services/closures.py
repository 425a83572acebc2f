"""Days a facility or a suite is open, closed or taken; own use and the repeat reserve need no reason, and show none."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

from dateutil.rrule import rrulestr
from sqlalchemy.orm import Session

from registry.access.permissions import Permission
from registry.access.subject import Subject
from registry.models import Closure, Opening, Suite
from registry.queries.closed_days import LONGEST_LOOK, repeated
from registry.services.facilities import Seen
from registry.services.records import (
    assign,
    check_version,
    facility_for,
    keep,
    owner_of,
    refuse_faults,
    require_any,
    within,
)
from registry.vocabulary.facilities import ClosureKind
from registry.vocabulary.lifecycle import Source
from registry.vocabulary.periods import Days

FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")
PARTS = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS", "WKST")
PART = re.compile(r"[A-Z]+=[A-Z0-9,+-]+")
MOST_OCCURRENCES = 600
TWICE_A_YEAR = "FREQ=MONTHLY;INTERVAL=6"


@dataclass(frozen=True, slots=True)
class ClosureFacts:
    """Days from `starts` (in) to `ends` (out, None = without end); without a suite the whole facility.

    `recurrence` is an RFC 5545 rule that the first day itself fits, for example "FREQ=MONTHLY;INTERVAL=6".
    """

    kind: ClosureKind
    starts: date
    ends: date | None = None
    suite_id: UUID | None = None
    recurrence: str | None = None
    source: Source = Source.TYPED


@dataclass(frozen=True, slots=True)
class OpeningFacts:
    """Days a suite, or without one the facility, may be used, from `starts` (in) to `ends` (out, None = without end)."""

    starts: date
    ends: date | None = None
    suite_id: UUID | None = None


def close(session: Session, subject: Subject, facility_id: UUID, facts: ClosureFacts, *, reason: str = "") -> Closure:
    """Record days on which a facility or a suite is closed or taken."""
    facility = facility_for(session, subject, facility_id, Permission.EDIT_CALENDAR)
    refuse_faults([*_faults(facts), suite_fault(session, facility.id, facts.suite_id)], what="The closure")
    closure = Closure(**owner_of(facility))
    assign(closure, facts)
    session.add(closure)
    keep(session, "close", reason)
    return closure


def change_closure(session: Session, subject: Subject, seen: Seen, facts: ClosureFacts, *, reason: str = "") -> Closure:
    """Change the days, the kind or the rule of a closure."""
    closure = within(session, subject, Closure, seen.id)
    require_any(subject, closure.organisation_id, Permission.EDIT_CALENDAR)
    check_version(closure, seen.version)
    refuse_faults([*_faults(facts), suite_fault(session, closure.facility_id, facts.suite_id)], what="The closure")
    assign(closure, facts)
    keep(session, "change closure", reason)
    return closure


def remove_closure(session: Session, subject: Subject, seen: Seen, *, reason: str = "") -> None:
    """Take a closure back; the trail keeps it."""
    closure = within(session, subject, Closure, seen.id)
    require_any(subject, closure.organisation_id, Permission.EDIT_CALENDAR)
    check_version(closure, seen.version)
    session.delete(closure)
    keep(session, "remove closure", reason)


def open_days(
    session: Session, subject: Subject, facility_id: UUID, facts: OpeningFacts, *, reason: str = ""
) -> Opening:
    """Record days on which a suite, or all suites of a facility, may be used."""
    facility = facility_for(session, subject, facility_id, Permission.EDIT_CALENDAR)
    refuse_faults(
        [order_fault(facts.starts, facts.ends), suite_fault(session, facility.id, facts.suite_id)],
        what="The opening",
    )
    opening = Opening(**owner_of(facility))
    assign(opening, facts)
    session.add(opening)
    keep(session, "open", reason)
    return opening


def recurrence_fault(facts: ClosureFacts) -> str | None:
    """Return what is wrong with the rule of a closure, None when it can be followed."""
    rule = facts.recurrence
    if rule is None:
        return None
    if facts.ends is None:
        return "recurrence: only a closure with an end comes back"
    parts = rule.split(";")
    names = [part.partition("=")[0] for part in parts]
    if not all(PART.fullmatch(part) for part in parts) or not set(names) <= set(PARTS) or len(set(names)) < len(names):
        return f"recurrence: {rule!r} is not an RFC 5545 rule of {', '.join(PARTS)}"
    if any(part in ("INTERVAL=0", "COUNT=0") for part in parts):
        return "recurrence: INTERVAL and COUNT are at least 1"
    if parts[names.index("FREQ")].partition("=")[2] not in FREQUENCIES if "FREQ" in names else True:
        return f"recurrence: FREQ is one of {', '.join(FREQUENCIES)}"
    try:
        rrulestr(rule)
        first = Days(facts.starts, facts.ends)
        found = repeated(first, rule, facts.starts + LONGEST_LOOK)
    except (ValueError, TypeError, OverflowError) as error:
        return f"recurrence: {rule!r} cannot be followed ({error})"
    if first not in found:
        return f"recurrence: the first day {facts.starts} does not fit the rule"
    if len(found) > MOST_OCCURRENCES:
        return f"recurrence: comes back more than {MOST_OCCURRENCES} times in ten years"
    if any(second.start < first.start + (facts.ends - facts.starts) for first, second in pairwise(found)):
        return "recurrence: comes back before it ends"
    return None


def _faults(facts: ClosureFacts) -> list[str | None]:
    return [order_fault(facts.starts, facts.ends), recurrence_fault(facts)]


def order_fault(starts: date, ends: date | None) -> str | None:
    """Return the fault of days that end before they start, or later than anybody can know."""
    if ends is None or starts < ends <= starts + timedelta(days=3660):
        return None
    return "ends: is not after starts, or more than ten years later"


def suite_fault(session: Session, facility_id: UUID, suite_id: UUID | None) -> str | None:
    """Return the fault of a suite that is not of the facility."""
    if suite_id is None:
        return None
    suite = session.get(Suite, suite_id)
    return None if suite is not None and suite.facility_id == facility_id else "suite_id: is no suite of this facility"
