"""Weeks to days inside a facility: the smallest case that gets a day and the nearest that does not."""

from dataclasses import replace
from datetime import date

from matcher.dating import Dating, date_facility, date_plan
from matcher.facts import Batch, Facts, Request, Stay, Suite
from matcher.outcome import Placement
from matcher.problem import BatchId, RequestId, SuiteId
from registry.vocabulary.periods import Days
from registry.vocabulary.products import BatchKind
from tests.matcher.eligibility.good import FACILITY, PRODUCT, REQUEST, SUITE, with_parts

WEEK = 5
MONDAY = date(2027, 1, 4)
TUESDAY = date(2027, 1, 5)
"""The suite starts stays on Mondays and Tuesdays; twelve days and one of clearance leave one day of two weeks."""

ONE_ROOM = replace(SUITE, places=1, one_product=True)
SHORT = replace(PRODUCT, stay_days=1, loads=())


def _placement(request: str, batch: str, week: int = WEEK) -> Placement:
    return Placement(RequestId(request), BatchId(batch), SuiteId("S1"), week)


def _facts(suite: Suite = SUITE, *requests: Request) -> Facts:
    facts = with_parts(suite=suite)
    return replace(facts, requests=requests or facts.requests)


def _other(name: str, product: str) -> Request:
    return replace(REQUEST, id=name, product=replace(SHORT, id=product))


def _dated(facts: Facts, *placements: Placement) -> Dating:
    return date_facility(facts, facts.facilities[0], placements)


def test_a_batch_alone_starts_on_the_first_day_of_its_week() -> None:
    dating = _dated(_facts(), _placement("R1", "B1"))
    assert [(each.start, each.end, each.free_again) for each in dating.dated] == [
        (MONDAY, date(2027, 1, 16), date(2027, 1, 17))
    ]
    assert dating.undated == ()


def test_a_placement_elsewhere_is_passed_over() -> None:
    elsewhere = Placement(RequestId("R1"), BatchId("B1"), SuiteId("other"), WEEK)
    assert _dated(_facts(), elsewhere) == Dating((), ())


def test_the_first_day_of_the_batch_is_kept() -> None:
    batches = (replace(REQUEST.batches[0], earliest=TUESDAY),)
    dating = _dated(_facts(SUITE, replace(REQUEST, batches=batches)), _placement("R1", "B1"))
    assert [each.start for each in dating.dated] == [TUESDAY]


def test_a_batch_that_may_only_start_on_a_wednesday_is_reported_not_moved() -> None:
    batches = (replace(REQUEST.batches[0], earliest=date(2027, 1, 6)),)
    dating = _dated(_facts(SUITE, replace(REQUEST, batches=batches)), _placement("R1", "B1"))
    assert dating.dated == ()
    assert [(each.batch, each.week) for each in dating.undated] == [("B1", WEEK)]
    assert "no day of this week" in dating.undated[0].why


def test_the_stay_with_its_clearance_lies_inside_one_opening() -> None:
    fits = replace(SUITE, open=(Days(MONDAY, date(2027, 1, 17)),))
    too_short = replace(SUITE, open=(Days(MONDAY, date(2027, 1, 16)),))
    assert len(_dated(_facts(fits), _placement("R1", "B1")).dated) == 1
    assert len(_dated(_facts(too_short), _placement("R1", "B1")).undated) == 1


def test_places_are_never_exceeded() -> None:
    one_place = replace(SUITE, places=1, changeover_days=0)
    requests = [replace(_other(name, "PR1"), product=replace(SHORT, id="PR1")) for name in ("R1", "R2")]
    both = _dated(_facts(SUITE, *requests), _placement("R1", "B1"), _placement("R2", "B1"))
    assert [each.start for each in both.dated] == [MONDAY, MONDAY]
    one = _dated(_facts(one_place, *requests), _placement("R1", "B1"), _placement("R2", "B1"))
    assert len(one.dated) == 1
    assert "taken by other stays" in one.undated[0].why


def test_a_confirmed_stay_takes_its_days_and_its_clearance() -> None:
    booked = replace(ONE_ROOM, stays=(Stay(Days(date(2027, 1, 3), MONDAY), 1, "PR1"),))
    request = replace(REQUEST, product=replace(SHORT, id="PR1"))
    dating = _dated(_facts(booked, request), _placement("R1", "B1"))
    assert [each.start for each in dating.dated] == [TUESDAY]
    longer = replace(ONE_ROOM, stays=(Stay(Days(date(2027, 1, 3), TUESDAY), 1, "PR1"),))
    assert _dated(_facts(longer, request), _placement("R1", "B1")).dated == ()


def test_two_products_keep_the_changeover_between_them() -> None:
    near = replace(ONE_ROOM, start_weekdays=frozenset({1, 4}), changeover_days=1)
    requests = (_other("R1", "PA"), _other("R2", "PB"))
    placements = (_placement("R1", "B1"), _placement("R2", "B1"))
    assert {each.start for each in _dated(_facts(near, *requests), *placements).dated} == {MONDAY, date(2027, 1, 7)}
    far = replace(near, changeover_days=2)
    assert len(_dated(_facts(far, *requests), *placements).dated) == 1


def test_one_product_at_a_time_also_with_two_places() -> None:
    two_places = replace(SUITE, one_product=True, changeover_days=0, start_weekdays=frozenset({1}))
    same, other = (_other("R1", "PA"), _other("R2", "PA")), (_other("R1", "PA"), _other("R2", "PB"))
    placements = (_placement("R1", "B1"), _placement("R2", "B1"))
    assert len(_dated(_facts(two_places, *same), *placements).dated) == 2
    assert len(_dated(_facts(two_places, *other), *placements).dated) == 1


def test_a_foreign_stay_without_family_blocks_a_suite_of_one_product() -> None:
    foreign = replace(SUITE, one_product=True, stays=(Stay(Days(MONDAY, date(2027, 1, 10)), 1, None),))
    own = replace(foreign, stays=(Stay(Days(MONDAY, date(2027, 1, 10)), 1, "PR1"),))
    assert _dated(_facts(foreign), _placement("R1", "B1")).dated == ()
    assert len(_dated(_facts(own), _placement("R1", "B1")).dated) == 1


def test_order_and_gap_are_kept() -> None:
    first = Batch("B1", BatchKind.PATIENT, MONDAY, MONDAY, 1)
    second = Batch("B2", BatchKind.PATIENT, MONDAY, date(2027, 1, 10), 1, after="B1", gap_days=2)
    every_day = replace(SUITE, start_weekdays=frozenset())
    request = replace(REQUEST, product=SHORT, batches=(first, second))
    placements = (_placement("R1", "B1"), _placement("R1", "B2"))
    dating = _dated(_facts(every_day, request), *placements)
    assert [each.start for each in dating.dated] == [MONDAY, date(2027, 1, 7)]
    late = replace(request, batches=(first, replace(second, gap_days=7)))
    assert [each.batch for each in _dated(_facts(every_day, late), *placements).undated] == ["B2"]
    assert [each.start for each in _dated(_facts(every_day, late), *placements).dated] == [MONDAY]


def test_a_batch_whose_predecessor_has_no_day_has_none_either() -> None:
    first = Batch("B1", BatchKind.PATIENT, date(2027, 1, 6), date(2027, 1, 6), 1)
    second = Batch("B2", BatchKind.PATIENT, MONDAY, date(2027, 1, 20), 1, after="B1", gap_days=0)
    request = replace(REQUEST, product=SHORT, batches=(first, second))
    dating = _dated(_facts(SUITE, request), _placement("R1", "B1"), _placement("R1", "B2", WEEK + 1))
    assert [each.batch for each in dating.undated] == ["B1", "B2"]


def test_days_that_conditions_leave_are_kept() -> None:
    facts = _facts()
    allowed = {("R1", "S1"): (Days(TUESDAY, None),)}
    dating = date_facility(facts, facts.facilities[0], [_placement("R1", "B1")], allowed)
    assert [each.start for each in dating.dated] == [TUESDAY]


def test_the_order_of_the_placements_does_not_matter() -> None:
    requests = tuple(_other(f"R{number}", f"P{number}") for number in range(4))
    facts = _facts(replace(SUITE, start_weekdays=frozenset()), *requests)
    placements = [_placement(request.id, "B1") for request in requests]
    assert _dated(facts, *placements) == _dated(facts, *reversed(placements))
    assert FACILITY.id == facts.facilities[0].id


def test_a_whole_plan_is_dated_or_reported_and_nothing_is_left_out() -> None:
    second = replace(SUITE, id="S2")
    other = replace(FACILITY, id="F2", sites=(replace(FACILITY.sites[0], id="A2", suites=(second,)),))
    late = replace(REQUEST.batches[0], id="B2", earliest=date(2027, 1, 6))
    facts = _facts(SUITE, replace(REQUEST, batches=(REQUEST.batches[0], late)))
    facts = replace(facts, facilities=(*facts.facilities, other))
    elsewhere = Placement(RequestId("R1"), BatchId("B2"), SuiteId("S2"), WEEK)
    plan = (elsewhere, _placement("R1", "B1"))
    dating = date_plan(facts, plan)
    assert [(each.batch, each.suite, each.start) for each in dating.dated] == [("B1", "S1", MONDAY)]
    assert [(each.batch, each.suite, each.week) for each in dating.undated] == [("B2", "S2", WEEK)]
    assert date_plan(facts, reversed(plan)) == dating
