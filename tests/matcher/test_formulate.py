"""From facts and verdicts to the problem in weeks."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.admissible import admissible_starts
from matcher.eligibility import allowed, judge, needs
from matcher.eligibility.judging import places_of
from matcher.eligibility.needs import FOR_PATIENTS
from matcher.eligibility.rule import Where
from matcher.facts import Batch as FactsBatch
from matcher.facts import Facility, Facts, Limit, Load, Pair, Request, Stay, Suite
from matcher.formulate import UNKNOWN_KM, Formulated, formulate, formulated
from matcher.problem import Booking, Option, Problem, Resource, SuiteId, Use
from matcher.serialise import Rejected, problem_json, read_problem
from matcher.weeks import Weeks, start_offset, weeks_held
from registry.vocabulary.facilities import LimitKind, StartsClass
from registry.vocabulary.periods import Days
from registry.vocabulary.products import BatchKind, Donor, InputState
from registry.vocabulary.regulation import PairStage, StageState
from registry.vocabulary.results import Status
from tests.matcher.eligibility.cases.case import asking, at, built, making, offering
from tests.matcher.eligibility.good import (
    BARCELONA,
    FACILITY,
    FACTS,
    ORIGIN,
    READY_PAIR,
    REQUEST,
    SITE,
    SUITE,
    with_parts,
)
from tests.matcher.eligibility.many import many_facts

WEEK = timedelta(weeks=1)
NOT_READY = {**READY_PAIR.stages, PairStage.READY: StageState.OPEN}


def made(facts: Facts) -> Formulated:
    return formulated(facts, judge(facts))


def option(facts: Facts) -> Option:
    """The only option of the only request."""
    (found,) = made(facts).problem.requests[0].options
    return found


def resource(facts: Facts, name: str) -> Resource:
    return next(one for one in made(facts).problem.resources if one.id == name)


def use(facts: Facts, name: str) -> Use:
    return next(one for one in option(facts).uses if one.resource == name)


def test_the_good_pair_becomes_one_option() -> None:
    problem = formulate(FACTS, judge(FACTS))
    assert problem.tick == "week"
    assert problem.horizon == 26
    request = problem.requests[0]
    assert [(b.id, b.earliest, b.latest) for b in request.batches] == [("B1", 5, 8), ("B2", 9, 12)]
    found = request.options[0]
    assert (found.suite, found.duration, found.cost, found.windows) == ("S1", 2, 0, None)
    assert found.travel == 149
    assert request.family == "PR1"
    assert request.group == "DE"


def test_a_sealed_problem_reads_back_as_itself() -> None:
    problem = formulate(FACTS, judge(FACTS))
    assert read_problem(problem_json(problem)) == problem


def test_a_pair_with_an_unknown_is_no_option() -> None:
    facts = with_parts(suite=built(grade=None))
    assert judge(facts).status("R1", "S1") is Status.UNKNOWN
    assert made(facts).problem.requests[0].options == ()


def test_a_pair_that_fails_is_no_option_and_its_facility_is_left_out() -> None:
    facts = with_parts(facility=offering(notice_days=400))
    problem = made(facts).problem
    assert problem.requests[0].options == ()
    assert problem.facilities == ()
    assert problem.suites == ()


def test_windows_follow_the_readiness_of_the_pair() -> None:
    ready_by = ORIGIN + 10 * WEEK
    facts = with_parts(request=asking(pairs=(Pair("F1-A", NOT_READY, ready_by),)))
    assert option(facts).windows == ((10, 25),)
    later = with_parts(request=asking(pairs=(Pair("F1-A", NOT_READY, ready_by + timedelta(1)),)))
    assert option(later).windows == ((11, 25),)


def test_a_new_pair_without_a_day_is_an_option_with_open_points() -> None:
    found = option(with_parts(request=asking(pairs=())))
    assert found.windows is None
    assert found.cost == 2, "the pair is not ready, and the GMO side of the trial is open"


def test_preparing_batches_do_not_wait_for_readiness_when_patients_come_late_anyway() -> None:
    ready_by = ORIGIN + 9 * WEEK
    first = replace(REQUEST.batches[0], kind=BatchKind.ENGINEERING, patients=0)
    pairs = (Pair("F1-A", NOT_READY, ready_by),)
    facts = with_parts(request=asking(batches=(first, REQUEST.batches[1]), pairs=pairs))
    assert option(facts).windows is None


def test_windows_follow_notice_on_start_weekdays() -> None:
    days = (ORIGIN - FACTS.known_on).days + 7 * 6 + 1
    monday = with_parts(facility=offering(notice_days=days), suite=built(start_weekdays=frozenset({1})))
    tuesday = with_parts(facility=offering(notice_days=days), suite=built(start_weekdays=frozenset({2})))
    assert option(monday).windows == ((7, 25),)
    assert option(tuesday).windows == ((6, 25),)


def test_declared_starts_are_the_limit_of_every_week() -> None:
    stated = FACILITY.starts[0]
    starts = (
        replace(stated, period=Days(ORIGIN, ORIGIN + 6 * WEEK)),
        replace(stated, period=Days(ORIGIN + 5 * WEEK, ORIGIN + 8 * WEEK), starts_per_week=1),
        replace(stated, starts_class=StartsClass.INDICATIVE, starts_per_week=9),
    )
    facts = with_parts(facility=offering(starts=starts))
    assert resource(facts, "F1/starts/closed_automated").capacity == (2, 2, 2, 2, 2, 1, 1, 1) + (0,) * 18
    assert use(facts, "F1/starts/closed_automated") == Use(resource(facts, "F1/starts/closed_automated").id, 1, "start")


def test_a_week_partly_covered_by_a_statement_offers_nothing() -> None:
    stated = replace(FACILITY.starts[0], period=Days(ORIGIN + timedelta(1), ORIGIN + 8 * WEEK))
    facts = with_parts(facility=offering(starts=(stated,)))
    assert resource(facts, "F1/starts/closed_automated").capacity[:3] == (0, 2, 2)


def test_quality_control_falls_after_the_stay() -> None:
    facts = with_parts(facility=offering(limits=(Limit(LimitKind.QC_RESULTS, 1, 3),)))
    assert resource(facts, "F1/qc_results").capacity == (3,) * 26
    found = use(facts, "F1/qc_results")
    assert (found.amount, found.at, found.delay) == (1, "end", 2), "12 days of stay, the result on day 25: week 3"
    assert made(facts).resource_rules[found.resource] == "qc-limit"


def test_limits_by_week_and_by_longer_periods() -> None:
    limits = (Limit(LimitKind.OPERATORS, 1, 4, (1, 2, 3)), Limit(LimitKind.OPERATORS, 4, 9))
    facts = with_parts(request=making(loads=(Load(LimitKind.OPERATORS, 2, "start"),)), facility=offering(limits=limits))
    weekly, monthly = resource(facts, "F1/operators"), resource(facts, "F1/operators/1")
    assert weekly.capacity == (1, 2, 3) + (4,) * 23
    assert (monthly.period, monthly.capacity) == (4, (9,) * 7)
    assert {one.amount for one in option(facts).uses if one.resource in {weekly.id, monthly.id}} == {2}


def test_only_a_new_pair_takes_a_new_product_once() -> None:
    there = offering(limits=(Limit(LimitKind.NEW_PRODUCTS, 52, 1),))
    new = with_parts(request=asking(pairs=()), facility=there)
    assert use(new, "F1/new_products").at == "once"
    assert resource(new, "F1/new_products").capacity == (1,)
    assert all(one.resource != "F1/new_products" for one in option(with_parts(facility=there)).uses)


def test_a_largest_campaign_and_the_doses_of_a_lot_become_a_limit_of_the_request() -> None:
    facts = with_parts(facility=offering(largest_campaign=1))
    assert resource(facts, "F1/campaign/R1").capacity == (1,)
    assert use(facts, "F1/campaign/R1").at == "start"
    lots = (replace(REQUEST.materials[0], doses=1),)
    assert resource(with_parts(request=asking(materials=lots)), "F1/campaign/R1").capacity == (1,)
    assert all("campaign" not in one.id for one in made(FACTS).problem.resources)


def test_one_product_at_a_time_is_exclusive() -> None:
    assert made(with_parts(suite=built(one_product=True))).problem.suites[0].exclusive
    assert not made(FACTS).problem.suites[0].exclusive


def test_changeover_hides_in_the_days_left_over_or_costs_a_week() -> None:
    def changeover(suite: Suite) -> int:
        return made(with_parts(suite=suite)).problem.suites[0].changeover

    assert changeover(built(clearance_days=0, changeover_days=2)) == 0, "12 days leave 2 of 14"
    assert changeover(built(clearance_days=0, changeover_days=3)) == 1
    assert changeover(built(clearance_days=1, changeover_days=2)) == 1


def test_stays_on_the_calendar_hold_every_week_they_touch() -> None:
    stays = (Stay(Days(ORIGIN + timedelta(3), ORIGIN + timedelta(14)), 1, "PR9"),)
    (found,) = made(with_parts(suite=built(stays=stays, clearance_days=0))).problem.bookings
    assert found == Booking(SuiteId("S1"), 0, 2, 1, "PR9")
    (cleared,) = made(with_parts(suite=built(stays=stays, clearance_days=1))).problem.bookings
    assert cleared.end == 3
    endless = (Stay(Days(ORIGIN - WEEK, None), 2, None),)
    (open_end,) = made(with_parts(suite=built(stays=endless))).problem.bookings
    assert (open_end.start, open_end.end) == (-1, 27)


def test_openings_count_in_whole_weeks() -> None:
    openings = (
        Days(ORIGIN + timedelta(1), ORIGIN + 10 * WEEK),
        Days(ORIGIN + 10 * WEEK, ORIGIN + timedelta(7 * 20 + 6)),
    )
    assert made(with_parts(suite=built(open=openings))).problem.suites[0].open == ((1, 20),)  # fmt: skip


def test_an_eligible_pair_without_a_week_is_named() -> None:
    facts = with_parts(suite=built(open=(Days(ORIGIN, ORIGIN + 6 * WEEK),)))
    result = made(facts)
    assert result.without_start == (("R1", "S1"),)
    assert len(result.problem.requests[0].options) == 1, "the explanation of a full or closed suite needs it"
    one_more = with_parts(suite=built(open=(Days(ORIGIN, ORIGIN + 7 * WEEK),)))
    assert made(one_more).without_start == ()


def test_travel_is_to_the_nearest_place_and_far_where_unknown() -> None:
    both = with_parts(request=asking(collection=(BARCELONA, *REQUEST.collection), hours_fresh=90))
    assert option(both).travel == 149
    frozen = replace(
        making(donor=Donor.ALLOGENEIC), collection=(), treating=(BARCELONA,), input_state=InputState.FROZEN
    )
    assert option(with_parts(request=frozen)).travel == 1499
    assert option(with_parts(request=frozen, site=at(latitude=None))).travel == UNKNOWN_KM


def test_preferences_are_ranks_and_the_rest_comes_last() -> None:
    assert option(with_parts(request=asking(preferences={"F1": 1, "F2": 2}))).preference == 1
    assert option(with_parts(request=asking(preferences={"F2": 2}))).preference == 3
    assert option(FACTS).preference == 0


def test_gaps_between_batches_are_whole_weeks() -> None:
    batches = (REQUEST.batches[0], replace(REQUEST.batches[1], after="B1", gap_days=8))
    found = made(with_parts(request=asking(batches=batches))).problem.requests[0].batches[1].after
    assert found is not None
    assert (found.batch, found.min) == ("B1", 2)


def test_preparing_batches_weigh_one_and_count_no_patient() -> None:
    first = replace(REQUEST.batches[0], kind=BatchKind.ENGINEERING, patients=0)
    result = made(with_parts(request=asking(batches=(first, replace(REQUEST.batches[1], patients=5)))))
    assert [batch.weight for batch in result.problem.requests[0].batches] == [1, 5]
    assert result.patients == {("R1", "B1"): 0, ("R1", "B2"): 5}


def test_calendars_may_be_changed_after_judging() -> None:
    verdicts = judge(FACTS)
    closed = with_parts(suite=replace(SUITE, open=()))
    assert formulated(FACTS, verdicts).without_start == ()
    assert formulated(closed, verdicts).without_start == (("R1", "S1"),)
    assert formulate(closed, verdicts).suites[0].open == ()


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_problem_is_always_readable_and_holds_only_eligible_pairs(seed: int) -> None:
    facts = many_options(seed)
    verdicts = judge(facts)
    problem = formulate(facts, verdicts)
    again = read_problem(problem_json(problem))
    assert not isinstance(again, Rejected), again
    assert isinstance(again, Problem)
    assert again.sha256 == problem.sha256
    for request in problem.requests:
        for one in request.options:
            assert verdicts.status(request.id, one.suite) in {Status.PASS, Status.CONDITIONAL}


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_the_weeks_of_a_batch_are_those_whose_start_day_meets_every_dated_fact(seed: int) -> None:
    check_weeks(seed)


@pytest.mark.parametrize(
    ("where", "what", "instead"),
    [
        (needs, "days_after_stay", lambda _request: 0),
        (allowed, "allowed_starts", lambda _periods, _span: (Days(date.min, None),)),
        (allowed, "shared", lambda _ones, others: tuple(others)),
    ],
    ids=["quality control forgotten", "conditions without dates", "only the last condition kept"],
)
def test_weeks_that_forget_a_fact_are_caught(
    where: ModuleType, what: str, instead: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(where, what, instead)
    caught = 0
    for seed in range(12):
        try:
            check_weeks(seed)
        except AssertionError:
            caught += 1
    assert caught


def check_weeks(seed: int) -> None:
    """Compare the start weeks of every option with the facts, day by day."""
    facts = many_options(seed)
    problem = formulate(facts, judge(facts))
    weeks = Weeks(facts.origin, facts.horizon_weeks)
    suites = {where.suite.id: where for where in places_of(facts)}
    asked = {request.id: request for request in facts.requests}
    for request in problem.requests:
        theirs = asked[request.id]
        for one in request.options:
            where = suites[one.suite]
            for batch, made_as in zip(theirs.batches, request.batches, strict=True):
                starts = set(admissible_starts(problem, request, made_as, one))
                for week in range(facts.horizon_weeks):
                    day = weeks.day(week, start_offset(where.suite))
                    good = in_time(day, theirs, batch, where, facts)
                    if week in starts and long_enough(batch):
                        assert good, (request.id, batch.id, one.suite, week)
                    if good and all(b.kind in FOR_PATIENTS for b in theirs.batches):
                        assert week in starts or not fits(day, theirs, where, facts), (request.id, batch.id, week)


def long_enough(batch: FactsBatch) -> bool:
    """Whether the window surely holds a whole week; the rounding of shorter ones is settled by dating in days."""
    return (batch.latest - batch.earliest).days >= 7


def in_time(day: date, request: Request, batch: FactsBatch, where: Where, facts: Facts) -> bool:
    """Whether a start on a day meets notice, readiness, material and licence, written out anew."""
    (licence,) = where.site.authorisations
    pair = next((one for one in request.pairs if one.site == where.site.id), None)
    ready = pair is None or pair.ready_by is None or pair.stages[PairStage.READY] is StageState.DONE
    notice = where.facility.notice_days or 0
    stay = timedelta(request.product.stay_days + 14)
    return (
        batch.earliest <= day <= batch.latest
        and day >= facts.known_on + timedelta(notice)
        and (ready or batch.kind not in FOR_PATIENTS or (pair is not None and pair.ready_by is not None and day >= pair.ready_by))
        and all(lot.released_on is not None and day >= lot.released_on + timedelta(lot.transport_days) for lot in request.materials)
        and licence.validity.start <= day
        and (licence.validity.end is None or day + stay <= licence.validity.end)
    )  # fmt: skip


def fits(day: date, request: Request, where: Where, facts: Facts) -> bool:
    """Whether the weeks held lie in the horizon and in the opening of the suite."""
    held = weeks_held(where.suite, request.product.stay_days)
    first = (day - facts.origin).days // 7
    return first + held <= facts.horizon_weeks


def test_many_facts_give_options() -> None:
    facts = many_options(1)
    assert sum(len(request.options) for request in formulate(facts, judge(facts)).requests) > 10


def many_options(seed: int) -> Facts:
    """Random requests against variants of the good facility, so that a good part of the pairs is eligible."""
    drawn = many_facts(10, 6, seed)
    facilities = tuple(good_like(facility) for facility in drawn.facilities)
    requests = tuple(good_asking(request, k) for k, request in enumerate(drawn.requests))
    return replace(drawn, facilities=facilities, requests=requests)


def good_like(drawn: Facility) -> Facility:
    """The good facility with the id, limits, campaign sizes and statements of a drawn one."""
    suite = replace(SUITE, id=drawn.sites[0].suites[0].id, one_product=drawn.sites[0].suites[0].one_product)
    number = int(drawn.id[1:])
    period = Days(
        ORIGIN + timedelta(20 * number - 40), None if number % 3 == 0 else ORIGIN + timedelta(60 + 40 * number)
    )
    licence = replace(SITE.authorisations[0], validity=period)
    site = replace(SITE, id=drawn.sites[0].id, suites=(suite,), authorisations=(licence,))
    return replace(
        FACILITY,
        id=drawn.id,
        limits=drawn.limits,
        largest_campaign=drawn.largest_campaign,
        notice_days=drawn.notice_days,
        sites=(site,),
    )


def good_asking(drawn: Request, number: int) -> Request:
    """The good request with the batches, pairs and lots of a drawn one."""
    return replace(
        REQUEST,
        id=f"R{number}",
        batches=drawn.batches,
        pairs=drawn.pairs,
        max_sites=drawn.max_sites,
        all_or_nothing=drawn.all_or_nothing,
    )
