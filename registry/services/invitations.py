"""Invitations: a word that an administrator hands to somebody, who chooses the password of their own account with it.

An administrator neither sets nor learns a password. The word is shown once, kept as its hash, good for a week and used
once; a newer one, and closing the account, withdraw it. Until it is used, whatever password there was stays good.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.accounts import token_hash
from registry.access.permissions import Permission, require
from registry.access.subject import OPERATOR, Subject
from registry.models import Invitation, Person
from registry.services.accounts import withdraw_invitations
from registry.services.logins import TooManyGuesses, attempt, set_password
from registry.services.records import found, keep, refuse_faults

LASTS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Invited:
    """The word, which is kept nowhere else, and the instant from which it is no longer good."""

    word: str
    expires_at: datetime


def invite(session: Session, subject: Subject, person_id: UUID, *, reason: str = "") -> Invited:
    """Return a word for an account that is open; the one before is withdrawn. Nobody invites themselves.

    Whoever sits at an administrator's open browser must not get a password of that account without knowing the old one.
    """
    person = found(session, Person, person_id, visibility.persons(subject))
    require(subject, Permission.MANAGE_ACCOUNTS)
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
    session.refresh(person)
    refuse_faults(
        [
            None if person.can_log_in else "person: this is the account of the machine",
            None if person.disabled_at is None else "person: the account is closed",
            "person: nobody invites themselves; change your own password" if person.id == subject.person else None,
        ],
        what="The invitation",
    )
    withdraw_invitations(session, person)
    word = secrets.token_urlsafe(32)
    expires_at = session.scalars(select(func.now() + LASTS)).one()
    session.add(Invitation(person_id=person.id, word_sha256=token_hash(word), expires_at=expires_at))
    keep(session, "invite", reason)
    return Invited(word, expires_at)


def accept_invitation(
    session: Session, account: str, word: str, password: str, address: str, key: bytes
) -> Person | TooManyGuesses | None:
    """Give an account its password as the operator, use up the word, and end every login of the account.

    None when there is no such account, it is closed, or the word is not its own, used, withdrawn or too old. Wrong
    words count as wrong passwords do. A password that is refused leaves the word good.
    """
    person = session.scalars(
        select(Person).where(Person.code == account, Person.can_log_in, Person.disabled_at.is_(None)).with_for_update()
    ).one_or_none()
    owner = None if person is None else person.id
    good = attempt(session, account, address, key, lambda: _open(session, owner, word) is not None)
    if isinstance(good, TooManyGuesses):
        return good
    if not good or person is None:
        return None
    set_password(session, OPERATOR, person, password)
    withdraw_invitations(session, person)
    return person


def _open(session: Session, person_id: UUID | None, word: str) -> UUID | None:
    """Return the invitation of this person with this word, None when it is not good; one question, whoever it is."""
    return session.scalars(
        select(Invitation.id).where(
            Invitation.word_sha256 == token_hash(word),
            Invitation.person_id == person_id,
            Invitation.ended_at.is_(None),
            Invitation.expires_at > func.now(),
        )
    ).one_or_none()
