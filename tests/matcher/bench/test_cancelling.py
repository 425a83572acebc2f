"""The bench of cancelling cancels every way, keeps the worst of each, and says when something is missed."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from matcher.bench.cancelling import WAYS, Cancelled, Solving, Way, bench_cancel, cancelled_runs, kept
from matcher.generate import network
from matcher.greedy import greedy
from matcher.measure import objective
from matcher.outcome import Outcome, Progress, SolveOptions
from matcher.problem import Problem
from matcher.solve import solve

GOOD = Cancelled("a way", 1.0, 3, 0.4, 0.1, holds=True)


def test_every_way_is_cancelled_and_printed(capsys: pytest.CaptureFixture[str]) -> None:
    found = bench_cancel("S", 1, (0.0, 0.2))
    assert [(one.way, one.moment) for one in found] == [(way.name, moment) for way in WAYS for moment in (0.0, 0.2)]
    assert all(one.holds for one in found)
    assert all(one.silence <= one.moment for one in found)
    printed = capsys.readouterr().out
    assert all(way.name in printed for way in WAYS)


@pytest.mark.parametrize("late", [{"silence": 2.1}, {"farewell": 1.1}, {"holds": False}])
def test_one_that_misses_something_is_enough(late: dict[str, float]) -> None:
    assert kept([GOOD, GOOD])
    assert not kept([GOOD, replace(GOOD, **late)])  # type: ignore[arg-type]  # one field of the three


def spoiled(spoil: Callable[[Outcome], Outcome]) -> Way:
    """A way that tells of its plan and then hands over another one."""

    def ready(problem: Problem) -> Solving:
        plan = greedy(problem)
        found = solve(problem, SolveOptions(effort=None, seconds=0.0))
        stated = replace(found, placements=plan, objective=objective(problem, plan))

        def handed(options: SolveOptions) -> Outcome:
            if options.on_progress is not None:
                options.on_progress(Progress("telling", stated.objective, (), 0.0))
            return spoil(stated)

        return handed

    return Way("spoiled", ready, SolveOptions())


def test_sabotage_a_plan_below_what_was_told_or_against_a_rule_does_not_hold() -> None:
    problem = network("S", 0)

    def holds(spoil: Callable[[Outcome], Outcome]) -> bool:
        (one,) = cancelled_runs(spoiled(spoil), problem, (0.0,))
        return one.holds

    assert holds(lambda outcome: outcome)
    assert not holds(lambda outcome: replace(outcome, placements=(), objective=objective(problem, ())))
    assert not holds(lambda outcome: replace(outcome, placements=(*outcome.placements, outcome.placements[0])))
