"""Sums may reach 2^53 − 1 and not pass it: what each part of a problem adds, to the last unit."""

from typing import Any

import pytest

from matcher.verifier.problem import build
from matcher.verifier.sums import check_sums
from tests.matcher.verifier.small import Document, batch, option, problem, request, suite, use

MOST = 2**53 - 1
HALF = 2**52 - 1
"""Twice this is one less than the most."""


def faults(document: Document) -> list[tuple[str, str]]:
    """Where a sum may leave the range, and of what; a tier of a single term says the same as the term."""
    return [(fault.path, fault.text) for fault in check_sums(build(document))]


def term(name: str) -> tuple[str, str]:
    return "requests", f"may bring the term {name} beyond {MOST}"


def tier(index: int) -> tuple[str, str]:
    return f"policy.tiers[{index}]", f"may reach beyond ±{MOST}"


def taken(what: str, amount: int) -> tuple[str, str]:
    return what, f"may take {amount} together, above {MOST}"


def late(what: str) -> tuple[str, str]:
    return what, f"leads to tick {MOST + 1}, beyond {MOST}"


def asked(*requests: Document, **changes: Any) -> Document:
    """These requests, and a policy that adds nothing of its own."""
    return problem(requests=list(requests), **({"policy": {"tiers": [{"fairness": 1}]}} | changes))


def one(*batches: Document, name: str = "A", **changes: Any) -> Document:
    return request(name, batches=list(batches), **changes)


def at_once(name: str, weight: int = 1) -> Document:
    """A batch that can only start at tick 0."""
    return batch(name, latest=0, weight=weight)


def test_a_plain_problem_is_far_within_the_range() -> None:
    assert faults(problem()) == []


def test_weights_add_up_over_batches_and_requests() -> None:
    def weights(last: int) -> Document:
        return asked(one(at_once("1", HALF), at_once("2", HALF)), one(at_once("1", last), name="B"))

    assert faults(weights(1)) == []
    assert faults(weights(2)) == [term("placed"), term("placed_class_0")]


def test_weights_add_up_by_class() -> None:
    urgent, other = one(at_once("1", MOST)), one(at_once("1"), name="B", **{"class": 3})
    assert faults(asked(urgent, other)) == [term("placed")]
    assert faults(asked(urgent, other | {"class": 0})) == [term("placed"), term("placed_class_0")]


@pytest.mark.parametrize(
    ("long", "other"),
    [
        (batch("1", earliest=2, latest=4), at_once("2", 5)),
        (batch("1", earliest=6, latest=99), batch("2", earliest=8, latest=9, weight=5)),
        (batch("1", earliest=6, latest=8), batch("2", earliest=9, latest=9, weight=5)),
        (batch("1", earliest=6, latest=9), batch("2", earliest=99, latest=99, weight=5)),
    ],
)
def test_the_longest_wait_goes_by_the_latest_start_and_by_the_shortest_stay(long: Document, other: Document) -> None:
    """The first batch can wait for two ticks, the last for one, the other not at all: 2 · weight + 1 or 2."""

    def waiting(weight: int, last: int) -> Document:
        options = [option("F1", duration=3), option("G1", duration=2)]
        third = batch("3", earliest=1, latest=2, weight=last)
        return asked(one(long | {"weight": weight}, other, third, options=options))

    assert faults(waiting(HALF, 1)) == []
    assert faults(waiting(HALF, 2)) == [term("waiting")]
    assert faults(waiting(HALF + 1, 1)) == [term("waiting")]


def test_waiting_adds_up_over_requests_and_not_where_nothing_fits() -> None:
    waits = batch("1", earliest=2, latest=4, weight=HALF)
    for weight, found in ((1, []), (2, [term("waiting")])):
        other = one(batch("1", earliest=0, latest=1, weight=weight), name="B")
        assert faults(asked(one(waits), other)) == found
    idle = one(batch("1", weight=5), name="B", options=[])
    assert faults(asked(one(waits), idle)) == []
    too_long = one(batch("1", weight=5), name="B", options=[option("F1", duration=11)])
    assert faults(asked(one(waits), too_long)) == []


@pytest.mark.parametrize("name", ["cost", "travel", "preference"])
@pytest.mark.parametrize("dearest", [0, 1])
def test_each_batch_costs_what_the_dearest_option_does(name: str, dearest: int) -> None:
    def costs(each: int, last: int) -> Document:
        options = [option("F1"), option("G1")]
        options[dearest][name] = each
        options[1 - dearest][name] = 1
        idle = one(at_once("1"), name="C", options=[])
        other = one(at_once("1"), name="B", options=[option("F1", **{name: last})])
        return asked(one(at_once("1"), at_once("2"), options=options), other, idle)

    assert faults(costs(HALF, 1)) == []
    assert faults(costs(HALF, 2)) == [term(name)]


TOTALS = {
    "placed": 4,
    "placed_class_0": 3,
    "fairness": 1000,
    "cost": 6,
    "travel": 2,
    "preference": 1,
    "sites": 3,
    "changes": 2,
}
"""What the terms of `in_tiers` can come to, where not 1: that are waiting and `placed_class_3`."""


def in_tiers(weights: dict[str, int]) -> Document:
    """A with three batches on two sites, B of class 3 with one on one site, two entries of `previous`."""
    cheap = [option("F1", cost=2), option("G1")]
    other = [option("F1", travel=2, preference=1)]
    requests = [
        one(at_once("1"), at_once("2"), batch("3", latest=1), options=cheap, max_sites=2),
        one(at_once("1"), name="B", options=other, max_sites=5, **{"class": 3}),
    ]
    previous = [{"request": "A", "batch": str(number), "suite": "F1", "start": 0} for number in (1, 2)]
    return asked(*requests, previous=previous, policy={"tiers": [{"placed": 1}, weights]})


@pytest.mark.parametrize(("name", "total"), TOTALS.items())
def test_a_tier_adds_up_its_weighted_terms(name: str, total: int) -> None:
    rest = "placed_class_3" if name in ("placed", "placed_class_0", "fairness") else "waiting"
    weight = MOST // total - 1
    left = MOST - weight * total
    assert faults(in_tiers({name: weight, rest: left})) == []
    assert faults(in_tiers({name: weight, rest: left + 1})) == [tier(1)]


def test_the_large_and_the_small_terms_of_a_tier_are_apart() -> None:
    assert faults(in_tiers({"placed_class_3": MOST, "waiting": MOST, "placed_class_9": MOST})) == []
    assert faults(in_tiers({"placed_class_3": MOST + 1, "waiting": MOST})) == [tier(1)]
    assert faults(in_tiers({"placed_class_3": MOST, "waiting": MOST + 1})) == [tier(1)]


def uses(*amounts: Document, booked: int = 1, duration: int = 2, others: tuple[Document, ...] = ()) -> Document:
    """A with two batches on an option with these uses, or on one with the others; and a booking."""
    options = [option("F1", uses=list(amounts), duration=duration), option("F2", uses=list(others))]
    booking = {"suite": "F1", "start": 0, "end": 1, "uses": [use("start", booked)]}
    two = one(at_once("1"), at_once("2"), options=options)
    return asked(two, bookings=[booking], suites=[suite("F1", "F"), suite("F2", "F")])


@pytest.mark.parametrize("at", ["start", "end", "once"])
def test_each_batch_takes_what_its_option_takes(at: str) -> None:
    assert faults(uses(use(at, HALF))) == []
    assert faults(uses(use(at, HALF), booked=2)) == [taken('resource "QC"', MOST + 1)]
    assert faults(uses(use(at, HALF - 2), use("start", 2))) == []
    assert faults(uses(use(at, HALF - 2), use("start", 2), booked=2)) == [taken('resource "QC"', MOST + 1)]


@pytest.mark.parametrize(("duration", "ticks"), [(1, 1), (3, 3), (10, 10), (11, 10), (99, 10)])
def test_each_tick_of_a_stay_inside_the_horizon_takes(duration: int, ticks: int) -> None:
    amount = HALF // ticks - 1
    left = MOST - 2 * ticks * amount
    assert faults(uses(use("each", amount), duration=duration, booked=left)) == []
    found = [taken('resource "QC"', MOST + 1)]
    assert faults(uses(use("each", amount), duration=duration, booked=left + 1)) == found


def test_the_option_that_takes_most_counts_alone() -> None:
    assert faults(uses(use("start", HALF), others=(use("start", HALF),))) == []
    for uneven in (uses(use("start", 1), others=(use("end", HALF),), booked=2), uses(use("start", HALF), booked=2)):
        assert faults(uneven) == [taken('resource "QC"', MOST + 1)]


def test_requests_and_bookings_take_together() -> None:
    def shared(last: int) -> Document:
        booked = {"suite": "F1", "start": 0, "end": 2, "uses": [use("each", HALF // 2), use("start", last)]}
        two = [one(at_once("1"), name=name, options=[option("F1", uses=[use("start", HALF // 2)])]) for name in "AB"]
        return asked(*two, bookings=[booked])

    left = MOST - 4 * (HALF // 2)
    assert faults(shared(left)) == []
    assert faults(shared(left + 1)) == [taken('resource "QC"', MOST + 1)]


@pytest.mark.parametrize(
    ("start", "end", "at", "ticks"),
    [(-5, 3, "each", 3), (8, 12, "each", 2), (-5, -2, "each", 0), (-3, 0, "start", 0), (9, 10, "end", 1)],
)
def test_a_booking_takes_at_its_ticks_inside_the_horizon(start: int, end: int, at: str, ticks: int) -> None:
    def booked(left: int) -> Document:
        inside = {"suite": "F1", "start": 0, "end": 1, "uses": [use("start", left)]}
        edge = {"suite": "F1", "start": start, "end": end, "uses": [use(at, HALF // 3)]}
        return asked(bookings=[inside, edge])

    left = MOST - ticks * (HALF // 3)
    assert faults(booked(left)) == []
    assert faults(booked(left + 1)) == [taken('resource "QC"', MOST + 1)]


def test_each_resource_is_added_up_alone() -> None:
    resources = [{"id": name, "facility": "F", "period": 10, "capacity": [1]} for name in ("QC", "QP")]
    booked = {"suite": "F1", "start": 0, "end": 1, "uses": [use("start", MOST), use("start", 1, resource="QP")]}
    asks = one(at_once("1"), options=[option("F1", uses=[use("start", MOST - 1, resource="QP")])])
    assert faults(asked(asks, bookings=[booked], resources=resources)) == []
    asks["batches"].append(at_once("2"))
    assert faults(asked(asks, bookings=[booked], resources=resources)) == [taken('resource "QP"', 2 * MOST - 1)]


def test_each_suite_is_added_up_with_all_batches() -> None:
    def places(first: int, second: int) -> Document:
        booked = [{"suite": name, "start": 0, "end": 1, "places": count} for name, count in (("F1", first), ("G1", 1))]
        again = {"suite": "F1", "start": 4, "end": 5, "places": second}
        return asked(one(at_once("1"), at_once("2")), one(at_once("1"), name="B"), bookings=[*booked, again])

    assert faults(places(MOST - 4, 1)) == []
    assert faults(places(MOST - 4, 2)) == [taken('suite "F1"', MOST + 1)]


def test_the_last_ticks_lie_in_the_range() -> None:
    """After a booking that ends at 3, a stay that ends with the horizon of 10, a changeover and an order."""

    def delayed(tick: int) -> list[Document]:
        booking = {"suite": "F1", "start": 0, "end": 3, "uses": [use("end", delay=tick - 2)]}
        follower = batch("2", latest=0, after={"batch": "1", "min": tick - 10})
        plain = {"suite": "F1", "start": 0, "end": 3}
        return [
            asked(bookings=[plain, booking]),
            asked(suites=[suite("F1", "F"), suite("G1", "G", changeover=tick - 10)]),
            asked(
                one(at_once("1")),
                one(at_once("1"), name="B", options=[option("F1", uses=[use("end", delay=tick - 9)])]),
            ),
            asked(one(at_once("1")), one(at_once("1"), follower, name="B")),
        ]

    assert [faults(document) for document in delayed(MOST)] == [[]] * 4
    assert [faults(document) for document in delayed(MOST + 1)] == [
        [late("bookings[1], a use at the end")],
        [late('the changeover of suite "G1"')],
        [late("requests[1], a use at the end")],
        [late("requests[1]")],
    ]


def test_the_longest_horizon_leads_to_no_tick_beyond_it() -> None:
    asks = one(at_once("1"), options=[option("F1", uses=[use("end")])])
    whole = [{"id": "QC", "facility": "F", "period": MOST, "capacity": [1]}]
    assert faults(asked(asks, horizon=MOST, resources=whole)) == []
