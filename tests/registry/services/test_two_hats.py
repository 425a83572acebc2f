"""Planner and QA, deputies, hand-over, and delegates who act for the members of their network only."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from registry.access.accounts import subject_of
from registry.access.subject import OPERATOR, Subject
from registry.database import act_as
from registry.errors import InvalidInputError, NotAllowedError, StaleVersionError
from registry.models import Confirmation, Membership, Network, Person
from registry.queries.closures import list_closures
from registry.services.capacity import state_starts
from registry.services.closures import ClosureFacts, close
from registry.services.competence import set_qp_cover
from registry.services.competence_facts import QpCoverFacts
from registry.services.confirmations import still_true
from registry.services.facilities import Seen
from registry.services.laying import Figures
from registry.services.memberships import end_deputy, hand_over, name_deputy
from registry.vocabulary.facilities import ClosureKind
from registry.vocabulary.lifecycle import DataSet
from registry.vocabulary.roles import Role
from tests.factories.facilities import added
from tests.registry.services.house import MONDAY, REASON, TODAY, House, acting, events_after, house, last_event, member


def now_acting(session: Session, subject: Subject) -> Subject:
    """The subject with the roles it holds today, read again by the machine."""
    acting(session, OPERATOR)
    return acting(session, subject_of(session, session.get_one(Person, subject.person)))


def test_still_true_is_one_row_and_one_event(session: Session) -> None:
    here = house(session)
    before = last_event(session)
    acting(session, here.planner)
    first = still_true(session, here.planner, here.facility.id, TODAY, reason=REASON)
    assert still_true(session, here.planner, here.facility.id, TODAY, reason=REASON) is first
    (event,) = events_after(session, before)
    assert (event.record_type, event.action, event.actor) == (
        "confirmation",
        "calendar still true",
        here.planner.person,
    )


def test_the_planner_cannot_attest_nor_qa_confirm_the_calendar(session: Session) -> None:
    here, other = house(session), house(session)
    for subject in (here.qa, other.planner):
        acting(session, subject)
        with pytest.raises(NotAllowedError):
            still_true(session, subject, here.facility.id, TODAY)
    assert session.scalar(select(func.count()).select_from(Confirmation)) == 0


def test_a_deputy_acts_until_the_day(session: Session) -> None:
    here = house(session)
    colleague = member(session, Role.DEVELOPER, here.organisation)
    assert colleague.person is not None
    day = session.scalars(select(func.current_date())).one()
    acting(session, here.planner)
    deputy = name_deputy(
        session,
        here.planner,
        here.organisation.id,
        Role.PLANNER,
        colleague.person,
        until=day + timedelta(days=14),
        today=day,
    )
    acting_planner = now_acting(session, colleague)
    assert Role.PLANNER in acting_planner.roles
    still_true(session, acting_planner, here.facility.id, TODAY)
    acting(session, here.planner)
    with pytest.raises(StaleVersionError):
        end_deputy(session, here.planner, deputy.id, 2, today=day)
    end_deputy(session, here.planner, deputy.id, 1, today=day)
    assert Role.PLANNER not in now_acting(session, colleague).roles


def deputised(session: Session) -> tuple[House, Subject, Subject]:
    """A house, a colleague who acts as deputy of its planner, and another colleague."""
    here = house(session)
    deputy, other = (member(session, Role.DEVELOPER, here.organisation) for _ in range(2))
    assert deputy.person is not None
    day = session.scalars(select(func.current_date())).one()
    acting(session, here.planner)
    place = here.organisation.id
    name_deputy(session, here.planner, place, Role.PLANNER, deputy.person, until=day + timedelta(days=1), today=day)
    return here, now_acting(session, deputy), other


def test_a_deputy_passes_nothing_on(session: Session) -> None:
    here, deputy, other = deputised(session)
    assert other.person is not None
    day = session.scalars(select(func.current_date())).one()
    place = here.organisation.id
    with pytest.raises(InvalidInputError, match="a deputy names no deputy"):
        name_deputy(session, deputy, place, Role.PLANNER, other.person, until=None, today=day)
    with pytest.raises(InvalidInputError, match="on behalf of others only"):
        hand_over(session, deputy, place, Role.PLANNER, other.person, today=day, reason=REASON)


def test_sabotage_a_deputy_who_counted_as_holder_would_pass_the_role_on(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, deputy, other = deputised(session)
    assert other.person is not None
    monkeypatch.setattr("registry.services.memberships._deputy_fault", lambda *_: None)
    day = session.scalars(select(func.current_date())).one()
    place = here.organisation.id
    assert name_deputy(session, deputy, place, Role.PLANNER, other.person, until=None, today=day).valid_to is None


def test_maintainership_is_handed_over(session: Session) -> None:
    here = house(session)
    colleague = member(session, Role.DEVELOPER, here.organisation)
    assert colleague.person is not None
    day = session.scalars(select(func.current_date())).one()
    before = last_event(session)
    acting(session, here.qa)
    hand_over(session, here.qa, here.organisation.id, Role.QA, colleague.person, today=day, reason="retires")
    written = events_after(session, before)
    assert [(event.record_type, event.action, event.reason) for event in written] == [
        ("membership", "hand over", "retires")
    ] * 2
    assert Role.QA in now_acting(session, colleague).roles
    assert now_acting(session, here.qa).roles == frozenset()


def test_who_has_left_is_no_colleague(session: Session) -> None:
    here = house(session)
    left = member(session, Role.DEVELOPER, here.organisation).person
    assert left is not None
    acting(session, OPERATOR)
    session.scalars(select(Membership).where(Membership.person_id == left)).one().valid_to = TODAY
    session.flush()
    acting(session, here.planner)
    with pytest.raises(InvalidInputError, match="no colleague"):
        name_deputy(session, here.planner, here.organisation.id, Role.PLANNER, left, until=None, today=TODAY)


def test_faults_of_a_deputy_all_at_once(session: Session) -> None:
    here, other = house(session), house(session)
    stranger = other.planner.person
    assert stranger is not None
    acting(session, here.planner)
    with pytest.raises(InvalidInputError) as refusal:
        name_deputy(session, here.planner, here.organisation.id, Role.PLANNER, stranger, until=TODAY, today=TODAY)
    assert [fault.partition(":")[0] for fault in refusal.value.details] == ["until", "person"]
    assert here.planner.person is not None
    with pytest.raises(InvalidInputError, match="already"):
        hand_over(
            session,
            here.planner,
            here.organisation.id,
            Role.PLANNER,
            here.planner.person,
            today=TODAY,
            reason=REASON,
        )


@pytest.mark.parametrize("role", [Role.QA, Role.COORDINATOR, Role.DELEGATE, Role.OPERATOR])
def test_nobody_gives_away_a_role_that_is_not_held(session: Session, role: Role) -> None:
    here = house(session)
    colleague = member(session, Role.DEVELOPER, here.organisation).person
    assert colleague is not None
    acting(session, here.planner)
    with pytest.raises(NotAllowedError):
        name_deputy(session, here.planner, here.organisation.id, role, colleague, until=None, today=TODAY)


@pytest.mark.parametrize("role", [Role.QA, Role.DEVELOPER])
def test_nor_does_the_database_let_a_planner_become_more(session: Session, role: Role) -> None:
    here = house(session)
    acting(session, here.planner)
    session.add(Membership(person_id=here.planner.person, role=role, organisation_id=here.organisation.id))
    with pytest.raises(DBAPIError, match="row-level security"):
        session.flush()


def delegate(session: Session) -> tuple[Subject, House, House]:
    """A delegate of a network, a member of it, and a facility that is none."""
    inside, outside = house(session), house(session)
    network = added(session, Network(code="N-1", name="Network"))
    inside.organisation.network_id = network.id
    person = added(session, Person(code="delegate", data_set=DataSet.LIVE))
    added(session, Membership(person_id=person.id, role=Role.DELEGATE, network_id=network.id))
    return subject_of(session, person), inside, outside


def test_a_delegate_keeps_the_calendars_of_its_members_only(session: Session) -> None:
    subject, inside, outside = delegate(session)
    acting(session, subject)
    still_true(session, subject, inside.facility.id, TODAY)
    state_starts(session, subject, inside.facility.id, "closed_automated", {MONDAY: Figures(1)})
    week = ClosureFacts(ClosureKind.OWN_USE, MONDAY, MONDAY + timedelta(days=7))
    close(session, subject, inside.facility.id, week)
    assert len(list_closures(session, subject, inside.facility.id, MONDAY + timedelta(days=30))) == 1
    with pytest.raises(NotAllowedError):
        still_true(session, subject, outside.facility.id, TODAY)
    with pytest.raises(NotAllowedError):
        close(session, subject, outside.facility.id, week)


def test_a_delegate_states_nothing_legal_even_for_members(session: Session) -> None:
    subject, inside, _ = delegate(session)
    acting(session, subject)
    with pytest.raises(NotAllowedError):
        set_qp_cover(session, subject, Seen(inside.facility.id, 0), QpCoverFacts((), here=True), today=TODAY)


def test_sabotage_a_delegate_of_everybody_is_stopped_by_the_database(session: Session) -> None:
    subject, inside, outside = delegate(session)
    act_as(session, subject)
    session.add(
        Confirmation(
            facility_id=outside.facility.id,
            organisation_id=outside.organisation.id,
            subject="calendar",
            confirmed_on=TODAY,
        )
    )
    with pytest.raises(DBAPIError, match="row-level security"):
        session.flush()
    assert inside.organisation.id in subject.organisations
