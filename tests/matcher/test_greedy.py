"""The baseline, word by word: order of requests, choice of facility, all-or-nothing, independence of list order."""

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.greedy import greedy, in_order
from matcher.problem import Problem
from tests.matcher.building import at, batch, opened, option, problem, request, suite
from tests.matcher.drawing import problems

ONE_START = (batch("b", 0, 0),)
TWO = (batch("b1"), batch("b2"))


def test_the_more_urgent_class_comes_before_the_larger_weight() -> None:
    urgent = replace(request("Z", ONE_START), urgency=0, weight=1)
    heavy = replace(request("A", ONE_START), urgency=1, weight=9)
    assert greedy(problem(heavy, urgent)) == (at(0, who="Z"),)


def test_the_larger_weight_comes_before_the_smaller_id() -> None:
    heavy = replace(request("Z", ONE_START), weight=2)
    assert greedy(problem(request("A", ONE_START), heavy)) == (at(0, who="Z"),)


def test_the_smaller_id_comes_first_among_equals() -> None:
    assert greedy(problem(request("Z", ONE_START), request("A", ONE_START))) == (at(0, who="A"),)


def test_the_facility_that_places_most_batches_wins_over_the_cheaper_one() -> None:
    asked = request("Q", TWO, (option("S", 2, cost=1), option("T", 2, cost=9)))
    small = opened(problem(asked, suites=(suite("S", "F"), suite("T", "G"))), (0, 2))
    assert greedy(small) == (at(0, "b1", "T"), at(2, "b2", "T"))


def test_least_cost_decides_between_facilities_that_place_as_many() -> None:
    asked = request("Q", ONE_START, (option("S", 2, cost=9), option("T", 2, cost=1)))
    assert greedy(problem(asked, suites=(suite("S", "F"), suite("T", "G")))) == (at(0, "b", "T"),)


def test_the_smaller_facility_id_decides_between_equal_costs() -> None:
    asked = request("Q", ONE_START, (option("S"), option("T")))
    assert greedy(problem(asked, suites=(suite("S", "Z"), suite("T", "A")))) == (at(0, "b", "T"),)


def test_inside_a_facility_the_earliest_start_wins_then_the_least_cost() -> None:
    asked = request("Q", (batch(),), (option("S", 2, cost=1), option("T", 2, cost=9)))
    two_suites = problem(asked, suites=(suite("S"), suite("T")))
    assert greedy(two_suites) == (at(0, "b", "S"),)
    assert greedy(opened(two_suites, (1, 12))) == (at(0, "b", "T"),)


def test_a_request_takes_one_facility_even_where_two_are_allowed() -> None:
    asked = replace(request("Q", (batch("b1", 0, 0), batch("b2", 0, 0)), (option("S"), option("T"))), max_sites=2)
    assert greedy(problem(asked, suites=(suite("S", "F"), suite("T", "G")))) == (at(0, "b1", "S"),)


def test_all_or_nothing_is_taken_back_and_leaves_its_room_to_the_next() -> None:
    whole = replace(request("A", (batch("b1", 0, 0), batch("b2", 0, 0))), all_or_nothing=True)
    assert greedy(problem(whole, request("B", ONE_START))) == (at(0, who="B"),)


def test_batches_come_by_earliest_start_then_id_each_behind_the_one_it_follows() -> None:
    asked = request("Q", (batch("a", 0, 9, after=("c", 0)), batch("d", 3), batch("c", 3), batch("b", 2)))
    assert [each.id for each in in_order(asked)] == ["b", "c", "a", "d"]


def turned(asked: Problem, chance: random.Random) -> Problem:
    """The same problem with every list in another order."""

    def mixed(entries: tuple[object, ...]) -> tuple[object, ...]:
        return tuple(chance.sample(entries, len(entries)))

    requests = tuple(
        replace(each, batches=mixed(each.batches), options=mixed(each.options))  # type: ignore[arg-type]  # same parts
        for each in asked.requests
    )
    return replace(
        asked,
        requests=mixed(requests),  # type: ignore[arg-type]  # same parts
        suites=mixed(asked.suites),  # type: ignore[arg-type]  # same parts
        facilities=mixed(asked.facilities),  # type: ignore[arg-type]  # same parts
        bookings=mixed(asked.bookings),  # type: ignore[arg-type]  # same parts
    )


@given(problems(), st.integers(0, 1000))
@settings(max_examples=100)
def test_the_order_of_lists_changes_nothing(asked: Problem, seed: int) -> None:
    assert greedy(turned(asked, random.Random(seed))) == greedy(asked)
