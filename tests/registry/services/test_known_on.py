"""What was known on a day, for a facility, an authorisation and a statement of starts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from registry.access.subject import OPERATOR, PersonId, Subject
from registry.database import unit_of_work
from registry.models import AuditEvent, Membership, Person
from registry.services.capacity import state_starts
from registry.services.closures import ClosureFacts, close
from registry.services.facilities import Seen, edit_facility
from registry.services.history import Known, as_known_on
from registry.services.laying import Figures
from registry.services.licences import change_authorisation, record_authorisation
from registry.vocabulary.facilities import ClosureKind
from registry.vocabulary.lifecycle import DataSet
from registry.vocabulary.roles import Role
from tests.factories import requests
from tests.factories.facilities import added, numbers
from tests.registry.services.house import MONDAY, TODAY, House, house
from tests.registry.services.test_licences import licence_facts
from tests.registry.services.test_premises import FACILITY

Change = Callable[[Session, House], UUID]


def first_licence(session: Session, here: House) -> UUID:
    return record_authorisation(session, here.qa, here.site.id, licence_facts(here), today=TODAY).id


def first_name(session: Session, here: House) -> UUID:
    seen = Seen(here.facility.id, 1)
    return edit_facility(session, here.qa, seen, replace(FACILITY, name="Before"), reason="first").id


def second_name(session: Session, here: House) -> UUID:
    seen = Seen(here.facility.id, 2)
    return edit_facility(session, here.qa, seen, replace(FACILITY, name="After"), reason="second").id


def starts(number: int) -> Change:
    def state(session: Session, here: House) -> UUID:
        figures = {MONDAY: Figures(number)}
        (row,) = state_starts(session, here.planner, here.facility.id, "closed_automated", figures)
        return row.id

    return state


def known(hat: str, here: House, record: str, key: UUID, instant: datetime) -> Known | None:
    subject = here.qa if hat == "qa" else here.planner
    with unit_of_work(subject) as session:
        return as_known_on(session, subject, record, key, instant)


def moment() -> datetime:
    with unit_of_work(OPERATOR) as session:
        return session.scalars(text("select clock_timestamp()")).one()  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("record", "hat", "column", "values", "changes"),
    [
        ("facility", "qa", "name", ("Before", "After"), (first_name, second_name)),
        ("starts_statement", "planner", "starts_per_week", (2, 5), (starts(2), starts(5))),
    ],
)
def test_a_record_before_and_after_its_change(
    committed: Engine, record: str, hat: str, column: str, values: tuple[object, object], changes: tuple[Change, Change]
) -> None:
    with unit_of_work(OPERATOR) as session:
        here = house(session)
    subject = here.qa if hat == "qa" else here.planner
    with unit_of_work(subject) as session:
        key = changes[0](session, here)
    between = moment()
    with unit_of_work(subject) as session:
        assert changes[1](session, here) == key
    then, now = known(hat, here, record, key, between), known(hat, here, record, key, moment())
    assert then is not None
    assert now is not None
    assert (then.columns[column], now.columns[column]) == values
    assert now.actor == subject.person
    assert known(hat, here, record, key, datetime(2020, 1, 1, tzinfo=UTC)) is None


def test_an_authorisation_before_and_after_its_renewal_and_not_for_others(committed: Engine) -> None:
    with unit_of_work(OPERATOR) as session:
        here, other = house(session), house(session)
    with unit_of_work(here.qa) as session:
        key = first_licence(session, here)
    between = moment()
    with unit_of_work(here.qa) as session:
        renewed = replace(licence_facts(here), valid_to=date(2030, 1, 1))
        change_authorisation(session, here.qa, Seen(key, 1), renewed, today=TODAY, reason="renewed")
    then, now = (known("qa", here, "authorisation", key, instant) for instant in (between, moment()))
    assert then is not None
    assert now is not None
    assert (then.columns["valid_to"], now.columns["valid_to"]) == ("2027-01-01", "2030-01-01")
    assert (now.reason, now.action) == ("renewed", "change authorisation")
    assert known("qa", other, "authorisation", key, moment()) is None


def overseer(role: Role) -> Subject:
    """A person who reads every calendar and every request."""
    with unit_of_work(OPERATOR) as session:
        person = added(session, Person(code=f"overseer-{next(numbers)}", name="Somebody", data_set=DataSet.LIVE))
        added(session, Membership(person_id=person.id, role=role))
        return Subject(PersonId(person.id), frozenset({(role, None)}))


def asked(subject: Subject, record: str, key: UUID, instant: datetime) -> Known | None:
    with unit_of_work(subject) as session:
        return as_known_on(session, subject, record, key, instant)


def test_overseers_ask_about_every_record_they_read_now(committed: Engine) -> None:
    with unit_of_work(OPERATOR) as session:
        here = house(session)
    with unit_of_work(here.qa) as session:
        key = first_name(session, here)
    between = moment()
    with unit_of_work(here.qa) as session:
        second_name(session, here)
    for role in (Role.COORDINATOR, Role.AUDITOR):
        subject = overseer(role)
        known = [asked(subject, "facility", key, instant) for instant in (between, moment())]
        assert [one and one.columns["name"] for one in known] == ["Before", "After"]
        assert asked(subject, "facility", key, datetime(2020, 1, 1, tzinfo=UTC)) is None
    told = asked(overseer(Role.COORDINATOR), "facility", key, between)
    assert told is not None
    assert (told.actor, told.action, told.reason) == (None, "", "")


def test_what_is_hidden_now_was_hidden_then(committed: Engine) -> None:
    with unit_of_work(OPERATOR) as session:
        here = house(session)
    with unit_of_work(here.planner) as session:
        facts = ClosureFacts(ClosureKind.MEDIA_FILL, MONDAY, MONDAY + timedelta(weeks=1))
        key = close(session, here.planner, here.facility.id, facts).id
    told, own = (
        asked(overseer(Role.COORDINATOR), "closure", key, moment()),
        asked(here.planner, "closure", key, moment()),
    )
    assert told is not None
    assert own is not None
    assert (told.columns["starts"], told.columns["kind"]) == (MONDAY.isoformat(), None)
    assert own.columns["kind"] == "media_fill"


def test_reading_a_request_as_it_was_is_an_event(committed: Engine) -> None:
    with unit_of_work(OPERATOR) as session:
        key = requests.request(session).id
    subject = overseer(Role.COORDINATOR)
    assert asked(subject, "request", key, moment()) is not None
    with unit_of_work(OPERATOR) as session:
        reads = [event.actor for event in history_of_reads(session, key)]
    assert reads == [subject.person]


def history_of_reads(session: Session, key: UUID) -> list[AuditEvent]:
    return list(session.scalars(select(AuditEvent).where(AuditEvent.record_id == key, AuditEvent.action == "read")))


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR])
def test_who_reads_no_calendars_asks_in_vain(committed: Engine, role: Role) -> None:
    with unit_of_work(OPERATOR) as session:
        here = house(session)
        key = requests.request(session).id
    with unit_of_work(here.planner) as session:
        statement = starts(2)(session, here)
    assert asked(overseer(role), "request", key, moment()) is None
    assert asked(overseer(role), "starts_statement", statement, moment()) is None
    assert asked(overseer(Role.COORDINATOR), "membership", statement, moment()) is None
