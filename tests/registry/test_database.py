"""The unit of work, who is acting, and what the database refuses."""

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from registry.access.subject import ANONYMOUS, OPERATOR, OPERATOR_ID
from registry.database import seal_trail, unit_of_work
from registry.models import AuditEvent, Facility
from tests.factories.facilities import facility


def test_the_database_stamps_version_and_actor(session: Session) -> None:
    made = facility(session)
    assert (made.version, made.created_by) == (1, OPERATOR_ID)
    made.name = "Renamed"
    session.flush()
    assert made.version == 2


def test_each_change_is_one_event_in_the_same_transaction(session: Session) -> None:
    made = facility(session)
    made.name = "Renamed"
    seal_trail(session)
    events = session.scalars(select(AuditEvent).where(AuditEvent.record_id == made.id)).all()
    assert [event.action for event in events] == ["create", "change"]


def test_a_committed_unit_stays_and_a_failed_one_leaves_nothing(committed: Engine) -> None:
    with unit_of_work(OPERATOR) as session:
        kept = facility(session).id
    with unit_of_work(OPERATOR) as session:
        assert session.get(Facility, kept) is not None


def test_nobody_sees_a_draft(session: Session) -> None:
    facility(session, publication="draft")
    with unit_of_work(ANONYMOUS) as unknown:
        assert unknown.scalar(text("select count(*) from facility")) == 0
