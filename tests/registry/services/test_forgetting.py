"""What is kept only for a while goes, and nothing else: by the machine, in small steps, each with its event."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from registry import tasks
from registry.access.subject import OPERATOR, PersonId, Subject
from registry.database import APPLICATION_ROLE, act_as, unit_of_work
from registry.errors import NotAllowedError
from registry.models import AuditEvent, IdempotentAnswer, LoginAttempt, LoginSession, Person
from registry.models.base import Record
from registry.services import forgetting
from registry.services.forgetting import forget_old
from registry.vocabulary.lifecycle import DataSet
from registry.vocabulary.roles import Role
from tests.factories.facilities import added, numbers

pytestmark = pytest.mark.database
TABLES: tuple[type[Record], ...] = (IdempotentAnswer, LoginAttempt, LoginSession)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def somebody(session: Session) -> Person:
    return added(session, Person(code=f"p{next(numbers)}", data_set=DataSet.LIVE))


def now_of(session: Session) -> datetime:
    return session.scalars(select(func.now())).one()


def answer(session: Session, person: Person, age: timedelta) -> None:
    """An answer of that age, which only a superuser past every trigger can make look old."""
    act_as(session, Subject(PersonId(person.id)))
    key = f"k{next(numbers)}"
    added(session, IdempotentAnswer(person_id=person.id, key=key, request_sha256="x", status=201, headers={}, body=b""))
    act_as(session, OPERATOR)
    session.execute(text("set constraints all immediate"))
    session.execute(text("reset role"))
    session.execute(text("set local session_replication_role = replica"))
    session.execute(
        text("update idempotent_answer set created_at = now() - :age where key = :key"), {"age": age, "key": key}
    )
    session.execute(text("set local session_replication_role = origin"))
    session.execute(text(f"set role {APPLICATION_ROLE}"))


def attempt(session: Session, age: timedelta) -> None:
    now = now_of(session)
    added(session, LoginAttempt(account_hash="a", address_hash="b", succeeded=False, attempted_at=now - age))


def login(session: Session, person: Person, ended: timedelta | None, ends: timedelta) -> None:
    now = now_of(session)
    row = LoginSession(person_id=person.id, secret_sha256=f"s{next(numbers)}", method="password", ends_at=now - ends)
    row.ended_at = None if ended is None else now - ended
    added(session, row)


def aged(session: Session) -> Person:
    """Of each kind one that is just too old, and one that is not."""
    person = somebody(session)
    for hours in (47, 49):
        answer(session, person, hours * HOUR)
    for hours in (23, 25):
        attempt(session, hours * HOUR)
    login(session, person, None, -HOUR)
    login(session, person, 29 * DAY, 29 * DAY - HOUR)
    login(session, person, None, 29 * DAY)
    login(session, person, 31 * DAY, 31 * DAY - HOUR)
    login(session, person, None, 31 * DAY)
    return person


def counted(session: Session, person: Person) -> list[int]:
    found = []
    for table in TABLES:
        act_as(session, Subject(PersonId(person.id)) if table is IdempotentAnswer else OPERATOR)
        found.append(session.scalar(select(func.count()).select_from(table)) or 0)
    act_as(session, OPERATOR)
    return found


def test_only_what_is_too_old_goes(session: Session) -> None:
    person = aged(session)
    assert counted(session, person) == [2, 2, 5]
    assert forget_old(session, OPERATOR) == 4
    assert counted(session, person) == [1, 1, 3]
    assert forget_old(session, OPERATOR) == 0


def test_sabotage_a_rule_without_ages_takes_everything_but_young_answers(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = aged(session)
    for name in ("ANSWERS_KEPT", "ATTEMPTS_KEPT", "LOGINS_KEPT"):
        monkeypatch.setattr(forgetting, name, -365 * DAY)
    forget_old(session, OPERATOR)
    assert counted(session, person) == [1, 0, 0], "the database keeps the answer that is too young"


def test_in_small_steps_by_the_worker(committed: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert committed is not None
    monkeypatch.setattr(forgetting, "ROWS_AT_ONCE", 2)
    with unit_of_work(OPERATOR) as session:
        person = somebody(session)
        for _ in range(5):
            answer(session, person, 49 * HOUR)
    steps = []
    before = forget_old

    def noted(session: Session, subject: Subject) -> int:
        steps.append(before(session, subject))
        return steps[-1]

    monkeypatch.setattr(tasks, "forget_old", noted)
    tasks.forget(timestamp=0)
    assert steps == [2, 2, 1, 0]
    with unit_of_work(OPERATOR) as session:
        events = select(func.count()).where(
            AuditEvent.record_type == "idempotent_answer", AuditEvent.action == "forget"
        )
        assert session.scalar(events) == 5
        steps.clear()
    monkeypatch.setattr(tasks, "MOST_BATCHES", 0)
    tasks.forget(timestamp=0)
    assert steps == []


def test_nobody_else_does_it(session: Session) -> None:
    person = aged(session)
    stranger = somebody(session)
    who = Subject(PersonId(stranger.id), frozenset({(Role.AUDITOR, None)}))
    with pytest.raises(NotAllowedError):
        forget_old(session, who)
    act_as(session, who)
    session.execute(text("delete from idempotent_answer"))
    assert counted(session, person)[0] == 2


def test_the_machine_reads_no_answer_that_is_in_use_and_writes_none(session: Session) -> None:
    person = aged(session)
    assert session.scalar(select(func.count()).select_from(IdempotentAnswer)) == 1
    forged = IdempotentAnswer(person_id=person.id, key="k", request_sha256="x", status=200, headers={}, body=b"")
    session.add(forged)
    with pytest.raises(DBAPIError):
        session.flush()
