"""From an account, a name or a key to the subject that acts."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select, text
from sqlalchemy.orm import Session

from registry.access.subject import OPERATOR, OPERATOR_ID, OrganisationId, PersonId, Subject
from registry.errors import NotVisibleError
from registry.models import Membership, Organisation, Person
from registry.vocabulary.roles import Role

HOLDER = text("select person, scopes, role, organisation from holder_of_key(:digest)")


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """Who acts with a key, and what the key is limited to; empty = nothing beyond what its owner may."""

    subject: Subject
    scopes: frozenset[str]


def person_named(session: Session, code: str) -> Person:
    """Return the open account of that name; the session must be one that may see accounts."""
    person = session.scalars(select(Person).where(Person.code == code, Person.disabled_at.is_(None))).one_or_none()
    if person is None:
        raise NotVisibleError(f"There is no account {code!r}.", "Ask an administrator for the name of yours.")
    return person


def subject_named(session: Session, code: str) -> Subject:
    """Return who acts under a name; the session must be one of the operator."""
    return subject_of(session, person_named(session, code))


def subject_of(session: Session, person: Person) -> Subject:
    """Return a person with every role held today; a delegate's reach to each member of the network."""
    held = session.scalars(select(Membership).where(Membership.person_id == person.id, _valid_today())).all()
    return _acting(session, PersonId(person.id), held)


def seats_since(session: Session, subject: Subject, since: date) -> frozenset[tuple[Role, OrganisationId | None]]:
    """Return the seats the subject holds, and those it held that ended on `since` or later.

    Everybody may read their own roles, also those that have ended: the session must act as the subject, or as the
    machine.
    """
    if subject.person is None:
        return subject.seats
    question = select(Membership).where(Membership.person_id == subject.person, begun(), Membership.valid_to >= since)
    return subject.seats | _acting(session, subject.person, session.scalars(question)).seats


def _acting(session: Session, person: PersonId, held: Iterable[Membership]) -> Subject:
    if person == OPERATOR_ID:
        return OPERATOR
    seats: set[tuple[Role, OrganisationId | None]] = set()
    for membership in held:
        if membership.network_id is not None:
            members = select(Organisation.id).where(Organisation.network_id == membership.network_id)
            seats |= {(membership.role, OrganisationId(member)) for member in session.scalars(members)}
        else:
            place = membership.organisation_id
            seats.add((membership.role, None if place is None else OrganisationId(place)))
    return Subject(person, frozenset(seats))


def subject_of_token(session: Session, secret: str) -> Subject | None:
    """Return who a key belongs to, None when it is unknown, expired, revoked, or its owner may not log in.

    The session needs no rights: it may see the one row whose hash it can name, and then its owner's own account.
    """
    return subject_of_key(session, token_hash(secret))


def subject_of_key(session: Session, digest: str) -> Subject | None:
    """Return who a key belongs to, by the SHA-256 of its secret; None as above."""
    held = holder_of_key(session, digest)
    return None if held is None else held.subject


def holder_of_key(session: Session, digest: str) -> KeyHolder | None:
    """Return who a key belongs to and what it is limited to, by the SHA-256 of its secret; None as above."""
    rows = session.connection().execute(HOLDER, {"digest": digest}).all()
    if not rows:
        return None
    seats = {
        (Role(row.role), None if row.organisation is None else OrganisationId(row.organisation))
        for row in rows
        if row.role is not None
    }
    return KeyHolder(Subject(PersonId(rows[0].person), frozenset(seats)), frozenset(rows[0].scopes))


def token_hash(secret: str) -> str:
    """What is stored of a key: SHA-256 in hexadecimal; the secret itself has 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def begun() -> ColumnElement[bool]:
    """Roles that somebody holds today, or has held."""
    return or_(Membership.valid_from.is_(None), Membership.valid_from <= func.current_date())


def _valid_today() -> ColumnElement[bool]:
    return begun() & or_(Membership.valid_to.is_(None), Membership.valid_to > func.current_date())
