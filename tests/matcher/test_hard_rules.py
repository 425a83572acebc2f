"""Each hard rule: the smallest plan it allows and the nearest it refuses, the same in the calendar and in brute force."""

from dataclasses import replace

import pytest

from matcher.families import FamilyCalendar
from matcher.occupancy import Occupancy, plan_holds
from matcher.outcome import Placement
from matcher.problem import FacilityId, Problem
from tests.matcher.brute import naive_faults
from tests.matcher.building import (
    at,
    batch,
    booking,
    opened,
    option,
    problem,
    request,
    resource,
    suite,
    use,
)

Q = request("Q")
P = request("P")
TWO = (batch("b1"), batch("b2"))
FOLLOWING = (batch("b1"), batch("b2", after=("b1", 1)))
TWO_SITES = (suite("S", "F"), suite("T", "G"))
BOTH = (option("S"), option("T"))


def shared(places: int = 1, *, exclusive: bool = False, changeover: int = 0, family: str | None = None) -> Problem:
    """Two requests for one suite."""
    one, other = replace(Q, family=family), replace(P, family=family)
    return problem(one, other, suites=(suite(places=places, exclusive=exclusive, changeover=changeover),))


def booked(*bookings: tuple[int, int], places: int = 1, exclusive: bool = False, changeover: int = 0) -> Problem:
    suites = (suite(places=places, exclusive=exclusive, changeover=changeover),)
    return problem(Q, suites=suites, bookings=tuple(booking(*each) for each in bookings))


def limited(at_what: str, *capacity: int, amount: int = 1, delay: int = 0, period: int = 1) -> Problem:
    taken = use(at_what, amount, delay)  # type: ignore[arg-type]  # the table below names only kinds that exist
    return problem(request("Q", (batch(),), (option("S", 2, taken),)), resources=(resource(*capacity, period=period),))


def onboarding(*amounts: int, capacity: tuple[int, ...], period: int = 4) -> Problem:
    """One request with two batches and an option per amount, each on a suite of its own in one facility."""
    names = "ST"[: len(amounts)]
    options = tuple(option(name, 2, use("once", amount)) for name, amount in zip(names, amounts, strict=True))
    suites = tuple(suite(name) for name in names)
    return problem(request("Q", TWO, options), suites=suites, resources=(resource(*capacity, period=period),))


def two_sites(max_sites: int, *held: str) -> Problem:
    asked = replace(request("Q", TWO, BOTH), max_sites=max_sites, held=tuple(FacilityId(name) for name in held))
    return problem(asked, suites=TWO_SITES)


CASES: list[tuple[str, Problem, tuple[Placement, ...], bool]] = [
    ("a stay ends with the horizon", problem(Q), (at(10),), True),
    ("a stay ends behind the horizon", problem(Q), (at(11),), False),
    ("a start at the earliest", problem(request("Q", (batch("b", 3, 4),))), (at(3),), True),
    ("a start before the earliest", problem(request("Q", (batch("b", 3, 4),))), (at(2),), False),
    ("a start at the latest", problem(request("Q", (batch("b", 3, 4),))), (at(4),), True),
    ("a start after the latest", problem(request("Q", (batch("b", 3, 4),))), (at(5),), False),
    ("inside one of two touching openings", opened(problem(Q), (0, 4), (4, 9)), (at(4),), True),
    ("across two touching openings", opened(problem(Q), (0, 4), (4, 9)), (at(3),), False),
    ("inside an opening that laps over another", opened(problem(Q), (0, 4), (3, 9)), (at(3),), True),
    ("an opening that begins before 0", opened(problem(Q), (-5, 2)), (at(0),), True),
    ("no opening", opened(problem(Q)), (at(0),), False),
    ("one place, one behind the other", shared(), (at(0), at(2, who="P")), True),
    ("one place, a shared tick", shared(), (at(0), at(1, who="P")), False),
    ("two places, a shared tick", shared(2), (at(0), at(1, who="P")), True),
    ("two places of which a booking holds one", booked((0, 2), places=2), (at(0),), True),
    ("one place that a booking holds", booked((0, 2)), (at(1),), False),
    ("behind a booking from before 0", booked((-5, 2)), (at(2),), True),
    ("under a booking from before 0", booked((-5, 2)), (at(1),), False),
    ("before a booking that ends after the horizon", booked((9, 99)), (at(7),), True),
    ("bookings alone exceed the places elsewhere", booked((0, 2), (0, 2)), (at(2),), True),
    ("bookings alone exceed the places here", booked((0, 2), (0, 2), places=1), (at(0),), False),
    ("nothing where bookings alone exceed", booked((0, 2), (0, 2)), (), True),
    ("start within capacity", limited("start", 1), (at(0),), True),
    ("start above capacity", limited("start", 0, 1), (at(0),), False),
    ("start counts the first tick only", limited("start", 1, 0), (at(0),), True),
    ("end counts the last held tick", limited("end", 0, 1, 0), (at(0),), True),
    ("end above capacity", limited("end", 1, 0, 1), (at(0),), False),
    ("end with a delay", limited("end", 0, 0, 0, 1, 0, delay=2), (at(0),), True),
    ("end with a delay, above capacity", limited("end", 1, 1, 1, 0, 1, delay=2), (at(0),), False),
    ("a delay beyond the horizon does not count", limited("end", 0, delay=1), (at(10),), True),
    ("a delay to the last tick counts", limited("end", 0, delay=1), (at(9),), False),
    ("each, once per tick", limited("each", 4, amount=2, period=12), (at(0),), True),
    ("each, above capacity", limited("each", 3, amount=2, period=12), (at(0),), False),
    ("each over two periods", limited("each", 1, 1, 0, period=2), (at(1),), True),
    ("once for two batches", onboarding(1, capacity=(1, 0)), (at(0, "b1"), at(4, "b2")), True),
    ("once in the period of the earliest start", onboarding(1, capacity=(0, 1)), (at(0, "b1"), at(4, "b2")), False),
    ("once takes the largest amount", onboarding(1, 2, capacity=(2, 0)), (at(0, "b1"), at(4, "b2", "T")), True),
    ("once above capacity", onboarding(1, 2, capacity=(1, 0)), (at(0, "b1"), at(4, "b2", "T")), False),
    ("another family after the changeover", shared(changeover=2), (at(0), at(4, who="P")), True),
    ("another family too soon", shared(changeover=2), (at(0), at(3, who="P")), False),
    ("the same family needs no changeover", shared(changeover=2, family="car-t"), (at(0), at(2, who="P")), True),
    ("no changeover with two places, not exclusive", shared(2, changeover=2), (at(0), at(2, who="P")), True),
    ("changeover with two places, exclusive", shared(2, exclusive=True, changeover=2), (at(0), at(3, who="P")), False),
    ("one family side by side", shared(2, exclusive=True, family="tcr"), (at(0), at(1, who="P")), True),
    ("two families side by side", shared(2, exclusive=True), (at(0), at(1, who="P")), False),
    ("two families one after the other", shared(2, exclusive=True), (at(0), at(2, who="P")), True),
    ("changeover to a booking from before 0", booked((-5, -1), changeover=2), (at(1),), True),
    ("too soon after a booking from before 0", booked((-5, -1), changeover=2), (at(0),), False),
    ("changeover to a booking after the horizon", booked((13, 20), changeover=2), (at(9),), True),
    ("too late before a booking after the horizon", booked((13, 20), changeover=2), (at(10),), False),
    ("bookings too close to each other", booked((0, 2), (2, 3), changeover=2), (at(5),), True),
    ("the order kept", problem(request("Q", FOLLOWING)), (at(0, "b1"), at(3, "b2")), True),
    ("the order too close", problem(request("Q", FOLLOWING)), (at(0, "b1"), at(2, "b2")), False),
    ("the first alone", problem(request("Q", FOLLOWING)), (at(0, "b1"),), True),
    ("the second alone", problem(request("Q", FOLLOWING)), (at(3, "b2"),), False),
    ("two sites of two", two_sites(2), (at(0, "b1"), at(0, "b2", "T")), True),
    ("two sites of one", two_sites(1), (at(0, "b1"), at(0, "b2", "T")), False),
    ("the site that is held", two_sites(1, "F"), (at(0, "b1"),), True),
    ("another site than the held one", two_sites(1, "F"), (at(0, "b1", "T"),), False),
    ("more held than allowed", two_sites(1, "F", "G"), (at(0, "b1"),), False),
    ("more held than allowed, nothing placed", two_sites(1, "F", "G"), (), True),
    ("all", problem(replace(request("Q", TWO), all_or_nothing=True)), (at(0, "b1"), at(2, "b2")), True),
    ("nothing", problem(replace(request("Q", TWO), all_or_nothing=True)), (), True),
    ("half", problem(replace(request("Q", TWO), all_or_nothing=True)), (at(0, "b1"),), False),
    ("a batch twice", problem(Q), (at(0), at(2)), False),
]


@pytest.mark.parametrize(("name", "asked", "plan", "allowed"), CASES, ids=[case[0] for case in CASES])
def test_smallest_allowed_and_nearest_refused(
    name: str, asked: Problem, plan: tuple[Placement, ...], allowed: bool
) -> None:
    assert plan_holds(asked, plan) == allowed, name
    assert (naive_faults(asked, plan) == []) == allowed, name


def test_taking_the_earliest_away_may_overfill_a_later_period() -> None:
    asked = onboarding(1, capacity=(1, 0))
    calendar = Occupancy(asked)
    calendar.add(at(0, "b1"))
    calendar.add(at(4, "b2"))
    assert not calendar.overfull()
    calendar.remove(at(0, "b1"))
    assert calendar.overfull()


def test_an_earlier_stay_moves_the_onboarding_out_of_a_full_period() -> None:
    asked = onboarding(1, capacity=(1, 0))
    calendar = Occupancy(asked)
    calendar.add(at(4, "b2"))
    wanted = asked.requests[0]
    assert calendar.overfull()
    assert calendar.fits(wanted, wanted.batches[0], wanted.options[0], 0)
    calendar.add(at(0, "b1"))
    assert not calendar.overfull()


def test_without_the_family_rule_two_families_would_share_a_suite(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = shared(2, exclusive=True)
    plan = (at(0), at(1, who="P"))
    assert not plan_holds(asked, plan)
    monkeypatch.setattr(FamilyCalendar, "allows", lambda *_: True)
    assert plan_holds(asked, plan)


def test_without_the_resource_rule_capacity_would_be_exceeded(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = limited("start", 0)
    assert not plan_holds(asked, (at(0),))
    monkeypatch.setattr(Occupancy, "_resources_allow", lambda *_: True)
    assert plan_holds(asked, (at(0),))
