"""From the use case to the verdict: what QA and planner record is what the next round judges by."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from matcher import facts
from matcher.eligibility import judge
from registry.access.subject import OPERATOR
from registry.matching.snapshot import take_snapshot
from registry.models import ProcessLoad, ProcessStep, Request, RequestPlace
from registry.models.policy import Policy
from registry.services.closures import ClosureFacts, OpeningFacts, close, open_days
from registry.services.confirmations import still_true
from registry.services.facilities import Seen
from registry.services.licences import change_authorisation, record_authorisation
from registry.vocabulary.facilities import ClosureKind, LimitKind
from registry.vocabulary.lifecycle import DataSet, RequestState
from registry.vocabulary.periods import Days
from registry.vocabulary.results import RuleResult, Status
from tests.factories import requests
from tests.factories.facilities import added
from tests.registry.services.house import MONDAY, TODAY, House, acting, house
from tests.registry.services.test_calendar import PLATFORM, TWO, edit, stated
from tests.registry.services.test_licences import licence_facts, sign

STARTS = date(2026, 12, 7), date(2026, 12, 10)
STAY_DAYS, QC_DAYS = 12, 14
LAST_DAY = STARTS[0] + timedelta(days=STAY_DAYS + QC_DAYS)
"""The first day on which the earliest start needs no licence any more: stay, then quality control."""


def asked(session: Session) -> Request:
    """A request for one start in the week of 7 December, its quality control 14 days after the stay."""
    process = requests.process(session, requests.product(session), stay_days=STAY_DAYS)
    owner = {"organisation_id": process.organisation_id}
    added(session, ProcessStep(**owner, process_version_id=process.id, position=0, mode="closed", background="C"))
    load = {"kind": LimitKind.QC_RESULTS, "amount": 1, "moment": "end", "delay_days": QC_DAYS}
    added(session, ProcessLoad(**owner, process_version_id=process.id, position=0, **load))
    request = requests.request(session, process, state=RequestState.READY, fairness_group="CAR-T")
    requests.batch(session, request, earliest=STARTS[0], latest=STARTS[1])
    for use in ("treating", "collection"):
        place = {"use": use, "position": 0, "country": "DE", "latitude": 52.5, "longitude": 13.4}
        added(session, RequestPlace(**owner, request_id=request.id, **place))
    return request


def snapshot(session: Session, known_on: date = TODAY) -> facts.Facts:
    acting(session, OPERATOR)
    policy = Policy(code="P", number=1, title="", tiers=[{"placed": 1}], text_generated="")
    return take_snapshot(session, DataSet.LIVE, policy, origin=MONDAY, horizon_weeks=26, known_on=known_on)


def verdict(session: Session, request: Request, rule: str, known_on: date = TODAY) -> RuleResult:
    """What one rule says about the request and the only suite there is, on facts read anew."""
    verdicts = judge(snapshot(session, known_on))
    ((_, suite),) = [pair for pair in verdicts if pair[0] == request.code]
    return next(result for result in verdicts[request.code, suite] if result.rule == rule)


@pytest.mark.parametrize(
    ("until", "status"),
    [
        (STARTS[0], Status.FAIL),
        (LAST_DAY - timedelta(days=1), Status.FAIL),
        (LAST_DAY + timedelta(days=3), Status.PASS),
    ],
)
def test_a_renewal_flips_the_verdict(session: Session, until: date, status: Status) -> None:
    here, request = house(session), asked(session)
    acting(session, here.qa)
    ending = replace(licence_facts(here), valid_to=STARTS[0])
    licence = record_authorisation(session, here.qa, here.site.id, ending, today=TODAY)
    before = verdict(session, request, "authorisation-validity")
    assert (before.status, str(STARTS[0]) in before.actual) == (Status.FAIL, True)

    acting(session, here.qa)
    renewed = replace(ending, valid_to=until)
    change_authorisation(session, here.qa, Seen(licence.id, 1), renewed, today=TODAY, reason="renewed")
    after = verdict(session, request, "authorisation-validity")
    assert (after.status, after.source_date, str(until) in after.actual) == (status, TODAY, True)


def test_an_attestation_that_lapsed_is_not_matchable(session: Session) -> None:
    here, request = house(session), asked(session)
    assert verdict(session, request, "legal-attestation").status is Status.UNKNOWN
    sign(session, here)
    assert verdict(session, request, "legal-attestation").status is Status.PASS
    year = TODAY + timedelta(days=365)
    assert verdict(session, request, "legal-attestation", year).status is Status.PASS
    assert verdict(session, request, "legal-attestation", year + timedelta(days=1)).status is Status.FAIL
    assert snapshot(session).facilities[0].id == here.facility.code


def still_open(session: Session, here: House) -> None:
    """Nothing is declared."""


def closed_all_summer(session: Session, here: House) -> None:
    acting(session, here.planner)
    weeks = ClosureFacts(ClosureKind.SHUTDOWN, date(2026, 10, 5), date(2026, 11, 2))
    close(session, here.planner, here.facility.id, weeks)


@pytest.mark.parametrize(("declare", "status"), [(still_open, Status.FAIL), (closed_all_summer, Status.PASS)])
def test_a_declared_closure_stops_the_clock_of_the_round(
    session: Session, declare: Callable[[Session, House], None], status: Status
) -> None:
    here, request = house(session), asked(session)
    acting(session, here.planner)
    still_true(session, here.planner, here.facility.id, TODAY - timedelta(days=61))
    declare(session, here)
    found = verdict(session, request, "calendar-freshness")
    assert found.status is status
    acting(session, here.planner)
    still_true(session, here.planner, here.facility.id, TODAY)
    assert verdict(session, request, "calendar-freshness").status is Status.PASS


def test_an_edited_week_and_a_closure_reach_the_round(session: Session) -> None:
    here = stated(session)
    edit(session, here, {10: replace(TWO, starts_per_week=5)})
    acting(session, here.planner)
    open_days(session, here.planner, here.facility.id, OpeningFacts(MONDAY))
    week = Days(date(2027, 1, 4), date(2027, 1, 11))
    close(session, here.planner, here.facility.id, ClosureFacts(ClosureKind.OWN_USE, week.start, week.end))
    (facility,) = snapshot(session).facilities
    tenth = MONDAY + timedelta(weeks=10)
    said = [(one.period.start, one.starts_per_week) for one in facility.starts if one.platform == PLATFORM]
    assert said == [(MONDAY, 2), (tenth, 5), (tenth + timedelta(weeks=1), 2)]
    (suite,) = facility.sites[0].suites
    assert suite.open == (Days(MONDAY, week.start), Days(date(2027, 1, 11), None))
