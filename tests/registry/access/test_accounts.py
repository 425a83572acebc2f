"""From names and keys to subjects; the operator stays on its machine."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from registry.access.accounts import subject_named, subject_of_token
from registry.access.subject import ANONYMOUS, OPERATOR, OPERATOR_ID, OrganisationId, Subject
from registry.database import act_as, unit_of_work
from registry.errors import NotAllowedError, NotVisibleError
from registry.models import ApiToken, Membership, Network, Organisation, Person
from registry.services.accounts import grant_role, issue_token, revoke_token
from registry.vocabulary.lifecycle import DataSet
from registry.vocabulary.roles import Role
from tests.factories.facilities import added, organisation


def person(session: Session, code: str = "jane") -> Person:
    return added(session, Person(code=code, name="Jane", data_set=DataSet.LIVE))


def planner(session: Session) -> tuple[Person, Organisation]:
    jane, owner = person(session), organisation(session)
    grant_role(session, OPERATOR, jane, Role.PLANNER, organisation_id=owner.id)
    return jane, owner


def test_a_name_becomes_its_roles(session: Session) -> None:
    _, owner = planner(session)
    assert subject_named(session, "jane").seats == {(Role.PLANNER, owner.id)}


def test_an_unknown_name_is_no_account(session: Session) -> None:
    with pytest.raises(NotVisibleError, match="no account 'nobody'"):
        subject_named(session, "nobody")


def test_the_operator_is_the_account_of_the_machine(session: Session) -> None:
    assert subject_named(session, "operator") == OPERATOR


def test_a_delegate_reaches_the_members_of_the_network_only(session: Session) -> None:
    network = added(session, Network(code="N", name="Network"))
    member, stranger = organisation(session, network_id=network.id), organisation(session)
    jane = person(session)
    grant_role(session, OPERATOR, jane, Role.DELEGATE, network_id=network.id)
    found = subject_named(session, "jane")
    assert found.organisations == {member.id}
    assert not found.holds(Role.DELEGATE, OrganisationId(stranger.id))


@pytest.mark.parametrize("members", [0, 1, 3])
def test_a_key_of_a_delegate_reaches_the_members_and_never_the_platform(session: Session, members: int) -> None:
    network = added(session, Network(code="N", name="Network"))
    reached = {organisation(session, network_id=network.id).id for _ in range(members)}
    organisation(session)
    jane = person(session)
    grant_role(session, OPERATOR, jane, Role.DELEGATE, network_id=network.id)
    secret = issue_token(session, OPERATOR, jane, "machine", None)
    act_as(session, ANONYMOUS)
    found = subject_of_token(session, secret)
    assert found is not None
    assert found.seats == {(Role.DELEGATE, place) for place in reached}


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_a_key_opens_what_is_held_today(session: Session, days: int) -> None:
    jane, owner = planner(session)
    secret = issue_token(session, OPERATOR, jane, "machine", None)
    membership = session.scalars(select(Membership).where(Membership.person_id == jane.id)).one()
    membership.valid_from = datetime.now(UTC).date() + timedelta(days=days)
    session.flush()
    expected = subject_named(session, "jane")
    act_as(session, ANONYMOUS)
    found = subject_of_token(session, secret)
    assert found == expected
    assert found.seats == ({(Role.PLANNER, owner.id)} if days <= 0 else set())


@pytest.mark.parametrize(("ended", "seats"), [(timedelta(0), 0), (timedelta(days=1), 1)])
def test_a_role_ends_on_its_day(session: Session, ended: timedelta, seats: int) -> None:
    jane, _ = planner(session)
    membership = session.scalars(select(Membership).where(Membership.person_id == jane.id)).one()
    membership.valid_to = datetime.now(UTC).date() + ended
    session.flush()
    assert len(subject_named(session, "jane").seats) == seats


def test_a_key_opens_its_own_account_without_any_other_right(committed: Engine) -> None:
    with unit_of_work(OPERATOR) as session:
        jane, owner = planner(session)
        secret = issue_token(session, OPERATOR, jane, "machine", None)
    with unit_of_work(ANONYMOUS) as session:
        found = subject_of_token(session, secret)
        assert found == Subject(found.person if found else None, frozenset({(Role.PLANNER, OrganisationId(owner.id))}))
    with unit_of_work(ANONYMOUS) as session:
        assert subject_of_token(session, secret + "x") is None
        assert session.scalars(select(ApiToken.id)).all() == []


@pytest.mark.parametrize("fate", ["expired", "revoked", "disabled"])
def test_a_key_that_no_longer_holds_opens_nothing(session: Session, fate: str) -> None:
    jane, _ = planner(session)
    now = datetime.now(UTC)
    ends = now - timedelta(seconds=1) if fate == "expired" else now + timedelta(days=1)
    secret = issue_token(session, OPERATOR, jane, "machine", ends)
    if fate == "revoked":
        revoke_token(session, OPERATOR, session.scalars(select(ApiToken)).one())
    if fate == "disabled":
        jane.disabled_at = now
        session.flush()
    act_as(session, ANONYMOUS)
    assert subject_of_token(session, secret) is None


def test_the_operator_gets_no_key_and_nobody_becomes_it(session: Session) -> None:
    operator = session.get_one(Person, OPERATOR_ID)
    with pytest.raises(NotAllowedError, match="may not log in"):
        issue_token(session, OPERATOR, operator, "machine", None)
    added(session, ApiToken(person_id=OPERATOR_ID, label="forged", secret_sha256="0" * 64))
    with pytest.raises(NotAllowedError, match="account of this machine"):
        grant_role(session, OPERATOR, person(session), Role.OPERATOR)


def test_roles_that_exclude_each_other(session: Session) -> None:
    jane = person(session)
    with pytest.raises(NotAllowedError, match="administrator with coordinator"):
        grant_role(session, OPERATOR, jane, Role.COORDINATOR, held=frozenset({Role.ADMINISTRATOR}))
    with pytest.raises(NotAllowedError, match="administrator with qa"):
        grant_role(session, OPERATOR, jane, Role.ADMINISTRATOR, held=frozenset({Role.QA}))
    with pytest.raises(NotAllowedError, match="manage accounts"):
        grant_role(session, ANONYMOUS, jane, Role.PLANNER)
