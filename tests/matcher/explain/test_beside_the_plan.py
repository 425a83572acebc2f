"""Next best, weeks held and conflict groups: what each says is so, looked at exhaustively or counted by hand."""

from dataclasses import replace
from itertools import combinations

import pytest

from matcher.explain import holding
from matcher.explain.conflicts import conflict_groups, holds_alone, limit_names, with_only
from matcher.explain.explaining import explain_all
from matcher.explain.holding import held_weeks
from matcher.explain.nextbest import next_best
from matcher.explain.residual import beside, rest_of
from matcher.explain.usage import usage_of
from matcher.greedy import greedy
from matcher.problem import Booking, Problem
from tests.matcher.brute import all_plans, naive_faults
from tests.matcher.building import at, batch, option, problem, request, suite
from tests.matcher.drawing import random_problem
from tests.matcher.explain.really import without
from tests.matcher.explain.tight import calculated, tight_facts

SEEDS = range(12)
MOST_BATCHES = 2
"""With more, looking at every plan of a problem without limits takes too long."""


def most(asked: Problem) -> int:
    return max(len(plan) for plan in all_plans(asked))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_next_best_fits_and_no_other_facility_does_better(seed: int) -> None:
    done = calculated(tight_facts(seed))
    rest = rest_of(done.problem, done.placements)
    facility_of = {each.id: each.facility for each in done.problem.suites}
    for asked in done.problem.requests:
        own = rest.own.get(asked.id, ())
        best = next_best(rest, asked)
        others = {facility_of[o.suite] for o in asked.options} - {facility_of[stay.suite] for stay in own}
        if not own:
            assert best is None
            continue
        counts = {
            facility: most(
                beside(
                    rest, replace(asked, options=tuple(o for o in asked.options if facility_of[o.suite] == facility))
                )
            )
            for facility in others
        }
        assert max(counts.values(), default=0) == (0 if best is None else best.starts)
        if best is not None:
            assert counts[facility_of[best.placements[0].suite]] == best.starts
            everybody = (*without(done.placements, asked.id), *best.placements)
            assert naive_faults(done.problem, everybody) == []
            assert best.fewer_starts == len(own) - best.starts


def test_the_next_best_differs_by_weeks_kilometres_and_open_points() -> None:
    there = replace(option("T"), travel=300, cost=2)
    asked = problem(request(options=(replace(option("S"), travel=100), there)), suites=(suite(), suite("T", "G")))
    best = next_best(rest_of(asked, (at(0),)), asked.requests[0])
    assert best is not None
    assert (best.facility, best.starts, best.fewer_starts, best.weeks_later) == ("G", 1, 0, 0)
    assert (best.kilometres, best.open_points) == (200, 2)


def weeks_of(asked: Problem, *placements: object) -> dict[str, int]:
    plan = tuple(placements)
    found = held_weeks(asked, asked.requests[0], plan, usage_of(asked, plan), {})  # type: ignore[arg-type]
    return {one.kind: one.weeks for one in found}


def test_each_week_is_counted_once_by_the_work_that_fills_it() -> None:
    waits = request(batches=(batch(earliest=0, latest=5),), options=(option(duration=1),))
    other = request("other", options=(option(duration=2),))
    asked = problem(waits, other, bookings=(Booking(suite().id, 2, 4),))
    asked = replace(asked, suites=(replace(asked.suites[0], open=((0, 5),)),))
    assert weeks_of(asked, at(0, who="other")) == {
        holding.OTHER_PROGRAMMES: 2,
        holding.BOOKED: 2,
        holding.FREE: 1,
        holding.CLOSED: 1,
    }


def test_a_wholly_placed_request_holds_no_counts() -> None:
    assert weeks_of(problem(request()), at(0)) == {}


def groups_of(asked: Problem) -> int:
    """Check every conflict group of a random problem by exhaustive search; how many there were."""
    count = 0
    rest = rest_of(asked, greedy(asked))
    for one in asked.requests:
        if len(one.batches) > MOST_BATCHES:
            continue
        alone = beside(rest, one)
        for group in conflict_groups(alone, {}):
            assert most(group.proof) < len(one.batches)
            for fewer in combinations(group.limits, len(group.limits) - 1):
                assert most(with_only(alone, fewer, {})) == len(one.batches)
            count += 1
    return count


@pytest.mark.parametrize("seeds", [range(25), pytest.param(range(25, 150), marks=pytest.mark.deep)])
def test_conflict_groups_keep_the_request_out_and_are_minimal(seeds: range) -> None:
    assert sum(groups_of(random_problem(seed)) for seed in seeds) >= len(seeds) // 3


def test_a_group_with_a_limit_too_many_or_too_few_is_refused() -> None:
    """The twin: what does not hold when solved alone is not shown."""
    asked = problem(request(), bookings=(Booking(suite().id, 0, 12),))
    (group,) = conflict_groups(asked, {})
    assert group.limits == ("no-room",)
    assert not holds_alone(asked, ("closed", "no-room"), {})
    assert not holds_alone(asked, ("closed",), {})
    assert set(group.limits) <= set(limit_names(asked, {}))


def test_the_same_round_is_explained_the_same_way_again() -> None:
    changes = 0
    for seed in range(4):
        explained = explain_all(calculated(tight_facts(seed)))
        assert explained == explain_all(calculated(tight_facts(seed)))
        changes += sum(len(each.what_if.counterfactuals) for each in explained.values())
    assert changes > 0
