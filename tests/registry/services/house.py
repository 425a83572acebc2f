"""A facility with its planner and QA, for tests of what they may do."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import models
from registry.access.subject import OPERATOR, OrganisationId, PersonId, Subject
from registry.database import act_as, seal_trail
from registry.models import AuditEvent, Facility, Organisation, Person, Site, Suite
from registry.vocabulary.lifecycle import DataSet
from registry.vocabulary.roles import Role
from tests.factories import facilities
from tests.factories.facilities import added, numbers

TODAY = date(2026, 11, 25)
MONDAY = date(2026, 11, 30)
REASON = "said so in the test"


@dataclass(frozen=True, slots=True)
class House:
    """A facility with one suite, and the people who keep it."""

    organisation: Organisation
    facility: Facility
    site: Site
    suite: Suite
    planner: Subject
    qa: Subject


def house(session: Session, **facts: object) -> House:
    """A published facility of a hospital with a mailbox, one site, one suite, a planner and a QA."""
    act_as(session, OPERATOR)
    owner = facilities.organisation(session, mailbox="gmp@example.org")
    facility = facilities.facility(session, owner, **facts)
    site = facilities.site(session, facility)
    suite = facilities.suite(session, site, places=2)
    return House(owner, facility, site, suite, member(session, Role.PLANNER, owner), member(session, Role.QA, owner))


def member(session: Session, role: Role, of: Organisation) -> Subject:
    """A person who holds a role in an organisation."""
    person = added(session, Person(code=f"person-{next(numbers)}", name="Somebody", data_set=DataSet.LIVE))
    added(session, models.Membership(person_id=person.id, role=role, organisation_id=of.id))
    return Subject(PersonId(person.id), frozenset({(role, OrganisationId(of.id))}))


def coordinator(session: Session) -> Subject:
    """A coordinator of the platform."""
    person = added(session, Person(code=f"person-{next(numbers)}", name="Somebody", data_set=DataSet.LIVE))
    added(session, models.Membership(person_id=person.id, role=Role.COORDINATOR))
    return Subject(PersonId(person.id), frozenset({(Role.COORDINATOR, None)}))


def acting(session: Session, subject: Subject) -> Subject:
    """Let the session act as somebody, under row-level security."""
    seal_trail(session)
    act_as(session, subject)
    return subject


def events_after(session: Session, sequence: int) -> list[AuditEvent]:
    """The events after a number, oldest first, as the operator reads them."""
    act_as(session, OPERATOR)
    seal_trail(session)
    return list(session.scalars(select(AuditEvent).where(AuditEvent.sequence > sequence).order_by(AuditEvent.sequence)))


def last_event(session: Session) -> int:
    """The number of the last event."""
    act_as(session, OPERATOR)
    seal_trail(session)
    return session.scalars(select(AuditEvent.sequence).order_by(AuditEvent.sequence.desc()).limit(1)).one()
