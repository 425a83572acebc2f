"""What a day brings to facilities: the digest in their rhythm, and every rung of the ladder once.

Each message carries an id made of what it tells, when, and to whom: a day that is worked through twice, or by two
workers at once, writes no second message.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from registry.access.permissions import Permission, require
from registry.access.subject import Subject
from registry.models import Facility, Membership, Person
from registry.notices.digest import Digest, compose_digest, expiry_line
from registry.notices.outbox import Message, put_message
from registry.queries.expiry import Expiry, expiring
from registry.vocabulary.facilities import Rhythm
from registry.vocabulary.lifecycle import DataSet, Publication
from registry.vocabulary.roles import Role

WRITTEN_TO = (Publication.PUBLISHED, Publication.SCHEDULED)
OVER_FOR = timedelta(days=30)
"""What ended longer ago is told no more."""


class AddressSettings(BaseSettings):
    """`GMPHUB_PUBLIC_ADDRESS`: where readers of letters reach this installation."""

    model_config = SettingsConfigDict(env_prefix="GMPHUB_", frozen=True, extra="ignore")

    public_address: str = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True)
class Recipient:
    """A planner or QA of a facility; only a planner can answer by a link."""

    person: UUID
    address: str | None
    planner: bool


def facilities_written_to(session: Session, subject: Subject) -> Sequence[UUID]:
    """Return the facilities in real use that are told what a day brings, by code; for the account of the machine."""
    require(subject, Permission.MANAGE_SYSTEM)
    question = select(Facility.id).where(Facility.data_set == DataSet.LIVE, Facility.publication.in_(WRITTEN_TO))
    return session.scalars(question.order_by(Facility.code)).all()


def post_digest(session: Session, subject: Subject, facility_id: UUID, *, key: bytes, now: datetime) -> int:
    """Write the digest of a facility to its planners and QA, where there is something to say; return to how many.

    One for each period of the rhythm the facility promised, and one more when the calendar gets staler within it.
    What ends soon is left to the ladder.
    """
    require(subject, Permission.MANAGE_SYSTEM)
    facility = session.get_one(Facility, facility_id)
    today = now.astimezone(UTC).date()
    period = period_of(facility.rhythm, today)
    written = 0
    for reader in recipients(session, facility, today):
        digest = compose_digest(session, subject, facility.id, reader.person, key=key, now=now, last_sent=today)
        if digest is not None and digest.worth_sending:
            state = digest.calendar.state or "never confirmed"
            _write(
                session,
                f"digest {facility.id} {period} {state} {reader.person}",
                reader,
                f"{facility.name}: what is due",
                _digest_text(digest, reader),
            )
            written += 1
    return written


def post_expiries(session: Session, subject: Subject, facility_id: UUID, today: date) -> int:
    """Write to planners and QA what of a facility ends within 180, 90 or 30 days or has just ended; return how much.

    Each rung of each end is told once; a renewal is another end.
    """
    require(subject, Permission.MANAGE_SYSTEM)
    facility = session.get_one(Facility, facility_id)
    readers = recipients(session, facility, today)
    ends = [one for one in expiring(session, subject, facility.id, today) if -one.days <= OVER_FOR.days]
    for reader in readers:
        for end in ends:
            line = expiry_line(end)
            _write(session, _expiry_id(end, reader), reader, f"{facility.name}: {line}", f"{line}\n")
    return len(ends) * len(readers)


def recipients(session: Session, facility: Facility, today: date) -> list[Recipient]:
    """Return who keeps a facility today: its planners and QA with open accounts, deputies among them, each once."""
    begun = or_(Membership.valid_from.is_(None), Membership.valid_from <= today)
    lasting = or_(Membership.valid_to.is_(None), Membership.valid_to > today)
    rows = session.execute(
        select(Person.id, Person.mail, Membership.role)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.organisation_id == facility.organisation_id,
            Membership.role.in_((Role.PLANNER, Role.QA)),
            Person.disabled_at.is_(None),
            begun,
            lasting,
        )
        .order_by(Person.id)
    ).all()
    planners = {person for person, _, role in rows if role is Role.PLANNER}
    mails = {person: mail for person, mail, _ in rows}
    return [Recipient(person, mail, person in planners) for person, mail in mails.items()]


def period_of(rhythm: Rhythm, day: date) -> str:
    """Return the name of the period a day lies in: weeks from Monday, pairs of them, months, quarters."""
    week = (day.toordinal() - 1) // 7
    match rhythm:
        case Rhythm.WEEKLY:
            return f"week {week}"
        case Rhythm.FORTNIGHTLY:
            return f"fortnight {week // 2}"
        case Rhythm.MONTHLY:
            return f"{day:%Y-%m}"
        case Rhythm.QUARTERLY:
            return f"{day.year}-Q{(day.month + 2) // 3}"


def _digest_text(digest: Digest, reader: Recipient) -> str:
    lines = [*digest.lines]
    if reader.planner and digest.answers:
        address = AddressSettings().public_address.rstrip("/")
        lines += ["", "Answer without logging in; each address works once and shows first what it will do:"]
        lines += [f"{answer.words}: {address}/calendar-answers/{answer.signed}" for answer in digest.answers]
    return "\n".join(lines) + "\n"


def _expiry_id(end: Expiry, reader: Recipient) -> str:
    return f"expiry {end.record_id} {end.on} {end.rung} {reader.person}"


def _write(session: Session, dedup_id: str, reader: Recipient, subject: str, body: str) -> None:
    put_message(
        session, Message(DataSet.LIVE, dedup_id, subject, body, person_id=reader.person, address=reader.address)
    )
