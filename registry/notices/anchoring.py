"""The signed head of the trail, written once a week to every auditor: parties who can say later what it was."""

from datetime import date

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from registry.access.permissions import Permission, require
from registry.access.subject import Subject
from registry.models import Membership, OutboxMessage, Person
from registry.notices.outbox import Message, put_message
from registry.services.auditing import anchor_trail
from registry.vocabulary.lifecycle import DataSet
from registry.vocabulary.roles import Role


def post_anchor(session: Session, subject: Subject, key: Ed25519PrivateKey, today: date) -> int:
    """Sign the head of the trail and write it to every auditor with an open account; return to how many.

    Nothing is signed where there is no auditor, or where this week's head was written already: a second one in the same
    week would be another anchor than the one they hold.
    """
    require(subject, Permission.MANAGE_SYSTEM)
    year, week, _ = today.isocalendar()
    name = f"anchor {year}-W{week:02}"
    written = session.scalar(
        select(func.count()).select_from(OutboxMessage).where(OutboxMessage.dedup_id.startswith(f"{name} "))
    )
    auditors = _auditors(session, today)
    if written or not auditors:
        return 0
    head = anchor_trail(session, key)
    body = f"Keep this line outside the platform; gmphub audit verify --anchors FILE checks the trail against it.\n\n{head.line()}\n"
    for person in auditors:
        message = Message(
            DataSet.LIVE,
            f"{name} {person.id}",
            f"Head of the trail, week {week} of {year}",
            body,
            person_id=person.id,
            address=person.mail,
        )
        put_message(session, message)
    return len(auditors)


def _auditors(session: Session, today: date) -> list[Person]:
    held = select(Membership.person_id).where(
        Membership.role == Role.AUDITOR,
        or_(Membership.valid_from.is_(None), Membership.valid_from <= today),
        or_(Membership.valid_to.is_(None), Membership.valid_to > today),
    )
    question = select(Person).where(Person.id.in_(held), Person.disabled_at.is_(None)).order_by(Person.id)
    return list(session.scalars(question))
