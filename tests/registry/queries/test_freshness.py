"""How current a calendar is at its thresholds, closures that stop the clock, and what an excluded one missed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from matcher.eligibility.freshness import freshness_of as freshness_in_rounds
from registry import models
from registry.access.subject import ANONYMOUS, OPERATOR
from registry.queries.confirmations import CalendarFreshness, calendar_freshness, missed_while_excluded
from registry.services.closures import ClosureFacts, close
from registry.services.confirmations import still_true
from registry.vocabulary.facilities import FRESHNESS_DAYS, ClosureKind, Freshness, Rhythm, freshness_of
from registry.vocabulary.results import Status
from tests.factories import requests
from tests.factories.facilities import added
from tests.registry.access.world import run_of
from tests.registry.services.house import TODAY, House, acting, house

STALE = ["calendar-freshness"]


@pytest.mark.parametrize("rhythm", Rhythm)
def test_thresholds_of_every_rhythm(rhythm: Rhythm) -> None:
    due, overdue, excluded = FRESHNESS_DAYS[rhythm]
    assert [freshness_of(rhythm, age) for age in (0, due - 1, due, overdue - 1, overdue, excluded - 1, excluded)] == [
        Freshness.CURRENT,
        Freshness.CURRENT,
        Freshness.DUE,
        Freshness.DUE,
        Freshness.OVERDUE,
        Freshness.OVERDUE,
        Freshness.EXCLUDED,
    ]
    assert all(freshness_of(rhythm, age) is freshness_in_rounds(rhythm, age) for age in range(excluded + 2))


def confirmed(session: Session, days_ago: int) -> House:
    here = house(session)
    acting(session, here.planner)
    still_true(session, here.planner, here.facility.id, TODAY - timedelta(days=days_ago))
    return here


@pytest.mark.parametrize(
    ("days_ago", "state"),
    [
        (29, Freshness.CURRENT),
        (30, Freshness.DUE),
        (44, Freshness.OVERDUE),
        (59, Freshness.OVERDUE),
        (60, Freshness.EXCLUDED),
    ],
)
def test_the_state_today(session: Session, days_ago: int, state: Freshness) -> None:
    here = confirmed(session, days_ago)
    fresh = calendar_freshness(session, here.planner, here.facility.id, TODAY)
    assert fresh is not None
    assert (fresh.state, fresh.age_days, fresh.excluded_in_days) == (state, days_ago, 60 - days_ago)


def test_one_click_makes_it_current(session: Session) -> None:
    here = confirmed(session, 70)
    still_true(session, here.planner, here.facility.id, TODAY)
    fresh = calendar_freshness(session, here.planner, here.facility.id, TODAY)
    assert fresh is not None
    assert (fresh.state, fresh.confirmed_on) == (Freshness.CURRENT, TODAY)


def test_a_declared_closure_stops_the_clock(session: Session) -> None:
    here = confirmed(session, 60)
    weeks = ClosureFacts(ClosureKind.SHUTDOWN, TODAY - timedelta(days=40), TODAY - timedelta(days=10))
    close(session, here.planner, here.facility.id, weeks)
    fresh = calendar_freshness(session, here.planner, here.facility.id, TODAY)
    assert fresh is not None
    assert (fresh.state, fresh.age_days, fresh.stopped_days) == (Freshness.DUE, 30, 30)


def test_never_confirmed_and_outsiders(session: Session) -> None:
    here, other = house(session), confirmed(session, 60)
    fresh = calendar_freshness(session, other.planner, here.facility.id, TODAY)
    assert fresh is not None
    assert (fresh.confirmed_on, fresh.state) == (None, Freshness.EXCLUDED)
    acting(session, here.planner)
    own = calendar_freshness(session, here.planner, here.facility.id, TODAY)
    assert own is not None
    assert (own.confirmed_on, own.state) == (None, None)
    acting(session, ANONYMOUS)
    seen = calendar_freshness(session, ANONYMOUS, other.facility.id, TODAY)
    assert seen == CalendarFreshness(Rhythm.MONTHLY, None, None, None, Freshness.EXCLUDED, None)


@pytest.mark.parametrize(
    ("days_ago", "state"),
    [(29, Freshness.CURRENT), (30, Freshness.DUE), (44, Freshness.OVERDUE), (60, Freshness.EXCLUDED)],
)
def test_others_learn_the_state_no_day_and_nothing_of_closures(
    session: Session, days_ago: int, state: Freshness
) -> None:
    here, other = confirmed(session, days_ago), house(session)
    acting(session, other.planner)
    told = calendar_freshness(session, other.planner, here.facility.id, TODAY)
    assert told == CalendarFreshness(Rhythm.MONTHLY, None, None, None, state, None)
    acting(session, here.planner)
    close(
        session, here.planner, here.facility.id, ClosureFacts(ClosureKind.SHUTDOWN, TODAY - timedelta(days=20), TODAY)
    )
    acting(session, other.planner)
    assert calendar_freshness(session, other.planner, here.facility.id, TODAY) == told


def judged(session: Session, here: House, failing: list[str], on: date) -> None:
    """A calculation judged a request and the facility's suite on a day."""
    acting(session, OPERATOR)
    request = requests.request(session)
    who = {
        "run_id": run_of(session).id,
        "data_set": here.facility.data_set,
        "request_id": request.id,
        "organisation_id": request.organisation_id,
        "facility_id": here.facility.id,
        "facility_organisation_id": here.organisation.id,
        "suite_id": here.suite.id,
    }
    at = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    added(session, models.Verdict(**who, status=Status.FAIL, failing=failing, results=[], calculated_at=at))


def test_what_an_excluded_calendar_missed(session: Session) -> None:
    here = confirmed(session, 70)
    excluded = TODAY - timedelta(days=10)
    judged(session, here, STALE, excluded)
    judged(session, here, STALE, TODAY)
    judged(session, here, STALE, excluded - timedelta(days=1))
    judged(session, here, [*STALE, "background-grade"], TODAY)
    judged(session, house(session), STALE, TODAY)
    for subject in (here.planner, OPERATOR):
        acting(session, subject)
        missed = missed_while_excluded(session, subject, here.facility.id, TODAY)
        assert missed is not None
        assert (missed.since, missed.requests) == (excluded, 2)


def test_a_calendar_that_is_used_missed_nothing(session: Session) -> None:
    here = confirmed(session, 59)
    judged(session, here, STALE, TODAY)
    assert missed_while_excluded(session, acting(session, here.planner), here.facility.id, TODAY) is None
    other = house(session)
    assert missed_while_excluded(session, acting(session, other.planner), here.facility.id, TODAY) is None
