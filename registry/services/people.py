"""Accounts and roles, as an administrator keeps them; deputies and hand-over are in `memberships`."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.permissions import Permission, require
from registry.access.subject import Subject
from registry.errors import InvalidInputError, WrongStateError
from registry.models import Membership, Network, Organisation, Person
from registry.services.accounts import grant_role, withdraw_invitations
from registry.services.facilities import Seen
from registry.services.mixing import seat_fault
from registry.services.records import check_version, found, keep, refuse_faults
from registry.vocabulary.lifecycle import DataSet
from registry.vocabulary.roles import ORGANISATION_ROLES, Role


@dataclass(frozen=True, slots=True)
class NewAccount:
    """Under what somebody logs in; name and mail can be erased later, the account's key stays."""

    code: str
    name: str | None = None
    mail: str | None = None


def open_account(session: Session, subject: Subject, facts: NewAccount, *, reason: str = "") -> Person:
    """Make an account without a role and without a password."""
    require(subject, Permission.MANAGE_ACCOUNTS)
    known = session.scalar(select(Person.id).where(Person.code == facts.code))
    mail = facts.mail is None or "@" in facts.mail
    refuse_faults(
        [
            None if known is None else f"code: there is an account {facts.code!r} already",
            None if mail else "mail: an address has an @",
        ],
        what="The account",
    )
    person = Person(code=facts.code, name=facts.name, mail=facts.mail, data_set=DataSet.LIVE)
    session.add(person)
    keep(session, "open account", reason)
    return person


def close_account(session: Session, subject: Subject, seen: Seen, *, closed: bool, reason: str) -> Person:
    """Close an account, so that no key and no login of it is good any more, or open it again; not one's own."""
    person = found(session, Person, seen.id, visibility.persons(subject))
    require(subject, Permission.MANAGE_ACCOUNTS)
    check_version(person, seen.version)
    refuse_faults(
        [
            "person: nobody closes their own account" if person.id == subject.person else None,
            None if person.can_log_in else "person: this is the account of the machine",
            None if person.erased_at is None else "person: the account is erased",
        ],
        what="The change",
    )
    person.disabled_at = session.scalar(func.now().select()) if closed else None
    if closed:
        withdraw_invitations(session, person)
    keep(session, "close account" if closed else "reopen account", reason)
    return person


def give_role(
    session: Session,
    subject: Subject,
    person_id: UUID,
    role: Role,
    *,
    organisation_id: UUID | None,
    network_id: UUID | None,
    today: date,
    reason: str = "",
) -> Membership:
    """Give a person a role: in an organisation, in a network (delegate), or of the platform (neither); not oneself."""
    person = found(session, Person, person_id, visibility.persons(subject))
    require(subject, Permission.MANAGE_ACCOUNTS)
    own = "person: nobody gives a role to themselves" if person.id == subject.person else None
    mixed = seat_fault(session, person, organisation_id, network_id)
    refuse_faults([own, *_place_faults(session, role, organisation_id, network_id), mixed], what="The role")
    _wait_for_others(session, person)
    held = select(Membership).where(
        Membership.person_id == person.id, or_(Membership.valid_to.is_(None), Membership.valid_to > today)
    )
    rows = session.scalars(held).all()
    if any((row.role, row.organisation_id, row.network_id) == (role, organisation_id, network_id) for row in rows):
        raise InvalidInputError("This role is held already.", "", ("role: is held already",))
    made = grant_role(
        session,
        subject,
        person,
        role,
        organisation_id=organisation_id,
        network_id=network_id,
        held=frozenset(row.role for row in rows),
    )
    made.valid_from = today
    keep(session, "give role", reason)
    return made


def _wait_for_others(session: Session, person: Person) -> None:
    """Let one change of a person's roles end before the next looks: two that exclude each other are never both given."""
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update())


def end_role(session: Session, subject: Subject, seen: Seen, *, today: date, reason: str = "") -> None:
    """End a role today; whoever held it acts in it no longer with the next call."""
    membership = found(session, Membership, seen.id, visibility.memberships(subject))
    require(subject, Permission.MANAGE_ACCOUNTS)
    check_version(membership, seen.version)
    refuse_ended(membership, today)
    membership.valid_to = today
    keep(session, "end role", reason)


def refuse_ended(membership: Membership, today: date) -> None:
    """Refuse to end a role that has ended: the day it did stays on record; a later end may be brought forward."""
    if membership.valid_to is not None and membership.valid_to <= today:
        raise WrongStateError(f"This role ended on {membership.valid_to}.", "Nothing was changed.")


def _place_faults(
    session: Session, role: Role, organisation_id: UUID | None, network_id: UUID | None
) -> list[str | None]:
    within, across = role in ORGANISATION_ROLES, role is Role.DELEGATE
    return [
        None if within == (organisation_id is not None) else f"organisation_id: {_needed(within)} for {role.value}",
        None if across == (network_id is not None) else f"network_id: {_needed(across)} for {role.value}",
        "organisation_id: there is no such organisation"
        if organisation_id is not None and session.get(Organisation, organisation_id) is None
        else None,
        "network_id: there is no such network"
        if network_id is not None and session.get(Network, network_id) is None
        else None,
    ]


def _needed(wanted: bool) -> str:
    return "is needed" if wanted else "is not given"
