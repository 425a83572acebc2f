"""How often a solve says how far it is, and how soon it hands over its plan once nobody waits any longer."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from matcher.bench.clock import say
from matcher.generate import SizeName, network
from matcher.greedy import greedy
from matcher.large.solving import solve_large
from matcher.measure import objective
from matcher.model.second_opinion import second_opinion
from matcher.occupancy import plan_holds
from matcher.outcome import Outcome, Progress, SolveOptions
from matcher.problem import Problem
from matcher.solve import solve

LONGEST_SILENCE, LONGEST_FAREWELL = 2.0, 1.0
"""Seconds wanted on the wall between two words of a solve, and from cancelling to the plan."""

MOMENTS = (0.5, 2.0, 5.0, 9.0)
"""Seconds after the beginning at which a solve is cancelled."""

OFFICIAL = SolveOptions(effort=1_000_000)
EXPLORING = SolveOptions(effort=None, seconds=3600.0, workers=2)
"""Both would go on long after the last moment."""


Solving = Callable[[SolveOptions], Outcome | None]


@dataclass(frozen=True, slots=True)
class Way:
    """A way to solve, by name: made ready for a problem, then run; None where it hands over no plan of its own."""

    name: str
    ready: Callable[[Problem], Solving]
    options: SolveOptions


@dataclass(frozen=True, slots=True)
class Cancelled:
    """One cancelled solve: the longest silence until then, the time from cancelling to the plan, and whether it holds."""

    way: str
    moment: float
    words: int
    silence: float
    farewell: float
    holds: bool


def _exact(problem: Problem) -> Solving:
    return partial(solve, problem)


def _large(problem: Problem) -> Solving:
    start = greedy(problem)
    return lambda options: solve_large(problem, options, start)


def _second(problem: Problem) -> Solving:
    """The second solver, asked about the first-come plan, which it can improve for a long time."""
    plan = greedy(problem)
    nothing_proved = solve(problem, SolveOptions(effort=None, seconds=0.0))
    stated = replace(nothing_proved, placements=plan, objective=objective(problem, plan))

    def asked(options: SolveOptions) -> None:
        second_opinion(problem, stated, options)

    return asked


WAYS = (
    Way("exact model, HiGHS in its own process, official", _exact, OFFICIAL),
    Way("exact model beside neighbourhoods, exploring", _exact, EXPLORING),
    Way("neighbourhoods with CP-SAT, official", _large, OFFICIAL),
    Way("neighbourhoods with CP-SAT, exploring", _large, EXPLORING),
    Way("second opinion by CP-SAT", _second, OFFICIAL),
)


def bench_cancel(size: SizeName, seeds: int, moments: Sequence[float] = MOMENTS) -> tuple[Cancelled, ...]:
    """Cancel every way to solve networks of a size at every moment; prints the worst of each and returns all."""
    found: list[Cancelled] = []
    say(f"{'way to solve':<50} {'solves':>6} {'longest silence':>16} {'to the plan':>12}  plan holds")
    for way in WAYS:
        done = [one for seed in range(seeds) for one in cancelled_runs(way, network(size, seed), moments)]
        silence, farewell = max(one.silence for one in done), max(one.farewell for one in done)
        holds = all(one.holds for one in done)
        say(f"{way.name:<50} {len(done):>6} {silence:>14.2f} s {farewell:>10.2f} s  {holds}")
        found += done
    say(f"wanted: a word every {LONGEST_SILENCE:.0f} s, the plan within {LONGEST_FAREWELL:.0f} s of cancelling")
    return tuple(found)


def cancelled_runs(way: Way, problem: Problem, moments: Sequence[float]) -> Iterator[Cancelled]:
    """Solve a problem once for each moment, and cancel it then."""
    solving = way.ready(problem)
    for moment in moments:
        yield _cancelled(way, solving, problem, moment)


def _cancelled(way: Way, solving: Solving, problem: Problem, moment: float) -> Cancelled:
    began = time.monotonic()
    words: list[tuple[float, Progress]] = []

    def cancelled() -> bool:
        return time.monotonic() - began >= moment

    def hear(progress: Progress) -> None:
        words.append((time.monotonic() - began, progress))

    outcome = solving(replace(way.options, on_progress=hear, cancelled=cancelled))
    ended = time.monotonic() - began
    told = [at for at, _ in words if at <= moment]
    silences = [later - sooner for sooner, later in zip([0.0, *told], [*told, min(moment, ended)], strict=True)]
    return Cancelled(
        way=way.name,
        moment=moment,
        words=len(words),
        silence=max(silences),
        farewell=max(0.0, ended - moment),
        holds=outcome is None or _keeps(problem, outcome, [progress.objective for _, progress in words]),
    )


def _keeps(problem: Problem, outcome: Outcome, told: Sequence[tuple[int, ...]]) -> bool:
    """Whether the plan keeps every hard rule and is not below any plan that was told of."""
    return plan_holds(problem, outcome.placements) and outcome.objective >= max(told, default=())


def kept(found: Sequence[Cancelled]) -> bool:
    """Whether every silence, farewell and plan is as wanted."""
    return all(one.silence <= LONGEST_SILENCE and one.farewell <= LONGEST_FAREWELL and one.holds for one in found)
