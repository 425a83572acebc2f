"""The caller's own account, and the keys it may see."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.accounts import token_hash
from registry.access.subject import Subject
from registry.models import ApiToken, Organisation, Person


def own_account(session: Session, subject: Subject) -> Person:
    """Return the account of the subject."""
    return session.scalars(select(Person).where(Person.id == subject.person)).one()


def own_organisations(session: Session, subject: Subject) -> Mapping[UUID, str]:
    """Return the names of the organisations the subject belongs to."""
    question = select(Organisation.id, Organisation.name).where(Organisation.id.in_(subject.organisations))
    return {row.id: row.name for row in session.execute(question)}


def list_tokens(session: Session, subject: Subject) -> Sequence[ApiToken]:
    """Return the subject's own keys, newest first."""
    question = select(ApiToken).where(visibility.tokens(subject), ApiToken.person_id == subject.person)
    return session.scalars(question.order_by(ApiToken.created_at.desc(), ApiToken.id)).all()


def one_token(session: Session, subject: Subject, token_id: UUID) -> ApiToken | None:
    """Return a key the subject may see, None when there is none."""
    return session.scalars(select(ApiToken).where(visibility.tokens(subject), ApiToken.id == token_id)).one_or_none()


def token_of_secret(session: Session, secret: str) -> ApiToken:
    """Return the key that was just made, by its secret."""
    return session.scalars(select(ApiToken).where(ApiToken.secret_sha256 == token_hash(secret))).one()
