"""Who has part in a request, as a condition on requests: such a person neither screens it nor decides its urgency."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, Date, cast, exists, false, func, or_, select
from sqlalchemy.orm import Session

from registry.access.accounts import begun
from registry.access.subject import PersonId, Subject
from registry.models import AuditEvent, Membership, Request
from registry.vocabulary.lifecycle import EDITABLE
from registry.vocabulary.roles import ORGANISATION_ROLES

DECIDES_URGENCY, CLOSES = "decide urgency", "close request"
"""What a screener may do with a request that is its sponsor's to change."""


def with_part(session: Session, subject: Subject, requests: Iterable[UUID]) -> frozenset[UUID]:
    """Return those of the requests in which the subject has part: one question, however many they are."""
    return frozenset(session.scalars(select(Request.id).where(Request.id.in_(list(requests)), has_part(subject))))


def has_part(subject: Subject) -> ColumnElement[bool]:
    """Requests of a sponsor the subject belongs to, or left since they were drafted, and those it acted on for a sponsor.

    That is: it entered, changed or submitted them. A delegate of the network has no part as long as somebody else did.
    Everybody may read their own roles, also those that have ended, and their own acts: the session must act as the
    subject, or as the machine.
    """
    if subject.person is None:
        return false()
    return or_(_belongs(subject), _belonged(subject.person), _acted(subject.person))


def _belongs(subject: Subject) -> ColumnElement[bool]:
    return Request.organisation_id.in_([place for role, place in subject.seats if role in ORGANISATION_ROLES])


def _belonged(person: PersonId) -> ColumnElement[bool]:
    drafted = cast(func.timezone("UTC", Request.created_at), Date)
    return exists().where(
        Membership.person_id == person,
        Membership.role.in_(ORGANISATION_ROLES),
        Membership.organisation_id == Request.organisation_id,
        begun(),
        or_(Membership.valid_to.is_(None), Membership.valid_to >= drafted),
    )


def _acted(person: PersonId) -> ColumnElement[bool]:
    changed = exists().where(
        AuditEvent.actor == person,
        AuditEvent.record_type == Request.__tablename__,
        AuditEvent.record_id == Request.id,
        AuditEvent.old["state"].astext.in_([state.value for state in EDITABLE]),
        AuditEvent.action.not_in((DECIDES_URGENCY, CLOSES)),
    )
    return or_(Request.created_by == person, changed)
