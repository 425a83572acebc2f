"""An account acts in its own data set: the rehearsal's in the rehearsal, every other outside of it."""

from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from registry.access.subject import OPERATOR, OrganisationId, PersonId, Subject
from registry.database import act_as
from registry.errors import InvalidInputError
from registry.models import Membership, Network, Organisation, Person
from registry.services import people
from registry.services.memberships import hand_over, name_deputy
from registry.services.organisations import join_network
from registry.services.people import give_role
from registry.vocabulary.lifecycle import DataSet
from registry.vocabulary.roles import Role
from tests.factories.facilities import added, numbers, organisation
from tests.registry.services.house import REASON, TODAY, acting, member

pytestmark = pytest.mark.database
SAME = [(DataSet.LIVE, DataSet.LIVE), (DataSet.LIVE, DataSet.DIRECTORY), (DataSet.REHEARSAL, DataSet.REHEARSAL)]
APART = [(DataSet.LIVE, DataSet.REHEARSAL), (DataSet.REHEARSAL, DataSet.LIVE), (DataSet.REHEARSAL, DataSet.DIRECTORY)]


def person(session: Session, data_set: DataSet) -> Person:
    act_as(session, OPERATOR)
    return added(session, Person(code=f"person-{next(numbers)}", data_set=data_set))


def network(session: Session) -> Network:
    act_as(session, OPERATOR)
    return added(session, Network(code=f"net-{next(numbers)}", name="Network"))


def seated(session: Session, who: Person, at: Organisation | None, across: UUID | None = None) -> Membership:
    place = None if at is None else at.id
    role = Role.QA if across is None else Role.DELEGATE
    return give_role(session, OPERATOR, who.id, role, organisation_id=place, network_id=across, today=TODAY)


@pytest.mark.parametrize(("own", "other"), SAME)
def test_a_seat_in_the_own_data_set(session: Session, own: DataSet, other: DataSet) -> None:
    who = person(session, own)
    at = organisation(session, data_set=other)
    assert seated(session, who, at).organisation_id == at.id


@pytest.mark.parametrize(("own", "other"), APART)
def test_no_seat_in_another(session: Session, own: DataSet, other: DataSet) -> None:
    who = person(session, own)
    with pytest.raises(InvalidInputError, match="never mix"):
        seated(session, who, organisation(session, data_set=other))


def test_sabotage_without_the_check_it_is_given(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "seat_fault", lambda *_: None)
    who = person(session, DataSet.LIVE)
    assert seated(session, who, organisation(session, data_set=DataSet.REHEARSAL))


@pytest.mark.parametrize(("own", "other"), APART)
def test_no_delegate_of_a_network_with_members_in_another(session: Session, own: DataSet, other: DataSet) -> None:
    net = network(session)
    who, colleague = person(session, own), person(session, other)
    assert seated(session, who, None, net.id).network_id == net.id, "a network without members is of no data set"
    organisation(session, data_set=other, network_id=net.id)
    assert seated(session, colleague, None, net.id)
    with pytest.raises(InvalidInputError, match="never mix"):
        seated(session, person(session, own), None, net.id)


@pytest.mark.parametrize(("own", "other"), APART)
def test_no_organisation_joins_a_network_of_another(session: Session, own: DataSet, other: DataSet) -> None:
    for mine in (True, False):
        net = network(session)
        at = organisation(session, data_set=other)
        if mine:
            organisation(session, data_set=own, network_id=net.id)
        else:
            seated(session, person(session, own), None, net.id)
        free = network(session)
        qa = acting(session, member(session, Role.QA, at))
        with pytest.raises(InvalidInputError, match="never mix"):
            join_network(session, qa, at.id, at.version, net.id, reason=REASON)
        assert join_network(session, qa, at.id, at.version, free.id, reason=REASON)


def test_a_seat_that_mixes_is_not_passed_on(session: Session) -> None:
    act_as(session, OPERATOR)
    at = organisation(session, data_set=DataSet.REHEARSAL)
    holder, stranger = person(session, DataSet.REHEARSAL), person(session, DataSet.LIVE)
    for who in (holder, stranger):
        added(session, Membership(person_id=who.id, role=Role.QA, organisation_id=at.id))
    added(session, Membership(person_id=holder.id, role=Role.PLANNER, organisation_id=at.id))
    planner = Subject(PersonId(holder.id), frozenset({(Role.PLANNER, OrganisationId(at.id))}))
    act_as(session, planner)
    with pytest.raises(InvalidInputError, match="never mix"):
        name_deputy(session, planner, at.id, Role.PLANNER, stranger.id, until=None, today=TODAY)
    with pytest.raises(InvalidInputError, match="never mix"):
        hand_over(session, planner, at.id, Role.PLANNER, stranger.id, today=TODAY, reason=REASON)
