"""Who has part in a request or a round stands aside, also after leaving, and a delegate after acting for the sponsor."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import event, false, func, select, text
from sqlalchemy.orm import Session

from registry.access import parts
from registry.access.accounts import seats_since, subject_of
from registry.access.subject import OPERATOR, Subject
from registry.models import Membership, Network, Organisation, Person, Request
from registry.queries.waiting import WaitingKind, waiting_for
from registry.services import recusal
from registry.services.memberships import hand_over
from registry.services.recusal import RecusedError, check_recusal
from registry.services.requests import act_on_request, allowed_actions, decide_urgency
from registry.vocabulary.lifecycle import DataSet, RequestAction, RequestState
from registry.vocabulary.roles import Role
from tests.factories import requests
from tests.factories.facilities import added, numbers, organisation
from tests.registry.services.house import REASON, acting, member

pytestmark = pytest.mark.database
SCREENING = {"accept", "return", "decide_urgency"}


def today(session: Session) -> date:
    return session.scalars(select(func.current_date())).one()


def somebody(session: Session, **held: object) -> Person:
    """A person with one role, held until `valid_to` if given."""
    person = added(session, Person(code=f"somebody-{next(numbers)}", data_set=DataSet.LIVE))
    added(session, Membership(person_id=person.id, **held))
    return person


def coordinator_once_at(session: Session, of: Organisation, left: date | None) -> Subject:
    """A coordinator who was a developer of an organisation until the day (out); None = for good."""
    person = somebody(session, role=Role.COORDINATOR)
    added(session, Membership(person_id=person.id, role=Role.DEVELOPER, organisation_id=of.id, valid_to=left))
    return subject_of(session, person)


def submitted(session: Session) -> tuple[Request, Organisation]:
    """A request somebody else has entered, submitted today, and its sponsor."""
    acting(session, OPERATOR)
    request = requests.request(session, state=RequestState.SUBMITTED)
    requests.batch(session, request, latest=requests.LATE)
    requests.places(session, request)
    return request, session.get_one(Organisation, request.organisation_id)


def accepted(session: Session, subject: Subject, request: Request) -> RequestState:
    acting(session, subject)
    return act_on_request(session, subject, request.id, request.version, RequestAction.ACCEPT, "").state


@pytest.mark.parametrize("days", [0, 1])
def test_who_left_the_sponsor_since_the_request_was_drafted_does_not_screen_it(session: Session, days: int) -> None:
    request, sponsor = submitted(session)
    left = coordinator_once_at(session, sponsor, today(session) + timedelta(days=days))
    with pytest.raises(RecusedError):
        accepted(session, left, request)
    with pytest.raises(RecusedError):
        decide_urgency(session, left, request.id, request.version, 0, REASON)
    assert SCREENING.isdisjoint(allowed_actions(session, left, request))


def test_who_left_before_that_screens(session: Session) -> None:
    request, sponsor = submitted(session)
    left = coordinator_once_at(session, sponsor, today(session) - timedelta(days=1))
    assert SCREENING.issubset(allowed_actions(session, left, request))
    assert accepted(session, left, request) is RequestState.READY


def test_sabotage_by_todays_seats_alone_it_is_screened(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "_belonged", lambda _: false())
    request, sponsor = submitted(session)
    assert accepted(session, coordinator_once_at(session, sponsor, today(session)), request) is RequestState.READY


def checked(session: Session, subject: Subject, party: UUID, began: datetime) -> None:
    """Ask whether somebody may start or approve a round with this party, as the subject reads it."""
    acting(session, subject)
    check_recusal(session, subject, {party}, began)


def handed_over(session: Session) -> tuple[Subject, Organisation]:
    """A coordinator who has just handed over the seat at a sponsor."""
    acting(session, OPERATOR)
    sponsor = organisation(session)
    successor = member(session, Role.DEVELOPER, sponsor).person
    before = coordinator_once_at(session, sponsor, None)
    assert successor is not None
    acting(session, before)
    hand_over(session, before, sponsor.id, Role.DEVELOPER, successor, today=today(session), reason=REASON)
    acting(session, OPERATOR)
    after = subject_of(session, session.get_one(Person, before.person))
    assert after.organisations == frozenset()
    return after, sponsor


def test_a_seat_handed_over_today_is_a_seat_in_a_round_that_is_open(session: Session) -> None:
    subject, sponsor = handed_over(session)
    for began in (datetime.now(UTC), datetime.now(UTC) - timedelta(days=30)):
        with pytest.raises(RecusedError):
            checked(session, subject, sponsor.id, began)


def test_in_a_round_that_opens_the_day_after_it_is_none(session: Session) -> None:
    subject, sponsor = handed_over(session)
    checked(session, subject, sponsor.id, datetime.now(UTC) + timedelta(days=1))
    assert seats_since(session, subject, today(session) + timedelta(days=1)) == subject.seats


def test_sabotage_by_todays_seats_alone_who_handed_over_could_publish(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recusal, "seats_since", lambda _session, subject, _since: subject.seats)
    subject, sponsor = handed_over(session)
    checked(session, subject, sponsor.id, datetime.now(UTC))
    assert seats_since(session, subject, today(session)) > subject.seats


def networked(session: Session) -> tuple[Organisation, Subject, Network]:
    """A sponsor in a network, and a delegate of it."""
    acting(session, OPERATOR)
    network = added(session, Network(code=f"N-{next(numbers)}", name="Network"))
    sponsor = organisation(session, network_id=network.id)
    return sponsor, subject_of(session, somebody(session, role=Role.DELEGATE, network_id=network.id)), network


def test_a_delegate_who_left_the_network_still_has_part_in_its_rounds(session: Session) -> None:
    sponsor, former, network = networked(session)
    person = session.get_one(Person, former.person)
    held = session.scalars(select(Membership).where(Membership.person_id == person.id)).one()
    held.valid_to = today(session)
    session.flush()
    subject = subject_of(session, person)
    assert (subject.seats, sponsor.network_id) == (frozenset(), network.id)
    with pytest.raises(RecusedError):
        checked(session, subject, sponsor.id, datetime.now(UTC))


def of_member(session: Session, state: RequestState) -> tuple[Request, Subject]:
    """A request of a member of a network, entered by the member, and the network's delegate."""
    sponsor, delegate, _ = networked(session)
    process = requests.process(session, requests.product(session, sponsor))
    request = requests.request(session, process, state=state)
    requests.batch(session, request, latest=requests.LATE)
    requests.places(session, request)
    return request, delegate


def submit(session: Session, subject: Subject, request: Request) -> None:
    acting(session, subject)
    act_on_request(session, subject, request.id, request.version, RequestAction.SUBMIT, "")


def test_a_delegate_screens_what_a_member_of_its_network_submitted(session: Session) -> None:
    request, delegate = of_member(session, RequestState.SUBMITTED)
    assert {"accept", "return"}.issubset(allowed_actions(session, delegate, request))
    assert accepted(session, delegate, request) is RequestState.READY


def test_a_delegate_does_not_screen_what_it_submitted_and_another_delegate_does(session: Session) -> None:
    request, delegate = of_member(session, RequestState.DRAFT)
    submit(session, delegate, request)
    with pytest.raises(RecusedError):
        accepted(session, delegate, request)
    assert allowed_actions(session, delegate, request) == ["withdraw"]
    acting(session, OPERATOR)
    network = session.get_one(Organisation, request.organisation_id).network_id
    other = subject_of(session, somebody(session, role=Role.DELEGATE, network_id=network))
    assert accepted(session, other, request) is RequestState.READY


def test_a_delegate_does_not_screen_what_it_entered(session: Session) -> None:
    sponsor, delegate, _ = networked(session)
    process = requests.process(session, requests.product(session, sponsor))
    acting(session, delegate)
    request = requests.request(session, process, state=RequestState.SUBMITTED)
    with pytest.raises(RecusedError):
        accepted(session, delegate, request)


def coordinator_once_delegate(session: Session) -> tuple[Request, Subject]:
    """A request, and a coordinator who submitted it as delegate of its network, and is one no longer."""
    request, delegate = of_member(session, RequestState.DRAFT)
    submit(session, delegate, request)
    acting(session, OPERATOR)
    seat = session.scalars(select(Membership).where(Membership.person_id == delegate.person)).one()
    seat.role, seat.network_id = Role.COORDINATOR, None
    session.flush()
    return request, subject_of(session, session.get_one(Person, delegate.person))


def test_who_acted_for_a_sponsor_and_changed_seats_does_not_screen(session: Session) -> None:
    request, now = coordinator_once_delegate(session)
    with pytest.raises(RecusedError):
        accepted(session, now, request)


@pytest.mark.parametrize("state", [RequestState.RETURNED, RequestState.WAITING])
def test_screening_what_is_the_sponsors_to_change_is_no_act_for_the_sponsor(
    session: Session, state: RequestState
) -> None:
    acting(session, OPERATOR)
    request = requests.request(session, state=state)
    coordinator = subject_of(session, somebody(session, role=Role.COORDINATOR))
    acting(session, coordinator)
    decide_urgency(session, coordinator, request.id, request.version, 1, REASON)
    act_on_request(session, coordinator, request.id, request.version, RequestAction.CLOSE, REASON)
    assert allowed_actions(session, coordinator, request) == ["decide_urgency"]


def test_sabotage_without_looking_at_who_submitted_a_delegate_does_both(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "_acted", lambda _: false())
    request, delegate = of_member(session, RequestState.DRAFT)
    submit(session, delegate, request)
    assert accepted(session, delegate, request) is RequestState.READY


def delegate_once_developer(session: Session) -> tuple[Request, Subject]:
    """A request that a member of a network submitted, and the network's delegate, who was the member's until today."""
    request, delegate = of_member(session, RequestState.SUBMITTED)
    left = {"organisation_id": request.organisation_id, "valid_to": today(session)}
    added(session, Membership(person_id=delegate.person, role=Role.DEVELOPER, **left))
    return request, delegate


PRIVATE = {
    "membership": (delegate_once_developer, "valid_to is null"),
    "audit_event": (coordinator_once_delegate, "actor is distinct from app_person()"),
}
"""What the check reads of the subject's own past, who is stopped by that alone, and a rule that would hide it."""


@pytest.mark.parametrize("table", PRIVATE)
def test_the_database_shows_everybody_their_own_past(session: Session, table: str) -> None:
    request, subject = PRIVATE[table][0](session)
    with pytest.raises(RecusedError):
        accepted(session, subject, request)


@pytest.mark.parametrize("table", PRIVATE)
def test_sabotage_a_database_that_hid_it_would_let_it_pass(session: Session, table: str) -> None:
    request, subject = PRIVATE[table][0](session)
    acting(session, OPERATOR)
    session.execute(text("reset role"))
    session.execute(text(f"alter policy reads on {table} using ({PRIVATE[table][1]})"))
    session.execute(text("set role gmphub_app"))
    assert accepted(session, subject, request) is RequestState.READY


def to_screen(session: Session, subject: Subject) -> set[UUID]:
    """The requests that wait for the subject to be screened, as it reads them."""
    acting(session, subject)
    found = waiting_for(session, subject, DataSet.LIVE, today(session))
    return {one.record_id for one in found if one.kind is WaitingKind.SCREEN_REQUEST}


def test_no_request_waits_for_somebody_who_has_part_in_it(session: Session) -> None:
    request, delegate = of_member(session, RequestState.DRAFT)
    submit(session, delegate, request)
    acting(session, OPERATOR)
    coordinator = subject_of(session, somebody(session, role=Role.COORDINATOR))
    left = coordinator_once_at(session, session.get_one(Organisation, request.organisation_id), today(session))
    assert [request.id in to_screen(session, one) for one in (delegate, left, coordinator)] == [False, False, True]


def questions(session: Session, subject: Subject) -> int:
    """How often the database is asked for what waits."""
    sent: list[str] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *_: sent.append(""))
    assert to_screen(session, subject)
    return len(sent)


def test_a_longer_list_asks_no_more(session: Session) -> None:
    submitted(session)
    coordinator = subject_of(session, somebody(session, role=Role.COORDINATOR))
    once = questions(session, coordinator)
    for _ in range(3):
        submitted(session)
    assert questions(session, coordinator) == once
