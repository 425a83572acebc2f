"""Invented networks: the counts of their size, demand against room, and the same for the same seed."""

from collections import Counter

import pytest

from matcher.generate import SIZES, network
from matcher.generate.sizes import KINDS
from matcher.greedy import greedy
from matcher.measure import objective
from matcher.occupancy import plan_holds
from matcher.problem import Problem, Suite
from matcher.serialise import problem_json, read_problem


def kind_of(suite: str) -> str:
    return suite.partition("-")[2]


def open_weeks(problem: Problem, suite: Suite) -> int:
    booked = sum(booking.end - booking.start for booking in problem.bookings if booking.suite == suite.id)
    return suite.places * sum(end - start for start, end in suite.open) - booked


@pytest.mark.parametrize("seed", range(3))
def test_a_small_network_has_the_counts_of_its_size(seed: int) -> None:
    problem, size = network("S", seed), SIZES["S"]
    assert (len(problem.facilities), len(problem.requests), problem.horizon) == (30, 60, 26)
    assert sum(len(request.batches) for request in problem.requests) == size.batches
    durations = {option.duration for request in problem.requests for option in request.options}
    assert durations <= set(range(1, 9))
    widths = {batch.latest - batch.earliest + 1 for request in problem.requests for batch in request.batches}
    assert widths <= {3, 4, 5, 6}
    assert all(len(request.options) >= 1 for request in problem.requests)


def test_demand_is_four_fifths_of_the_open_weeks_of_each_kind() -> None:
    problem = network("M", 1)
    demand: Counter[str] = Counter()
    room: Counter[str] = Counter()
    for request in problem.requests:
        first = request.options[0]
        demand[kind_of(first.suite)] += first.duration * len(request.batches)
    for suite in problem.suites:
        room[kind_of(suite.id)] += open_weeks(problem, suite)
    for kind in KINDS:
        assert room[kind.name] == round(demand[kind.name] / 0.8)


def test_shares_are_near_those_wanted() -> None:
    problem = network("M", 2)
    count = len(problem.requests)
    weights = Counter(request.weight for request in problem.requests)
    assert set(weights) == {1, 2, 3, 5, 8}
    assert abs(weights[1] / count - 0.3) < 0.1
    assert abs(sum(request.max_sites == 1 for request in problem.requests) / count - 0.8) < 0.1
    small = [request for request in problem.requests if len(request.batches) <= 8]
    assert abs(sum(request.all_or_nothing for request in small) / len(small) - 0.4) < 0.1
    assert not any(request.all_or_nothing for request in problem.requests if len(request.batches) > 8)
    options = sum(len(request.options) for request in problem.requests) / count
    assert 9 < options <= 12


def test_the_same_seed_gives_the_same_network_and_another_seed_another() -> None:
    assert network("S", 5) == network("S", 5)
    assert network("S", 5).sha256 != network("S", 6).sha256
    assert network("S", 0).sha256 == SEALED_S_0


SEALED_S_0 = "846d0b75b331a499af423293898f4924743caadbd8f557a8578077b7ad1c3f4a"
"""Changes only when the generator is changed on purpose: benches of different days must mean the same networks."""


def test_a_higher_load_leaves_less_room() -> None:
    loose, tight = (
        sum(open_weeks(problem, suite) for suite in problem.suites)
        for problem in (network("S", 0, 0.6), network("S", 0, 0.9))
    )
    assert tight < loose


def test_a_network_is_a_problem_that_greedy_serves_in_part() -> None:
    problem = network("S", 0)
    assert read_problem(problem_json(problem)) == problem
    plan = greedy(problem)
    assert plan_holds(problem, plan)
    wanted = sum(request.weight * len(request.batches) for request in problem.requests)
    assert 0.3 * wanted < objective(problem, plan)[0] < 0.95 * wanted
