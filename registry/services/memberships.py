"""Deputies and hand-over: who holds a role in an organisation shares it, or passes it on, to a colleague there.

Nobody gives away a role that is not held; a first holder, and an account for somebody new, come from an administrator.
"""

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.permissions import Permission, may
from registry.access.subject import OrganisationId, Subject
from registry.errors import NotAllowedError
from registry.models import Membership, Person
from registry.services.mixing import seat_fault
from registry.services.people import refuse_ended
from registry.services.records import check_version, found, keep, refuse_faults
from registry.vocabulary.roles import ORGANISATION_ROLES, Role


def name_deputy(
    session: Session,
    subject: Subject,
    organisation_id: UUID,
    role: Role,
    person_id: UUID,
    *,
    until: date | None,
    today: date,
    reason: str = "",
) -> Membership:
    """Let a colleague act in a role one holds, until a day (out) or until it is ended; a deputy names no deputy."""
    _require_own(subject, organisation_id, role)
    refuse_faults(
        [
            _deputy_fault(session, subject, organisation_id, role, today),
            "until: is not after today" if until is not None and until <= today else None,
            _colleague_fault(session, organisation_id, person_id, today),
            _held_fault(session, organisation_id, role, person_id, today),
            _mixing_fault(session, organisation_id, person_id),
        ],
        what="The deputy",
    )
    deputy = Membership(
        person_id=person_id,
        role=role,
        organisation_id=organisation_id,
        deputy=True,
        valid_from=today,
        valid_to=until,
    )
    session.add(deputy)
    keep(session, "name deputy", reason)
    return deputy


def end_deputy(
    session: Session, subject: Subject, membership_id: UUID, version: int, *, today: date, reason: str = ""
) -> Membership:
    """End a deputy's time today."""
    deputy = found(session, Membership, membership_id, visibility.memberships(subject))
    if deputy.organisation_id is None or not deputy.deputy:
        raise NotAllowedError("This is no deputy.", "Roles are taken away by an administrator.")
    _require_own(subject, deputy.organisation_id, deputy.role)
    check_version(deputy, version)
    refuse_ended(deputy, today)
    deputy.valid_to = today
    keep(session, "end deputy", reason)
    return deputy


def hand_over(
    session: Session,
    subject: Subject,
    organisation_id: UUID,
    role: Role,
    person_id: UUID,
    *,
    today: date,
    reason: str,
) -> Membership:
    """Pass one's own role on to a colleague: the colleague holds it from today, the subject no longer."""
    _require_own(subject, organisation_id, role)
    own = session.scalars(
        select(Membership).where(
            Membership.person_id == subject.person,
            Membership.organisation_id == organisation_id,
            Membership.role == role,
            Membership.deputy.is_(False),
            _lasting(today),
        )
    ).all()
    refuse_faults(
        [
            None if own else "role: you hold it on behalf of others only, and cannot hand it over",
            "person_id: you hold it already" if person_id == subject.person else None,
            _colleague_fault(session, organisation_id, person_id, today),
            _mixing_fault(session, organisation_id, person_id),
        ],
        what="The hand-over",
    )
    successor = session.scalars(
        select(Membership).where(
            Membership.person_id == person_id,
            Membership.organisation_id == organisation_id,
            Membership.role == role,
            _lasting(today),
        )
    ).first()
    if successor is None:
        successor = Membership(person_id=person_id, role=role, organisation_id=organisation_id, valid_from=today)
        session.add(successor)
    successor.deputy, successor.valid_to = False, None
    for membership in own:
        membership.valid_to = today
    keep(session, "hand over", reason)
    return successor


def _require_own(subject: Subject, organisation_id: UUID, role: Role) -> None:
    """Refuse unless the subject holds this very role there, or manages accounts."""
    place = OrganisationId(organisation_id)
    if role not in ORGANISATION_ROLES:
        raise NotAllowedError(f"The role {role.value} has no deputies.", "Ask an administrator.")
    if (role, place) not in subject.seats and not may(subject, Permission.MANAGE_ACCOUNTS):
        raise NotAllowedError(f"You are not {role.value} there.", "Ask somebody who is, or an administrator.")


def _deputy_fault(session: Session, subject: Subject, organisation_id: UUID, role: Role, today: date) -> str | None:
    """What a deputy holds ends with the person who named it, so it is not passed on."""
    if may(subject, Permission.MANAGE_ACCOUNTS):
        return None
    kinds = session.scalars(
        select(Membership.deputy).where(
            Membership.person_id == subject.person,
            Membership.organisation_id == organisation_id,
            Membership.role == role,
            _lasting(today),
        )
    ).all()
    return "role: you hold it as a deputy, and a deputy names no deputy" if kinds and all(kinds) else None


def _colleague_fault(session: Session, organisation_id: UUID, person_id: UUID, today: date) -> str | None:
    colleague = session.scalar(
        select(Membership.id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.person_id == person_id,
            Membership.organisation_id == organisation_id,
            _lasting(today),
            Person.disabled_at.is_(None),
        )
        .limit(1)
    )
    return None if colleague is not None else "person_id: is no colleague with an open account in this organisation"


def _mixing_fault(session: Session, organisation_id: UUID, person_id: UUID) -> str | None:
    person = session.get(Person, person_id)
    return None if person is None else seat_fault(session, person, organisation_id, None)


def _held_fault(session: Session, organisation_id: UUID, role: Role, person_id: UUID, today: date) -> str | None:
    held = session.scalar(
        select(Membership.id)
        .where(
            Membership.person_id == person_id,
            Membership.organisation_id == organisation_id,
            Membership.role == role,
            _lasting(today),
        )
        .limit(1)
    )
    return "person_id: acts in this role already" if held is not None else None


def _lasting(today: date) -> ColumnElement[bool]:
    return or_(Membership.valid_to.is_(None), Membership.valid_to > today)
