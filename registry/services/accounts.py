"""Accounts and their keys."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from registry.access.accounts import token_hash
from registry.access.permissions import Permission, incompatible, require
from registry.access.subject import Subject
from registry.errors import NotAllowedError, NotVisibleError
from registry.models import ApiToken, Identity, Invitation, Membership, Person
from registry.services.records import keep
from registry.vocabulary.roles import Role

TOKEN_PREFIX = "gmphub_"  # noqa: S105 - how a key begins, so that leaked ones can be found


def issue_token(
    session: Session,
    subject: Subject,
    person: Person,
    label: str,
    expires_at: datetime | None,
    scopes: Sequence[str] = (),
) -> str:
    """Make a key for an account and return it: the only time it can be read; without scopes it may what its owner may."""
    if person.id != subject.person:
        require(subject, Permission.MANAGE_ACCOUNTS)
    if not person.can_log_in or person.disabled_at is not None:
        raise NotAllowedError(f"The account {person.code} may not log in.", "Make a key for a person's account.")
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    digest = token_hash(secret)
    session.add(
        ApiToken(
            person_id=person.id, label=label, secret_sha256=digest, expires_at=expires_at, scopes=sorted(set(scopes))
        )
    )
    session.flush()
    return secret


def revoke_token(session: Session, subject: Subject, token: ApiToken) -> None:
    """End a key now."""
    if token.person_id != subject.person:
        require(subject, Permission.MANAGE_ACCOUNTS)
    token.revoked_at = token.revoked_at or session.scalar(func.now().select())
    session.flush()


def grant_role(
    session: Session,
    subject: Subject,
    person: Person,
    role: Role,
    *,
    organisation_id: UUID | None = None,
    network_id: UUID | None = None,
    held: frozenset[Role] = frozenset(),
) -> Membership:
    """Give a person a role; refuse what one person must not hold together with the roles it `held` already."""
    require(subject, Permission.MANAGE_ACCOUNTS)
    if role is Role.OPERATOR:
        raise NotAllowedError("The operator is the account of this machine; nobody else becomes it.")
    conflicts = incompatible(held | {role})
    if conflicts:
        pairs = ", ".join(" with ".join(sorted(pair)) for pair in conflicts)
        raise NotAllowedError(f"One person does not hold {pairs}.", "Give the role to somebody else.")
    membership = Membership(person_id=person.id, role=role, organisation_id=organisation_id, network_id=network_id)
    session.add(membership)
    session.flush()
    return membership


def withdraw_invitations(session: Session, person: Person) -> None:
    """Let no word that was given to a person before be good any more."""
    for open_one in session.scalars(
        select(Invitation).where(Invitation.person_id == person.id, Invitation.ended_at.is_(None))
    ):
        open_one.ended_at = session.scalar(func.now().select())
    session.flush()


def erase_person(session: Session, subject: Subject, person: Person) -> None:
    """Forget name and mail of a person and close the account; what it did stays, under its opaque key."""
    require(subject, Permission.MANAGE_ACCOUNTS)
    if not person.can_log_in:
        raise NotVisibleError("The account of this machine has no person to erase.")
    now = session.scalar(func.now().select())
    person.name = person.mail = person.password_hash = None
    person.code = f"erased-{person.id}"
    person.disabled_at = person.disabled_at or now
    person.erased_at = now
    withdraw_invitations(session, person)
    session.execute(delete(Identity).where(Identity.person_id == person.id))
    keep(session, "erase", "")
