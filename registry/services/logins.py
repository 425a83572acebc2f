"""Local accounts: passwords (argon2id), logins on a browser, and slowing down whoever guesses.

At most 5 wrong passwords for an account from one address, 10 for an account altogether and 50 from one address over all
accounts are looked at in an hour; after that nothing is evaluated until the hour is over (OWASP ASVS 5.0, 6.3.1).
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import Session

from registry.access.accounts import subject_of, token_hash
from registry.access.permissions import Permission, require
from registry.access.subject import Subject
from registry.errors import InvalidInputError
from registry.models import LoginAttempt, LoginSession, Person

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 200
WINDOW = timedelta(hours=1)
GUESSES_FROM_AN_ADDRESS = 5
GUESSES_AT_AN_ACCOUNT = 10
GUESSES_FROM_AN_ADDRESS_AT_ALL = 50
LOGIN_LASTS = timedelta(hours=12)
LOGIN_IDLES = timedelta(minutes=30)
PROLONGED_AFTER = timedelta(minutes=5)
"""A login ends 12 hours after it began, or 30 minutes (less at most 5) after it was last used."""
HASHER = PasswordHasher()
NOBODYS_HASH = HASHER.hash(secrets.token_urlsafe(32))


@dataclass(frozen=True, slots=True)
class Login:
    """The secret of a new login: it goes into the cookie and is kept nowhere else."""

    secret: str
    person: Person


@dataclass(frozen=True, slots=True)
class TooManyGuesses:
    """Nothing was looked at; try again after so many seconds."""

    wait_seconds: int


def set_password(session: Session, subject: Subject, person: Person, password: str) -> None:
    """Give an account a password, one's own or as administrator, and end every login of it."""
    if person.id != subject.person:
        require(subject, Permission.MANAGE_ACCOUNTS)
    fault = _password_fault(person, password)
    if fault is not None:
        raise InvalidInputError(f"The password {fault}.", "A sentence is easy to remember.", [f"password: {fault}"])
    person.password_hash = HASHER.hash(password)
    for login in session.scalars(
        select(LoginSession).where(LoginSession.person_id == person.id, LoginSession.ended_at.is_(None))
    ):
        login.ended_at = session.scalar(func.now().select())
    session.flush()


def _password_fault(person: Person, password: str) -> str | None:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        return f"has not {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters"
    if password.casefold() in {person.code.casefold(), (person.name or "").casefold(), (person.mail or "").casefold()}:
        return "repeats the account"
    return None


def log_in(session: Session, account: str, password: str, address: str, key: bytes) -> Login | TooManyGuesses | None:
    """Check a password as the operator and open a login; None when account or password is wrong."""
    person = session.scalars(
        select(Person).where(Person.code == account, Person.can_log_in, Person.disabled_at.is_(None))
    ).one_or_none()
    good = _attempt(session, account, person, password, address, key)
    if isinstance(good, TooManyGuesses):
        return good
    return open_session(session, person, "password") if good and person is not None else None


def prove_password(session: Session, person_id: UUID, password: str, address: str, key: bytes) -> bool | TooManyGuesses:
    """Check, as the operator, the password of somebody who is known already, under the same limits as a login."""
    person = session.scalars(
        select(Person).where(Person.id == person_id, Person.can_log_in, Person.disabled_at.is_(None))
    ).one_or_none()
    return person is not None and _attempt(session, person.code, person, password, address, key)


def open_session(session: Session, person: Person, method: str) -> Login:
    """Open a login for a person who has proved who it is; it always gets a new secret."""
    secret = secrets.token_urlsafe(32)
    ends = session.scalar(select(func.now() + LOGIN_IDLES))
    session.add(LoginSession(person_id=person.id, secret_sha256=token_hash(secret), method=method, ends_at=ends))
    session.flush()
    return Login(secret, person)


def _attempt(
    session: Session, account: str, person: Person | None, password: str, address: str, key: bytes
) -> bool | TooManyGuesses:
    """Check a password; the same work is done for an account that does not exist."""
    stored = None if person is None else person.password_hash
    return attempt(session, account, address, key, lambda: _matches(stored, password))


def attempt(
    session: Session, account: str, address: str, key: bytes, proves: Callable[[], bool]
) -> bool | TooManyGuesses:
    """Return what `proves` says of a guess at an account, unless there were too many before: then it is not asked.

    Every attempt is kept, with account and address as hashes under `key`; the session is the operator's.
    """
    account_hash, address_hash = _keyed(key, account.casefold()), _keyed(key, address)
    for waiting_for in (account_hash, address_hash):
        session.execute(text("select pg_advisory_xact_lock(hashtextextended(:hash, 0))"), {"hash": waiting_for})
    here, at_account = LoginAttempt.address_hash == address_hash, LoginAttempt.account_hash == account_hash
    if (
        _wrong(session, here, at_account) >= GUESSES_FROM_AN_ADDRESS
        or _wrong(session, at_account) >= GUESSES_AT_AN_ACCOUNT
        or _wrong(session, here) >= GUESSES_FROM_AN_ADDRESS_AT_ALL
    ):
        return TooManyGuesses(int(WINDOW.total_seconds()))
    good = proves()
    session.add(LoginAttempt(account_hash=account_hash, address_hash=address_hash, succeeded=good))
    session.flush()
    return good


def subject_of_login(session: Session, secret: str) -> Subject | None:
    """Return who is logged in with this cookie, None when the login has ended; the session needs no rights."""
    digest = token_hash(secret)
    session.execute(text("select set_config('app.token', :digest, true)"), {"digest": digest})
    row = session.execute(
        select(LoginSession.person_id, LoginSession.ends_at, func.now()).where(
            LoginSession.secret_sha256 == digest, LoginSession.ended_at.is_(None), LoginSession.ends_at > func.now()
        )
    ).one_or_none()
    if row is None:
        return None
    person_id, ends_at, now = row
    session.execute(text("select set_config('app.person', :person, true)"), {"person": str(person_id)})
    person = session.scalars(
        select(Person).where(Person.id == person_id, Person.can_log_in, Person.disabled_at.is_(None))
    ).one_or_none()
    if person is None:
        return None
    if ends_at - now < LOGIN_IDLES - PROLONGED_AFTER:
        _prolong(session, digest)
    return subject_of(session, person)


def _prolong(session: Session, digest: str) -> None:
    """Let a login that is used last on, never beyond twelve hours after it began; the user cannot change either limit."""
    login = session.scalars(select(LoginSession).where(LoginSession.secret_sha256 == digest)).one()
    now = session.scalars(select(func.now())).one()
    ends = min(now + LOGIN_IDLES, login.created_at + LOGIN_LASTS)
    if ends > login.ends_at:
        login.ends_at = ends
        session.flush()


def log_out(session: Session, secret: str) -> None:
    """End the login of this cookie now."""
    login = session.scalars(select(LoginSession).where(LoginSession.secret_sha256 == token_hash(secret))).one_or_none()
    if login is not None and login.ended_at is None:
        login.ended_at = session.scalar(func.now().select())
        session.flush()


def _wrong(session: Session, *conditions: ColumnElement[bool]) -> int:
    """Count the wrong guesses in the window that is still open."""
    question = select(func.count()).where(
        LoginAttempt.succeeded.is_(False),
        LoginAttempt.attempted_at > func.now() - WINDOW,
        *conditions,
    )
    return session.scalar(question) or 0


def _matches(stored: str | None, password: str) -> bool:
    """Whether the password fits; as much work without a stored hash."""
    try:
        HASHER.verify(stored or NOBODYS_HASH, password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def _keyed(key: bytes, words: str) -> str:
    return hmac.new(key, words.encode(), hashlib.sha256).hexdigest()
