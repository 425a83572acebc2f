"""What a facility is told now and then: what is due, what ends soon, what a stale calendar missed. Sending is not here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from registry.access.subject import Subject
from registry.notices.links import LinkAct, make_link
from registry.queries.attestation import Attestation, AttestationState, attestation_of
from registry.queries.confirmations import CalendarFreshness, Missed, calendar_freshness, missed_while_excluded
from registry.queries.expiry import Expiry, expiring, stepped_down
from registry.vocabulary.facilities import Freshness

ATTEST_SOON = timedelta(days=30)
FULLY_BOOKED_FOR = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer the reader may give without logging in, and the signed text its address carries."""

    words: str
    signed: str


@dataclass(frozen=True, slots=True)
class Digest:
    """What one planner or QA of one facility is told; `lines` say it in plain words, the rest is what they rest on."""

    facility: UUID
    person: UUID
    calendar: CalendarFreshness
    attestation: Attestation
    new_steps: tuple[Expiry, ...]
    ends: tuple[Expiry, ...]
    missed: Missed | None
    answers: tuple[Answer, ...]
    lines: tuple[str, ...]

    @property
    def worth_sending(self) -> bool:
        """Whether anything is due, has come a step closer, or was missed."""
        return bool(self.lines)


def compose_digest(
    session: Session,
    subject: Subject,
    facility_id: UUID,
    person_id: UUID,
    *,
    key: bytes,
    now: datetime,
    last_sent: date | None = None,
) -> Digest | None:
    """Return what to tell a person about a facility since the last digest; None when the subject is not inside it.

    Links are made for the calendar only, and only while it is due: legal statements are signed after a login.
    """
    today = now.astimezone(UTC).date()
    calendar = calendar_freshness(session, subject, facility_id, today)
    attestation = attestation_of(session, subject, facility_id, today)
    if calendar is None or attestation.current_sha256 is None:
        return None
    ends = expiring(session, subject, facility_id, today)
    steps = ends if last_sent is None else stepped_down(ends, last_sent, today)
    missed = missed_while_excluded(session, subject, facility_id, today)
    due = calendar.state is not Freshness.CURRENT
    lines = [
        *_calendar_lines(calendar),
        *_missed_lines(missed),
        *_attestation_lines(attestation, today),
        *map(expiry_line, steps),
    ]
    return Digest(
        facility=facility_id,
        person=person_id,
        calendar=calendar,
        attestation=attestation,
        new_steps=tuple(steps),
        ends=tuple(ends),
        missed=missed,
        answers=_answers(key, facility_id, person_id, now) if due else (),
        lines=tuple(lines),
    )


def _answers(key: bytes, facility: UUID, person: UUID, now: datetime) -> tuple[Answer, ...]:
    today = now.astimezone(UTC).date()
    free_again = today + FULLY_BOOKED_FOR
    monday = today + timedelta(days=7 - today.weekday())
    acts: Mapping[LinkAct, tuple[str, date | None]] = {
        LinkAct.STILL_TRUE: ("The calendar is still true", None),
        LinkAct.FULLY_BOOKED: (f"Fully booked until {free_again}, the rest is still true", free_again),
        LinkAct.CLOSE_WEEK: (f"Closed in the week of {monday}, the rest is still true", monday),
    }
    return tuple(
        Answer(words, make_link(key, facility, person, act, now=now, day=day)) for act, (words, day) in acts.items()
    )


def _calendar_lines(calendar: CalendarFreshness) -> list[str]:
    if calendar.confirmed_on is None:
        return ["The calendar was never confirmed: rounds do without it."]
    said = f"The calendar was confirmed on {calendar.confirmed_on}, {calendar.age_days} days ago that count"
    match calendar.state:
        case Freshness.DUE:
            return [f"{said}: please confirm it."]
        case Freshness.OVERDUE:
            return [f"{said}: overdue, rounds do without it in {calendar.excluded_in_days} days."]
        case Freshness.EXCLUDED:
            return [f"{said}: rounds do without it until it is confirmed."]
        case _:
            return []


def _missed_lines(missed: Missed | None) -> list[str]:
    if missed is None:
        return []
    return [f"Since {missed.since} nothing but the age of the calendar kept {missed.requests} requests from you."]


def _attestation_lines(attestation: Attestation, today: date) -> list[str]:
    match attestation.state:
        case AttestationState.NEVER:
            return ["The legal record was never attested by QA: rounds do without it."]
        case AttestationState.LAPSED:
            return [f"The attestation of the legal record lapsed after {attestation.until}: rounds do without it."]
        case AttestationState.CHANGED:
            return [f"The legal record was changed after QA signed it on {attestation.attested_on}: it is unsigned."]
        case AttestationState.CURRENT:
            soon = attestation.until is not None and attestation.until - today <= ATTEST_SOON
            return [f"QA is asked to attest the legal record by {attestation.until}."] if soon else []


def expiry_line(end: Expiry) -> str:
    """Return in words what ends when."""
    if end.days <= 0:
        return f"{end.kind.value} {end.name} ended on {end.on}."
    return f"{end.kind.value} {end.name} ends on {end.on}, in {end.days} days."
