"""The calendar agrees with a naive reading of the rules, plan by plan."""

from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.admissible import admissible_starts
from matcher.greedy import greedy
from matcher.measure import objective, terms
from matcher.occupancy import Occupancy, plan_holds
from matcher.outcome import Placement
from matcher.problem import Problem
from tests.matcher.brute import best_plan, naive_admissible, naive_faults, naive_objective, naive_terms
from tests.matcher.drawing import problems


def choices(problem: Problem) -> list[list[Placement]]:
    """For each batch, every admissible stay."""
    return [
        [
            Placement(request.id, batch.id, option.suite, start)
            for option in request.options
            for start in admissible_starts(problem, request, batch, option)
        ]
        for request in problem.requests
        for batch in request.batches
    ]


@st.composite
def plans(draw: st.DrawFn) -> tuple[Problem, tuple[Placement, ...]]:
    """A problem and any choice of admissible stays, within the other rules or not."""
    problem = draw(problems())
    stays = [draw(st.sampled_from([None, *stays])) for stays in choices(problem)]
    return problem, tuple(stay for stay in stays if stay is not None)


@given(plans())
def test_a_plan_holds_exactly_when_no_rule_is_broken(case: tuple[Problem, tuple[Placement, ...]]) -> None:
    problem, plan = case
    assert plan_holds(problem, plan) == (naive_faults(problem, plan) == [])


@given(plans())
def test_terms_are_those_of_the_page(case: tuple[Problem, tuple[Placement, ...]]) -> None:
    problem, plan = case
    assert terms(problem, plan) == naive_terms(problem, plan)
    assert objective(problem, plan) == naive_objective(problem, plan)


@given(problems())
def test_admissible_starts_are_those_found_tick_by_tick(problem: Problem) -> None:
    for request in problem.requests:
        for batch in request.batches:
            for option in request.options:
                ticks = range(-1, problem.horizon + 2)
                found = tuple(tick for tick in ticks if naive_admissible(problem, batch, option, tick))
                assert admissible_starts(problem, request, batch, option) == found


@given(plans())
def test_taking_everything_out_again_leaves_the_calendar_as_it_was(case: tuple[Problem, tuple[Placement, ...]]) -> None:
    problem, plan = case
    calendar, untouched = Occupancy(problem), Occupancy(problem)
    for stay in plan:
        calendar.add(stay)
    for stay in plan:
        calendar.remove(stay)
    assert calendar.placements() == ()
    assert not calendar.overfull()
    for request in problem.requests:
        for batch in request.batches:
            for option in request.options:
                for start in admissible_starts(problem, request, batch, option):
                    fits = calendar.fits(request, batch, option, start)
                    assert fits == untouched.fits(request, batch, option, start)


@given(plans())
def test_overfull_tells_what_resources_say(case: tuple[Problem, tuple[Placement, ...]]) -> None:
    problem, plan = case
    calendar = Occupancy(problem)
    for stay in plan:
        calendar.add(stay)
    assert calendar.overfull() == ("resources" in naive_faults(problem, plan))


@given(problems())
@settings(max_examples=25)
def test_greedy_keeps_every_rule_and_never_beats_the_best(problem: Problem) -> None:
    plan = greedy(problem)
    assert naive_faults(problem, plan) == []
    assert objective(problem, plan) <= best_plan(problem)[0]
