"""Which authorisations QA stands for as they are recorded now: whoever else changes one leaves it unknown until QA signs."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Select, cast, exists, or_, select, union_all
from sqlalchemy.orm import Session

from registry.models import Authorisation, AuthorisedSuite, Confirmation, Facility, Membership, ScopeLine, Signature
from registry.vocabulary.lifecycle import ConfirmationSubject, DataSet
from registry.vocabulary.roles import Role


def not_vouched_for(session: Session, facilities: Collection[UUID]) -> frozenset[UUID]:
    """Return the authorisations of these facilities, in real use, that nobody of their QA stands for as they are.

    QA stands for an authorisation when the newest change of it, of each of its scope lines and of each of its rooms was
    made by somebody who was QA there on that day, or when QA has signed the legal record since. The database stamps who
    changed a row, so that no value in it can say otherwise.
    """
    changes = union_all(
        _changes(Authorisation, Authorisation.id, facilities),
        _changes(ScopeLine, ScopeLine.authorisation_id, facilities),
        _changes(AuthorisedSuite, AuthorisedSuite.authorisation_id, facilities),
    ).subquery("changes")
    on = cast(changes.c.changed_at, Date)
    by_qa = exists().where(
        Membership.person_id == changes.c.changed_by,
        Membership.organisation_id == changes.c.organisation_id,
        Membership.role == Role.QA,
        Membership.created_at <= changes.c.changed_at,
        or_(Membership.valid_from.is_(None), Membership.valid_from <= on),
        or_(Membership.valid_to.is_(None), Membership.valid_to > on),
    )
    signed = exists().where(
        Confirmation.facility_id == changes.c.facility_id,
        Confirmation.subject == ConfirmationSubject.LEGAL,
        Signature.id == Confirmation.signature_id,
        Signature.signed_at >= changes.c.changed_at,
    )
    return frozenset(session.scalars(select(changes.c.authorisation).distinct().where(~by_qa, ~signed)))


def _changes(table: type[Any], authorisation: Any, facilities: Collection[UUID]) -> Select[Any]:
    return (
        select(
            authorisation.label("authorisation"),
            table.facility_id,
            table.organisation_id,
            table.changed_by,
            table.changed_at,
        )
        .join(Facility, Facility.id == table.facility_id)
        .where(Facility.data_set == DataSet.LIVE, table.facility_id.in_(facilities))
    )
