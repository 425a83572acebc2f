"""What a day brings, on the real queue: publishing, digests, the ladder; done twice it tells nothing twice."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from procrastinate.tasks import Task
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from registry import tasks
from registry.access.subject import OPERATOR
from registry.database import act_as, seal_trail, unit_of_work
from registry.models import AuditAnchor, Facility, Membership, OutboxMessage, Person
from registry.notices import outbox, posting
from registry.notices.posting import period_of
from registry.services.confirmations import still_true
from registry.services.licences import record_authorisation
from registry.vocabulary.facilities import Rhythm
from registry.vocabulary.lifecycle import DataSet, Publication
from registry.vocabulary.roles import Role
from tests.factories.facilities import added
from tests.registry.services.house import MONDAY, TODAY, House, house
from tests.registry.services.test_licences import licence_facts, sign

pytestmark = [pytest.mark.database, pytest.mark.xdist_group("queue")]
MORNING = datetime(TODAY.year, TODAY.month, TODAY.day, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, for the mailbox."""
    monkeypatch.setenv("GMPHUB_HOME", str(tmp_path))
    return tmp_path


def worked(task: Task, on: date, times: int = 2) -> None:  # type: ignore[type-arg]  # a task of any signature
    """Do the job of a morning, by default twice."""
    for _ in range(times):
        task(timestamp=instant_of(on))


def by_a_worker(task: Task, on: date) -> None:  # type: ignore[type-arg]  # a task of any signature
    """Let a worker do the job of a morning twice, from the queue."""
    for _ in range(2):
        with unit_of_work(OPERATOR) as session:
            raw = session.connection().connection.driver_connection
            task.configure(connection=raw).defer(timestamp=instant_of(on))
        tasks.work(until_empty=True)


def instant_of(day: date) -> int:
    return int((MORNING + timedelta(days=(day - TODAY).days)).timestamp())


def messages(kind: str) -> list[OutboxMessage]:
    with unit_of_work(OPERATOR) as session:
        found = select(OutboxMessage).where(OutboxMessage.dedup_id.startswith(kind)).order_by(OutboxMessage.dedup_id)
        return list(session.scalars(found))


def kept(confirmed: int, **facts: object) -> House:
    """A facility whose record is signed and whose calendar was confirmed so many days ago."""
    with unit_of_work(OPERATOR) as session:
        here = house(session, **facts)
        sign(session, here, TODAY)
        seal_trail(session)
        act_as(session, here.planner)
        still_true(session, here.planner, here.facility.id, TODAY - timedelta(days=confirmed))
        return here


def state_of(facility: UUID) -> Publication:
    with unit_of_work(OPERATOR) as session:
        return session.get_one(Facility, facility).publication


def test_a_scheduled_facility_is_published_on_its_day(committed: Engine) -> None:
    here = kept(1, publication=Publication.SCHEDULED, publish_on=TODAY + timedelta(days=1))
    worked(tasks.publish_scheduled, TODAY)
    assert state_of(here.facility.id) is Publication.SCHEDULED
    by_a_worker(tasks.publish_scheduled, TODAY + timedelta(days=1))
    assert state_of(here.facility.id) is Publication.PUBLISHED


def test_a_digest_goes_to_planner_and_qa_once_a_period_and_state(committed: Engine) -> None:
    here = kept(30)
    by_a_worker(tasks.write_digests, TODAY)
    worked(tasks.write_digests, TODAY + timedelta(days=3))
    told = messages("digest")
    assert {one.person_id for one in told} == {here.planner.person, here.qa.person}
    assert len(told) == 2
    assert all("please confirm it" in one.body for one in told)
    assert {one.person_id: "/calendar-answers/" in one.body for one in told} == {
        here.planner.person: True,
        here.qa.person: False,
    }
    worked(tasks.write_digests, TODAY + timedelta(days=14), times=1)
    assert len(messages("digest")) == 4


def test_a_new_period_brings_a_new_digest(committed: Engine) -> None:
    kept(7, rhythm=Rhythm.WEEKLY)
    worked(tasks.write_digests, TODAY)
    assert len(messages("digest")) == 2
    worked(tasks.write_digests, TODAY + timedelta(days=5))
    assert len(messages("digest")) == 4


@pytest.mark.parametrize(
    ("confirmed", "facts"),
    [
        (1, {}),
        (30, {"publication": Publication.DRAFT}),
        (30, {"publication": Publication.WITHDRAWN}),
    ],
)
def test_who_has_nothing_due_or_is_not_published_is_left_alone(
    committed: Engine, confirmed: int, facts: dict[str, object]
) -> None:
    kept(confirmed, **facts)
    worked(tasks.write_digests, TODAY, times=1)
    assert messages("") == []


def test_who_no_longer_keeps_the_facility_is_told_nothing(committed: Engine) -> None:
    here = kept(30)
    with unit_of_work(OPERATOR) as session:
        session.scalars(select(Membership).where(Membership.person_id == here.qa.person)).one().valid_to = TODAY
        session.get_one(Person, here.planner.person).disabled_at = MORNING
    worked(tasks.write_digests, TODAY, times=1)
    assert messages("") == []


def licensed(until: date) -> House:
    here = kept(1)
    with unit_of_work(here.qa) as session:
        facts = licence_facts(here)
        record_authorisation(session, here.qa, here.site.id, facts, today=TODAY)
    assert facts.valid_to == until
    return here


ENDS = date(2027, 1, 1)


def test_each_rung_of_the_ladder_is_told_once(committed: Engine) -> None:
    licensed(ENDS)
    rungs = (181, 180, 100, 90, 89, 31, 30, 1, 0, -1)
    told = []
    for days in rungs:
        worked(tasks.write_expiries, ENDS - timedelta(days=days), times=2 if days in (180, 0) else 1)
        told.append(len(messages("expiry")))
    assert told == [0, 2, 2, 4, 4, 4, 6, 6, 8, 8]
    assert {one.subject.partition(": ")[2] for one in messages("expiry")} == {
        f"authorisation L-1 ends on {ENDS}, in 180 days.",
        f"authorisation L-1 ends on {ENDS}, in 90 days.",
        f"authorisation L-1 ends on {ENDS}, in 30 days.",
        f"authorisation L-1 ended on {ENDS}.",
    }


def test_what_ended_long_ago_is_told_no_more(committed: Engine) -> None:
    licensed(ENDS)
    by_a_worker(tasks.write_expiries, ENDS + timedelta(days=31))
    assert messages("expiry") == []


def auditor() -> Person:
    with unit_of_work(OPERATOR) as session:
        person = added(session, Person(code="auditor", name="Somebody", data_set=DataSet.LIVE))
        added(session, Membership(person_id=person.id, role=Role.AUDITOR))
        return person


def anchors() -> list[int]:
    with unit_of_work(OPERATOR) as session:
        return list(session.scalars(select(AuditAnchor.sequence).order_by(AuditAnchor.sequence)))


def test_the_head_of_the_trail_goes_to_auditors_once_a_week(committed: Engine) -> None:
    worked(tasks.write_anchor, MONDAY, times=1)
    assert (messages("anchor"), anchors()) == ([], [])
    person = auditor()
    by_a_worker(tasks.write_anchor, MONDAY)
    worked(tasks.write_anchor, MONDAY + timedelta(days=6))
    (letter,) = messages("anchor")
    (anchored,) = anchors()
    assert letter.person_id == person.id
    assert json.loads(letter.body.splitlines()[-1])["sequence"] == anchored
    worked(tasks.write_anchor, MONDAY + timedelta(days=7))
    assert (len(messages("anchor")), len(anchors())) == (2, 2)


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages whose ids do not say what they tell."""
    numbers = iter(range(10**6))

    def put(session: Session, message: outbox.Message) -> None:
        session.add(
            OutboxMessage(
                data_set=DataSet.LIVE,
                dedup_id=f"{message.dedup_id} {next(numbers)}",
                person_id=message.person_id,
                subject=message.subject,
                body=message.body,
            )
        )

    monkeypatch.setattr(posting, "put_message", put)


def test_sabotage_without_ids_a_day_done_twice_tells_everything_twice(committed: Engine, forgetful: None) -> None:
    kept(30)
    worked(tasks.write_digests, TODAY)
    assert len(messages("digest")) == 4


@pytest.mark.parametrize(
    ("rhythm", "last", "first"),
    [
        (Rhythm.WEEKLY, date(2026, 11, 29), date(2026, 11, 30)),
        (Rhythm.FORTNIGHTLY, date(2026, 12, 6), date(2026, 12, 7)),
        (Rhythm.MONTHLY, date(2026, 11, 30), date(2026, 12, 1)),
        (Rhythm.QUARTERLY, date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
def test_where_a_period_ends(rhythm: Rhythm, last: date, first: date) -> None:
    lengths = {Rhythm.WEEKLY: 7, Rhythm.FORTNIGHTLY: 14, Rhythm.MONTHLY: 30, Rhythm.QUARTERLY: 92}
    begun = last - timedelta(days=lengths[rhythm] - 1)
    assert period_of(rhythm, last) != period_of(rhythm, first)
    assert period_of(rhythm, last) == period_of(rhythm, begun) != period_of(rhythm, begun - timedelta(days=1))
