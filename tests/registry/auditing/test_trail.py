"""The trail is written with every change, by whatever way, and cannot be changed (T-I1, T-I2, T-I5, T-I6)."""

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from registry.access.subject import OPERATOR, OPERATOR_ID, OrganisationId, PersonId, Subject
from registry.audit_chain import Anchor
from registry.database import act_as, owner_engine, seal_trail, unit_of_work
from registry.models import AuditEvent, Closure, Facility, Person
from registry.services.accounts import erase_person
from registry.services.auditing import anchor_trail, export_trail, is_signed, record_act, record_read, verify_trail
from registry.services.history import as_known_on, history
from registry.vocabulary.facilities import ClosureKind
from registry.vocabulary.roles import Role
from tests.factories.facilities import added, facility, site, suite
from tests.registry.access.world import DAY, LATER, tenant


def events(session: Session) -> list[AuditEvent]:
    seal_trail(session)
    return list(session.scalars(select(AuditEvent).order_by(AuditEvent.sequence)))


def test_an_event_says_who_what_old_new_and_why(session: Session) -> None:
    made = facility(session)
    seal_trail(session)
    act_as(session, OPERATOR, action="rename", reason="The hospital was renamed", correlation="request-7")
    made.name = "New name"
    event = events(session)[-1]
    assert (event.actor, event.role, event.action) == (OPERATOR_ID, "operator", "rename")
    assert (event.record_type, event.record_id) == ("facility", made.id)
    assert event.organisations == [made.organisation_id]
    assert event.old is not None
    assert event.new is not None
    changed = {column for column in event.new if event.old[column] != event.new[column]}
    assert changed <= {"name", "version", "changed_at"}
    assert (event.reason, event.correlation) == ("The hospital was renamed", "request-7")


def test_raw_sql_leaves_its_event_too(session: Session) -> None:
    made = facility(session)
    before = len(events(session))
    session.execute(text("update facility set notes = 'by hand' where id = :id"), {"id": made.id})
    session.execute(text("update facility set notes = 'again' where id = :id"), {"id": made.id})
    assert [event.new["notes"] for event in events(session)[before:] if event.new] == ["by hand", "again"]


def test_a_week_edit_writes_one_calendar_row_and_one_event(session: Session) -> None:
    made = suite(session, site(session, facility(session)))
    before = len(events(session))
    owner = {"facility_id": made.facility_id, "organisation_id": made.organisation_id, "suite_id": made.id}
    added(session, Closure(**owner, starts=DAY, ends=LATER, kind=ClosureKind.MAINTENANCE))
    assert [event.record_type for event in events(session)[before:]] == ["closure"]


@pytest.mark.parametrize(
    "attempt",
    [
        "update audit_event set reason = 'nicer'",
        "delete from audit_event",
        "truncate audit_event",
        "delete from audit_anchor",
    ],
)
@pytest.mark.parametrize("role", ["gmphub_app", "none"])
def test_events_are_never_changed_not_even_by_the_owner(session: Session, attempt: str, role: str) -> None:
    facility(session)
    seal_trail(session)
    session.execute(text(f"set role {role}"))
    with pytest.raises(DBAPIError) as refusal:
        session.execute(text(attempt))
    assert getattr(refusal.value.orig, "sqlstate", "") == "42501"


def test_nobody_writes_in_anothers_name(session: Session) -> None:
    one = tenant(session, "One")
    seal_trail(session)
    act_as(session, one.member(Role.PLANNER))
    session.execute(
        text(
            "insert into audit_event (sequence, actor, role, action, record_type, organisations, reason, correlation, hash)"
            " values (9999, gen_random_uuid(), 'auditor', 'read', 'request', '{}', '', '', repeat('f', 64))"
        )
    )
    act_as(session, OPERATOR)
    event = events(session)[-1]
    assert (event.actor, event.role) == (one.person.id, "planner")
    assert event.sequence != 9999
    assert verify_trail(session).breaks == ()


def test_a_change_whose_event_cannot_be_written_does_not_happen(committed: Engine) -> None:
    with unit_of_work(OPERATOR) as session:
        made = facility(session).id
    with owner_engine(committed.url).begin() as owner:
        owner.execute(text("alter table audit_event add constraint broken check (action <> 'change') not valid"))
    with pytest.raises(Exception, match="breaks a rule"), unit_of_work(OPERATOR) as session:
        session.get_one(Facility, made).name = "Unseen"
    with unit_of_work(OPERATOR) as session:
        assert session.get_one(Facility, made).name != "Unseen"


def test_two_reasons_in_one_transaction_stay_apart(session: Session) -> None:
    act_as(session, OPERATOR, reason="first")
    made = facility(session)
    seal_trail(session)
    act_as(session, OPERATOR, reason="second")
    made.notes = "x"
    assert [event.reason for event in events(session)] == ["first", "first", "second"]


def test_owners_see_who_read_their_record_and_strangers_do_not(session: Session) -> None:
    one, two = tenant(session, "One"), tenant(session, "Two")
    record_read(session, "request", one.request.id, [one.organisation.id], "screening")
    seal_trail(session)
    reads = select(AuditEvent).where(AuditEvent.action == "read")
    act_as(session, one.member(Role.DEVELOPER))
    assert [event.record_id for event in session.scalars(reads)] == [one.request.id]
    act_as(session, two.member(Role.DEVELOPER))
    assert session.scalars(reads).all() == []


def test_a_record_as_known_on_a_day(committed: Engine) -> None:
    with unit_of_work(OPERATOR) as session:
        made = facility(session, name="Before").id
    with unit_of_work(OPERATOR) as session:
        instant = session.scalars(text("select clock_timestamp()")).one()
    with unit_of_work(OPERATOR, reason="renamed") as session:
        session.get_one(Facility, made).name = "After"
    with unit_of_work(OPERATOR) as session:
        then = as_known_on(session, OPERATOR, "facility", made, instant)
        now = as_known_on(session, OPERATOR, "facility", made, datetime.now(UTC))
        assert (then and then.columns["name"], now and now.columns["name"]) == ("Before", "After")
        assert now is not None
        assert (now.reason, now.actor) == ("renamed", OPERATOR_ID)
        assert as_known_on(session, OPERATOR, "facility", made, datetime(2020, 1, 1, tzinfo=UTC)) is None
        assert [event.action for event in history(session, OPERATOR, "facility", made)] == ["create", "change"]
        stranger = Subject(PersonId(made), frozenset({(Role.PLANNER, OrganisationId(made))}))
        assert as_known_on(session, stranger, "facility", made, instant) is None


def test_an_erased_person_is_nowhere_and_the_chain_holds(session: Session) -> None:
    person = added(session, Person(code="jane.roe", name="Jane Roe", mail="jane@example.org", data_set="live"))
    seal_trail(session)
    erase_person(session, OPERATOR, person)
    last = events(session)[-1]
    assert (last.action, last.record_type, last.record_id) == ("erase", "person", person.id)
    record_act(session, "look", "person", person.id)
    trail = "".join(export_trail(session))
    assert verify_trail(session).breaks == ()
    assert [word for word in ("Jane", "jane", "example.org") if word in trail] == []
    assert str(person.id) in trail
    session.expire(person)
    assert (person.name, person.mail) == (None, None)


def test_sabotage_names_in_other_columns_would_be_found(session: Session) -> None:
    facility(session, notes="ask Jane Roe")
    seal_trail(session)
    assert "Jane" in "".join(export_trail(session))


def test_an_anchor_is_signed_and_covers_what_came_before(session: Session) -> None:
    facility(session)
    seal_trail(session)
    key = Ed25519PrivateKey.generate()
    head = anchor_trail(session, key)
    report = verify_trail(session, [Anchor(head.sequence, head.hash)])
    assert (report.breaks, report.anchored_up_to) == ((), head.sequence)
    assert is_signed(head, head.public_key)
    other = anchor_trail(session, Ed25519PrivateKey.generate())
    assert not is_signed(head, other.public_key)


TAMPERING = {
    "edit content": "update audit_event set new = '{}' where sequence = 3",
    "edit reason": "update audit_event set reason = 'nicer' where sequence = 3",
    "edit actor": "update audit_event set actor = gen_random_uuid() where sequence = 3",
    "edit time": "update audit_event set occurred_at = occurred_at - interval '1 day' where sequence = 3",
    "edit hash": "update audit_event set hash = repeat('a', 64) where sequence = 3",
    "remove": "delete from audit_event where sequence = 3",
    "swap": "update audit_event set sequence = 900 where sequence = 3; update audit_event set sequence = 3 where sequence = 4",
    "cut": "delete from audit_event where sequence >= 3",
    "forge": """
        insert into audit_event select 3000, occurred_at, actor, role, action, record_type, record_id, organisations,
        old, new, 'forged', correlation, previous_hash, hash from audit_event where sequence = 3
    """,
}


@pytest.mark.parametrize("way", TAMPERING)
def test_a_superuser_who_tampers_with_the_table_is_found(session: Session, way: str) -> None:
    facility(session)
    facility(session)
    seal_trail(session)
    key = Ed25519PrivateKey.generate()
    anchor_trail(session, key)
    session.execute(text("reset role"))
    session.execute(text("set local session_replication_role = replica"))
    for statement in TAMPERING[way].split(";"):
        session.execute(text(statement))
    breaks = verify_trail(session).breaks
    assert breaks
    assert breaks[0].sequence == (5 if way == "forge" else 3)
