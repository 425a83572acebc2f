"""Accounts, the roles they hold, and who acts for which organisation or network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import Membership, Network, Organisation, Person
from registry.vocabulary.roles import Role


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A role somebody holds: `person` is the name where one is recorded, else the account."""

    id: UUID
    version: int
    person_id: UUID
    person: str
    role: Role
    organisation_id: UUID | None
    network_id: UUID | None
    deputy: bool
    valid_from: date | None
    valid_to: date | None


def members_of(session: Session, subject: Subject, organisation_id: UUID, today: date) -> list[MemberLine]:
    """Return who acts in an organisation today or later, as far as the subject may know, by role and name."""
    return _lines(session, subject, Membership.organisation_id == organisation_id, today)


def delegates_of(session: Session, subject: Subject, network_id: UUID, today: date) -> list[MemberLine]:
    """Return the delegates of a network today or later, as far as the subject may know."""
    return _lines(session, subject, Membership.network_id == network_id, today)


def in_network(session: Session, subject: Subject, network_id: UUID) -> bool:
    """Whether the subject acts in an organisation of the network, or is its delegate."""
    mine = select(Organisation.id).where(
        Organisation.network_id == network_id, Organisation.id.in_(subject.organisations)
    )
    return session.scalars(mine.limit(1)).first() is not None or network_id in own_networks(session, subject)


def own_networks(session: Session, subject: Subject) -> Mapping[UUID, str]:
    """Return the names of the networks whose delegate the subject is today, also of those without members."""
    question = (
        select(Network.id, Network.name)
        .join(Membership, Membership.network_id == Network.id)
        .where(
            visibility.memberships(subject),
            Membership.person_id == subject.person,
            or_(Membership.valid_from.is_(None), Membership.valid_from <= func.current_date()),
            or_(Membership.valid_to.is_(None), Membership.valid_to > func.current_date()),
        )
    )
    return {row.id: row.name for row in session.execute(question)}


def roles_of(session: Session, subject: Subject, person_id: UUID, today: date) -> list[MemberLine]:
    """Return the roles a person holds today or later, as far as the subject may know."""
    return _lines(session, subject, Membership.person_id == person_id, today)


def list_accounts(
    session: Session, subject: Subject, *, after: tuple[str, UUID] | None, limit: int
) -> Sequence[Person]:
    """Return the accounts of people the subject may see, by account, those after the key (account, id)."""
    question = select(Person).where(visibility.persons(subject), Person.can_log_in)
    if after is not None:
        question = question.where(tuple_(Person.code, Person.id) > tuple_(*after))
    return session.scalars(question.order_by(Person.code, Person.id).limit(limit)).all()


def one_account(session: Session, subject: Subject, person_id: UUID) -> Person | None:
    """Return an account the subject may see, None when there is none."""
    question = select(Person).where(visibility.persons(subject), Person.can_log_in, Person.id == person_id)
    return session.scalars(question).one_or_none()


def _lines(session: Session, subject: Subject, which: ColumnElement[bool], today: date) -> list[MemberLine]:
    lasting = or_(Membership.valid_to.is_(None), Membership.valid_to > today)
    rows = session.execute(
        select(Membership, Person.name, Person.code)
        .join(Person, Person.id == Membership.person_id)
        .where(visibility.memberships(subject), visibility.persons(subject), which, lasting)
    )
    lines = [
        MemberLine(
            row.id,
            row.version,
            row.person_id,
            name or code,
            row.role,
            row.organisation_id,
            row.network_id,
            row.deputy,
            row.valid_from,
            row.valid_to,
        )
        for row, name, code in rows
    ]
    return sorted(lines, key=lambda line: (line.role, line.person, line.id))
