"""How old the data of a calculation was: what is computed from the frozen facts, and who is told what of it."""

import json
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from registry import models
from registry.access.subject import ANONYMOUS, OPERATOR, Subject
from registry.cli.data_age import summary_line
from registry.queries.data_age import AgeSummary, DataAge, data_age
from registry.services import run_age
from registry.services.run_age import age_of_run
from registry.vocabulary.facilities import Freshness, Rhythm
from registry.vocabulary.roles import Role
from tests.registry.access.world import run_of
from tests.registry.queries.test_premises import overseer
from tests.registry.services.house import TODAY, House, acting, house, member

AGES = (3, 10, 44, 75, None)
"""Days since the last confirmation of five monthly calendars."""


def frozen(houses: list[House], ages: tuple[int | None, ...], stopped: int = 0) -> bytes:
    """The facts of a calculation, as far as ages go."""
    facilities = [
        {
            "id": here.facility.code,
            "label": here.facility.name,
            "organisation": here.organisation.code,
            "rhythm": "monthly",
            "calendar_confirmed_on": None if age is None else (TODAY - timedelta(days=age)).isoformat(),
            "calendar_clock_stopped_days": stopped,
        }
        for here, age in zip(houses, ages, strict=True)
    ]
    return json.dumps({"known_on": TODAY.isoformat(), "facilities": facilities}).encode()


def calculated(session: Session, ages: tuple[int | None, ...] = AGES, stopped: int = 0) -> tuple[UUID, list[House]]:
    houses = [house(session) for _ in ages]
    acting(session, OPERATOR)
    run = run_of(session)
    run.facts = frozen(houses, ages, stopped)
    session.flush()
    return run.id, houses


def told(session: Session, subject: Subject, run: UUID) -> DataAge | None:
    acting(session, subject)
    return age_of_run(session, subject, run)


def test_each_calendar_and_all_together(session: Session) -> None:
    run, houses = calculated(session)
    found = told(session, overseer(session, Role.COORDINATOR), run)
    assert found is not None
    by_name = {line.facility: (line.age_days, line.state) for line in found.facilities}
    assert [by_name[here.facility.name] for here in houses] == [
        (3, Freshness.CURRENT),
        (10, Freshness.CURRENT),
        (44, Freshness.OVERDUE),
        (75, Freshness.EXCLUDED),
        (None, None),
    ]
    assert {line.rhythm for line in found.facilities} == {Rhythm.MONTHLY}
    assert found.known_on == TODAY
    assert found.summary == AgeSummary(5, TODAY - timedelta(days=44), 44, 10, 1, 1)
    assert summary_line(found.summary) == (
        f"calendars of 5 facilities: the oldest was confirmed on {date(2026, 10, 12)}, 44 days before, "
        "the median 10 days; 1 excluded as overdue, 1 never confirmed"
    )


def test_days_of_declared_closures_do_not_count(session: Session) -> None:
    run, _ = calculated(session, (65,), stopped=20)
    found = told(session, overseer(session, Role.AUDITOR), run)
    assert found is not None
    assert [(line.age_days, line.state) for line in found.facilities] == [(45, Freshness.OVERDUE)]


def test_where_nothing_was_confirmed_in_time_it_says_so() -> None:
    assert summary_line(AgeSummary(2, None, None, None, 1, 1)).startswith("no calendar of 2 was confirmed in time")


def test_parties_learn_of_a_published_one_their_own_line_and_the_summary(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, houses = calculated(session)
    developer = member(session, Role.DEVELOPER, house(session).organisation)
    state = session.get_one(models.Run, run).state
    assert told(session, houses[0].planner, run) is None
    monkeypatch.setattr(run_age, "RunState", type("States", (), {"PUBLISHED": state}))
    own = told(session, houses[2].planner, run)
    assert own is not None
    assert [(line.facility, line.age_days) for line in own.facilities] == [(houses[2].facility.name, 44)]
    assert own.summary is not None
    sponsor = told(session, developer, run)
    assert sponsor is not None
    assert (sponsor.facilities, sponsor.summary) == ((), own.summary)
    assert told(session, ANONYMOUS, run) is None


def test_of_four_organisations_no_summary_is_told(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    run, houses = calculated(session, AGES[:4])
    monkeypatch.setattr(run_age, "RunState", type("States", (), {"PUBLISHED": session.get_one(models.Run, run).state}))
    found = told(session, houses[0].planner, run)
    assert found is not None
    assert (found.summary, len(found.facilities)) == (None, 1)


def test_after_it_the_session_is_the_subjects_again(session: Session) -> None:
    run, houses = calculated(session)
    assert told(session, houses[0].planner, run) is None
    assert data_age(session, houses[0].planner, run) is None
    assert session.get(models.Suite, houses[1].suite.id, populate_existing=True) is None


def test_sabotage_read_as_the_machine_a_facility_would_see_every_line(session: Session) -> None:
    run, houses = calculated(session)
    acting(session, OPERATOR)
    whole = data_age(session, OPERATOR, run)
    own = data_age(session, houses[0].planner, run)
    assert whole is not None
    assert own is not None
    assert (len(whole.facilities), len(own.facilities)) == (5, 1)
