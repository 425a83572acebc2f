"""How old the facts are: the calendar by its rhythm, the legal record by QA within a year."""

from collections.abc import Hashable
from datetime import date

from matcher.eligibility.acceptance import nobody
from matcher.eligibility.finding import Finding, conditional, fails, own_rule, passes, unknown
from matcher.eligibility.rule import Round, Rule, Where
from registry.vocabulary.facilities import FRESHNESS_DAYS, Freshness, Rhythm

CALENDAR = own_rule("a calendar is confirmed at its rhythm; a declared closure stops the clock")
ATTESTATION = own_rule("QA attests the legal record once a year; the planner's confirmation does not count for it")

ATTESTATION_DAYS = 365


def calendar_age_of(where: Where, circle: Round) -> Hashable:
    """Rhythm, day of the last confirmation, and its age in days without declared closures."""
    facility = where.facility
    confirmed = facility.calendar_confirmed_on
    if confirmed is None:
        return facility.rhythm, None, 0
    return facility.rhythm, confirmed, max(0, (circle.known_on - confirmed).days - facility.calendar_clock_stopped_days)


def freshness_of(rhythm: Rhythm, age: int) -> Freshness:
    """How current a calendar of this rhythm is `age` days after its confirmation."""
    due, overdue, excluded = FRESHNESS_DAYS[rhythm]
    if age >= excluded:
        return Freshness.EXCLUDED
    if age >= overdue:
        return Freshness.OVERDUE
    return Freshness.DUE if age >= due else Freshness.CURRENT


def check_calendar(_asked: None, calendar: tuple[Rhythm, date | None, int]) -> Finding:
    """The calendar was confirmed recently enough; an overdue one is used on condition that it is confirmed."""
    rhythm, confirmed, age = calendar
    excluded = FRESHNESS_DAYS[rhythm][2]
    required = f"confirmed less than {excluded} days ago ({rhythm})"
    if confirmed is None:
        return unknown("never confirmed", required, ask="is the calendar true?")
    state = freshness_of(rhythm, age)
    words, margin = f"confirmed on {confirmed}, {age} days that count: {state}", float(excluded - age)
    if state is Freshness.EXCLUDED:
        return fails(
            words, required, margin=margin, unit="days", source="confirmation of the calendar", source_date=confirmed
        )
    if state is Freshness.OVERDUE:
        return conditional(
            words,
            required,
            condition="the planner confirms the calendar",
            margin=margin,
            unit="days",
            source="confirmation of the calendar",
            source_date=confirmed,
        )
    return passes(
        words, required, margin=margin, unit="days", source="confirmation of the calendar", source_date=confirmed
    )


def legal_age_of(where: Where, circle: Round) -> Hashable:
    """Day of the last attestation by QA, and its age in days."""
    confirmed = where.facility.legal_confirmed_on
    return confirmed, 0 if confirmed is None else (circle.known_on - confirmed).days


def check_attestation(_asked: None, legal: tuple[date | None, int]) -> Finding:
    """QA has attested the legal record within a year."""
    confirmed, age = legal
    required = f"attested by QA at most {ATTESTATION_DAYS} days ago"
    if confirmed is None:
        return unknown("never attested", required, ask="does QA attest the legal record?")
    words, margin = f"attested on {confirmed}, {age} days ago", float(ATTESTATION_DAYS - age)
    if margin < 0:
        return fails(words, required, margin=margin, unit="days", source="attestation by QA", source_date=confirmed)
    return passes(words, required, margin=margin, unit="days", source="attestation by QA", source_date=confirmed)


RULES = (
    Rule(
        "calendar-freshness",
        "Age of the calendar",
        CALENDAR,
        nobody,
        calendar_age_of,
        check_calendar,
        overridable_by="facility, by confirming",
    ),
    Rule(
        "legal-attestation",
        "Yearly attestation of the legal record by QA",
        ATTESTATION,
        nobody,
        legal_age_of,
        check_attestation,
        overridable_by="QA of the facility, by attesting",
    ),
)
