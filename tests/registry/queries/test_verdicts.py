"""What the newest calculation said: each party reads its own part without reading the calculation."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from registry import models
from registry.access import visibility
from registry.access.subject import ANONYMOUS, OPERATOR, Subject
from registry.queries.runs import UNNAMED, newest_verdicts, newest_verdicts_of_facility, one_run
from registry.vocabulary.lifecycle import Publication
from registry.vocabulary.results import Status
from registry.vocabulary.roles import Role
from tests.factories import requests
from tests.factories.facilities import added
from tests.registry.access.world import run_of
from tests.registry.services.house import TODAY, House, acting, house, member


def judged(session: Session, here: House, request: models.Request, hour: int, status: Status = Status.PASS) -> UUID:
    """A calculation at an hour of today judged the request at the facility's suite."""
    acting(session, OPERATOR)
    run = run_of(session).id
    added(
        session,
        models.Verdict(
            run_id=run,
            data_set=here.facility.data_set,
            request_id=request.id,
            organisation_id=request.organisation_id,
            facility_id=here.facility.id,
            facility_organisation_id=here.organisation.id,
            suite_id=here.suite.id,
            status=status,
            failing=[],
            results=[],
            calculated_at=datetime(TODAY.year, TODAY.month, TODAY.day, hour, tzinfo=UTC),
        ),
    )
    return run


@pytest.fixture
def here(session: Session) -> House:
    return house(session)


@pytest.fixture
def request_(session: Session, here: House) -> models.Request:
    return requests.request(session)


@pytest.fixture
def developer(session: Session, request_: models.Request) -> Subject:
    return member(session, Role.DEVELOPER, session.get_one(models.Organisation, request_.organisation_id))


def test_a_developer_reads_the_newest_verdicts_and_not_the_calculation(
    session: Session, here: House, request_: models.Request, developer: Subject
) -> None:
    judged(session, here, request_, 8, Status.FAIL)
    run = judged(session, here, request_, 9)
    acting(session, developer)
    (line,) = newest_verdicts(session, developer, request_.id)
    assert (line.status, line.facility) == (Status.PASS, here.facility.name)
    assert one_run(session, developer, run) is None


def test_the_facility_reads_its_side_and_others_nothing(
    session: Session, here: House, request_: models.Request, developer: Subject
) -> None:
    other = house(session)
    stranger = member(session, Role.DEVELOPER, other.organisation)
    judged(session, here, request_, 8)
    acting(session, here.planner)
    assert len(newest_verdicts_of_facility(session, here.planner, here.facility.id)) == 1
    for subject in (other.planner, stranger, ANONYMOUS):
        acting(session, subject)
        assert newest_verdicts(session, subject, request_.id) == []
        assert newest_verdicts_of_facility(session, subject, here.facility.id) == []


def test_a_facility_that_was_withdrawn_since_still_has_its_verdict(
    session: Session, here: House, request_: models.Request, developer: Subject
) -> None:
    judged(session, here, request_, 8)
    here.facility.publication = Publication.WITHDRAWN
    acting(session, developer)
    (line,) = newest_verdicts(session, developer, request_.id)
    assert line.facility == UNNAMED


def test_sabotage_without_both_walls_a_stranger_would_read_them(
    session: Session, here: House, request_: models.Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(session, here, request_, 8)
    stranger = acting(session, house(session).planner)
    monkeypatch.setattr(visibility, "verdicts", lambda _subject: models.Verdict.id.is_not(None))
    acting(session, stranger)
    assert newest_verdicts(session, stranger, request_.id) == []
    session.execute(text("reset role"))
    assert len(newest_verdicts(session, stranger, request_.id)) == 1
