"""The first administrator: an installation without one gets a word that is shown once, ends after a day, and is used once.

There is no account with a password that everybody knows. The word makes nothing but the password of the first
administrator; as a key it opens nothing.
"""

from datetime import timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from registry.access.accounts import token_hash
from registry.access.subject import OPERATOR
from registry.models import ApiToken, Identity, Membership, Person
from registry.services.accounts import issue_token, revoke_token
from registry.services.logins import set_password
from registry.vocabulary.lifecycle import DataSet
from registry.vocabulary.roles import Role

ACCOUNT, LABEL = "first-administrator", "first administrator"
"""A rehearsal has an administrator, too, whom nobody can be; the names of accounts are unique."""
LASTS = timedelta(days=1)
OPENS_NOTHING = ("first:run",)
"""No operation asks for this scope."""


def first_word(session: Session) -> str | None:
    """Return a new word for the first administrator, None when somebody can log in as one; earlier words end."""
    able = select(Identity.id).where(Identity.person_id == Person.id).exists()
    holders = session.scalars(
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.role == Role.ADMINISTRATOR,
            Person.disabled_at.is_(None),
            Person.password_hash.is_not(None) | able,
        )
        .limit(1)
    ).first()
    if holders is not None:
        return None
    person = _account(session)
    for old in session.scalars(_words().where(ApiToken.person_id == person.id)):
        revoke_token(session, OPERATOR, old)
    ends = session.scalars(select(func.now() + LASTS)).one()
    return issue_token(session, OPERATOR, person, LABEL, ends, OPENS_NOTHING)


def claim(session: Session, word: str, password: str) -> Person | None:
    """Give the first administrator its password, once; None when the word is unknown, used, replaced or too old."""
    token = session.scalars(
        _words().where(ApiToken.secret_sha256 == token_hash(word), ApiToken.expires_at > func.now()).with_for_update()
    ).one_or_none()
    if token is None:
        return None
    person = session.get_one(Person, token.person_id)
    set_password(session, OPERATOR, person, password)
    revoke_token(session, OPERATOR, token)
    return person


def _words() -> Select[ApiToken]:
    """Words that still stand; anybody may label a key of their own like one, and no such key has this scope."""
    word = (ApiToken.label == LABEL) & (ApiToken.scopes == list(OPENS_NOTHING))
    return select(ApiToken).where(word, ApiToken.revoked_at.is_(None))


def _account(session: Session) -> Person:
    known = session.scalars(select(Person).where(Person.code == ACCOUNT, Person.data_set == DataSet.LIVE)).one_or_none()
    if known is not None:
        return known
    person = Person(code=ACCOUNT, name="First administrator", data_set=DataSet.LIVE)
    session.add(person)
    session.flush()
    session.add(Membership(person_id=person.id, role=Role.ADMINISTRATOR))
    session.flush()
    return person
