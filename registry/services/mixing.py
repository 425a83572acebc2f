"""The rehearsal and everything else never mix: nobody acts on both sides, and no network reaches across."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.access.subject import OPERATOR, Subject
from registry.models import Membership, Organisation, Person
from registry.services.records import acting_for_a_moment
from registry.vocabulary.lifecycle import DataSet


def seat_fault(session: Session, person: Person, organisation_id: UUID | None, network_id: UUID | None) -> str | None:
    """Return the fault of a role that would let a person act in a data set that is not theirs."""
    if organisation_id is not None:
        places = select(Organisation.data_set).where(Organisation.id == organisation_id)
    else:
        places = select(Organisation.data_set).where(Organisation.network_id == network_id)
    if not _apart(person.data_set, session.scalars(places)):
        return None
    field = "network_id" if organisation_id is None else "organisation_id"
    own, other = (
        ("the rehearsal's", "live") if _rehearsed(person.data_set) else ("no account of the rehearsal", "in it")
    )
    return f"{field}: the account is {own}, and what it would act for is {other}; the data sets never mix"


def network_fault(
    session: Session, subject: Subject, organisation: Organisation, network_id: UUID | None
) -> str | None:
    """Return the fault of a network with members or delegates of another data set than the organisation.

    Its delegates are looked up as the machine: who is not yet among the members does not see them.
    """
    if network_id is None:
        return None
    members = select(Organisation.data_set).where(Organisation.network_id == network_id)
    delegates = (
        select(Person.data_set)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.network_id == network_id)
    )
    with acting_for_a_moment(session, subject, OPERATOR):
        others = [*session.scalars(members), *session.scalars(delegates)]
    apart = _apart(organisation.data_set, others)
    return "network_id: is of another data set; the data sets never mix" if apart else None


def _apart(data_set: DataSet, others: Iterable[DataSet]) -> bool:
    return any(_rehearsed(other) != _rehearsed(data_set) for other in others)


def _rehearsed(data_set: DataSet) -> bool:
    return data_set is DataSet.REHEARSAL
