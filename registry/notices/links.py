"""Links that need no login: signed, expiring, for one facility and one act, used once; never a legal statement.

A page that opens such a link shows what it will do and does it on a second press only: programs that look at mail
open every link in it.
"""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.access.accounts import subject_of
from registry.access.permissions import Permission, may, require
from registry.access.subject import OrganisationId, Subject
from registry.database import act_as, seal_trail
from registry.errors import NotAllowedError
from registry.models import AuditEvent, Facility, Person
from registry.services.auditing import record_act
from registry.services.calendar_answers import close_week, fully_booked_until
from registry.services.confirmations import still_true

PURPOSE = b"gmphub calendar link 1\n"
"""Stands before what is signed, so that no signature made for something else fits."""
LASTS = timedelta(days=14)
USED = "use link"
REFUSED = "This link cannot be used."
LOG_IN = "Log in and say it in the calendar."


class LinkAct(StrEnum):
    """The three answers to "is your calendar still true?"."""

    STILL_TRUE = "still_true"
    FULLY_BOOKED = "fully_booked"
    CLOSE_WEEK = "close_week"


@dataclass(frozen=True, slots=True)
class Link:
    """What a link does: an act for one facility on behalf of one person, until an instant.

    `day` is the first day that is free again (fully booked) or the Monday of the week to close.
    """

    id: UUID
    facility: UUID
    person: UUID
    act: LinkAct
    day: date | None
    expires: datetime


def make_link(key: bytes, facility: UUID, person: UUID, act: LinkAct, *, now: datetime, day: date | None = None) -> str:
    """Return the signed text of a link that lasts two weeks from `now` (an aware instant)."""
    link = Link(uuid4(), facility, person, act, day, now + LASTS)
    content = json.dumps(_document(link), separators=(",", ":"), sort_keys=True).encode()
    return f"{_text(content)}.{_text(_signature(key, content))}"


def read_link(key: bytes, signed: str, now: datetime) -> Link:
    """Return what a link does; refused when it is not ours, was altered, or has expired."""
    try:
        content, signature = map(_bytes, signed.split("."))
    except (ValueError, binascii.Error):
        raise NotAllowedError(REFUSED, LOG_IN) from None
    if not hmac.compare_digest(signature, _signature(key, content)):
        raise NotAllowedError(REFUSED, LOG_IN)
    link = _link(content)
    if now >= link.expires:
        raise NotAllowedError("This link has expired.", LOG_IN)
    return link


def facility_of(session: Session, subject: Subject, link: Link) -> str:
    """Return the name of the facility a link is for, to show what it will do; `subject` is the machine."""
    require(subject, Permission.MANAGE_SYSTEM)
    facility = session.get(Facility, link.facility)
    if facility is None:
        raise NotAllowedError(REFUSED, LOG_IN)
    return facility.name


def use_link(session: Session, subject: Subject, key: bytes, signed: str, now: datetime) -> Link:
    """Do what a link says, once, in the name and with today's rights of the person it was sent to.

    The session and `subject` are the machine's: nobody is logged in. The use is an event of the trail, and because
    every writer of the trail waits for the one before, two uses at once cannot both be the first.
    """
    require(subject, Permission.MANAGE_SYSTEM)
    link = read_link(key, signed, now)
    facility = session.get(Facility, link.facility)
    person = session.get(Person, link.person)
    if facility is None or person is None or person.disabled_at is not None:
        raise NotAllowedError(REFUSED, LOG_IN)
    record_act(
        session, USED, "facility", facility.id, organisations=[facility.organisation_id], correlation=str(link.id)
    )
    uses = session.scalar(
        select(func.count()).where(
            AuditEvent.record_type == "facility",
            AuditEvent.record_id == facility.id,
            AuditEvent.action == USED,
            AuditEvent.correlation == str(link.id),
        )
    )
    if uses != 1:
        raise NotAllowedError("This link was used before.", LOG_IN)
    planner = subject_of(session, person)
    if not may(planner, Permission.CONFIRM_CALENDAR, OrganisationId(facility.organisation_id)):
        raise NotAllowedError("You no longer keep this calendar.", "Ask the facility's planner.")
    act_as(session, planner, correlation=str(link.id))
    _do(session, planner, link, now)
    seal_trail(session)
    act_as(session, subject)
    return link


def _do(session: Session, planner: Subject, link: Link, now: datetime) -> None:
    today, reason = now.astimezone(UTC).date(), "answered by a link"
    match link.act:
        case LinkAct.STILL_TRUE:
            still_true(session, planner, link.facility, today, reason=reason)
        case LinkAct.FULLY_BOOKED:
            assert link.day is not None
            fully_booked_until(session, planner, link.facility, link.day, today, reason=reason)
        case LinkAct.CLOSE_WEEK:
            assert link.day is not None
            close_week(session, planner, link.facility, link.day, today, reason=reason)


def _document(link: Link) -> dict[str, str | None]:
    return {
        "id": str(link.id),
        "facility": str(link.facility),
        "person": str(link.person),
        "act": link.act.value,
        "day": None if link.day is None else link.day.isoformat(),
        "expires": link.expires.astimezone(UTC).isoformat(),
    }


def _link(content: bytes) -> Link:
    """Read what was signed; an act that no link may carry is refused even under a good signature."""
    try:
        document = json.loads(content)
        act, day = LinkAct(document["act"]), document["day"]
        link = Link(
            UUID(document["id"]),
            UUID(document["facility"]),
            UUID(document["person"]),
            act,
            None if day is None else date.fromisoformat(day),
            datetime.fromisoformat(document["expires"]),
        )
    except (ValueError, KeyError, TypeError):
        raise NotAllowedError(REFUSED, LOG_IN) from None
    if (link.day is None) != (act is LinkAct.STILL_TRUE):
        raise NotAllowedError(REFUSED, LOG_IN)
    return link


def _signature(key: bytes, content: bytes) -> bytes:
    return hmac.new(key, PURPOSE + content, hashlib.sha256).digest()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
