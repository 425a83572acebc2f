"""Closures as they are told: the facility's own people read why, overseers that the days are taken."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from registry.access.subject import OPERATOR, PersonId, Subject
from registry.models import Authorisation, Closure, Membership, Person
from registry.queries import premises
from registry.queries.premises import one_record, records_of
from registry.services.closures import ClosureFacts, close
from registry.vocabulary.facilities import ClosureKind
from registry.vocabulary.lifecycle import DataSet
from registry.vocabulary.roles import Role
from tests.factories.facilities import added, authorisation, numbers, organisation, site
from tests.registry.services.house import MONDAY, House, acting, house, member

WEEK = timedelta(weeks=1)


def overseer(session: Session, role: Role) -> Subject:
    """A person who reads every calendar."""
    acting(session, OPERATOR)
    person = added(session, Person(code=f"overseer-{next(numbers)}", name="Somebody", data_set=DataSet.LIVE))
    added(session, Membership(person_id=person.id, role=role))
    return Subject(PersonId(person.id), frozenset({(role, None)}))


def closed(session: Session) -> tuple[House, Closure]:
    here = house(session)
    acting(session, here.planner)
    facts = ClosureFacts(ClosureKind.MEDIA_FILL, MONDAY, MONDAY + WEEK, recurrence="FREQ=YEARLY")
    return here, close(session, here.planner, here.facility.id, facts)


def reasons(session: Session, subject: Subject, here: House, row: Closure) -> set[object]:
    """Everything said of why, by both queries."""
    acting(session, subject)
    listed = records_of(session, subject, Closure, here.facility.id)
    one = one_record(session, subject, Closure, row.id)
    assert one is not None
    assert [(told.id, told.starts, told.ends) for told in (*listed, one)] == [(row.id, MONDAY, MONDAY + WEEK)] * 2
    return {value for told in (*listed, one) for value in (told.kind, told.recurrence)}


def test_its_own_people_read_why(session: Session) -> None:
    here, row = closed(session)
    for subject in (here.planner, here.qa):
        assert reasons(session, subject, here, row) == {ClosureKind.MEDIA_FILL, "FREQ=YEARLY"}


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.AUDITOR])
def test_overseers_read_that_the_days_are_taken(session: Session, role: Role) -> None:
    here, row = closed(session)
    assert reasons(session, overseer(session, role), here, row) == {None}
    session.flush()
    assert row.kind is ClosureKind.MEDIA_FILL


def test_others_read_nothing(session: Session) -> None:
    here, row = closed(session)
    other = acting(session, house(session).planner)
    acting(session, other)
    assert list(records_of(session, other, Closure, here.facility.id)) == []
    assert one_record(session, other, Closure, row.id) is None


def test_sabotage_rows_as_they_are_would_tell_why(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    here, row = closed(session)
    monkeypatch.setattr(premises, "as_told", lambda _subject, told: told)
    assert reasons(session, overseer(session, Role.COORDINATOR), here, row) == {ClosureKind.MEDIA_FILL, "FREQ=YEARLY"}


def numbers_read(session: Session, subject: Subject, row: Authorisation) -> set[object]:
    """Everything said of an authorisation beside kind, scope and validity, by both queries."""
    acting(session, subject)
    listed = records_of(session, subject, Authorisation, row.facility_id)
    one = one_record(session, subject, Authorisation, row.id)
    assert one is not None
    assert {(told.id, told.kind, told.valid_to) for told in (*listed, one)} == {(row.id, row.kind, row.valid_to)}
    return {getattr(told, field) for told in (*listed, one) for field in premises.NUMBERS}


def licensed(session: Session) -> tuple[House, Authorisation]:
    here = house(session)
    acting(session, OPERATOR)
    place = site(session, here.facility)
    return here, authorisation(session, place, number="DE-1", authority="A", document_link="L", source_note="N")


def test_a_developer_reads_neither_number_nor_holder_of_an_authorisation(session: Session) -> None:
    _, row = licensed(session)
    assert numbers_read(session, member(session, Role.DEVELOPER, organisation(session)), row) == {None}


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.AUDITOR])
def test_overseers_read_all_of_an_authorisation(session: Session, role: Role) -> None:
    _, row = licensed(session)
    assert numbers_read(session, overseer(session, role), row) == {"DE-1", "A", "L", "N", row.holder_id, True}


def test_its_own_people_read_all_of_an_authorisation(session: Session) -> None:
    here, row = licensed(session)
    assert numbers_read(session, here.qa, row) == {"DE-1", "A", "L", "N", row.holder_id, True}
