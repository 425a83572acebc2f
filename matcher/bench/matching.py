"""The matcher on generated networks: plan over limit, over the baseline, and over CP-SAT given the same seconds."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from matcher.bench.peer import plan_of_one_model
from matcher.generate import SizeName, network
from matcher.greedy import greedy
from matcher.measure import objective
from matcher.occupancy import plan_holds
from matcher.outcome import SolveOptions
from matcher.solve import solve


@dataclass(frozen=True, slots=True)
class Measured:
    """First-tier values of one network; `bound` is what the matcher proved, None when it proved nothing."""

    size: SizeName
    seed: int
    plan: int
    bound: int | None
    baseline: int
    peer: int
    seconds: float
    valid: bool

    @property
    def of_bound(self) -> float:
        """Plan over limit; 0 without a limit."""
        return self.plan / self.bound if self.bound else 0.0


def bench_matcher(size: SizeName, seconds: float, seeds: int, workers: int = 2) -> tuple[Measured, ...]:
    """Measure `seeds` networks of a size, each plan given `seconds`, and print a line for each and the medians.

    The peer is the whole time-indexed model in CP-SAT with the baseline as hint, given the same seconds and workers.
    """
    rows = []
    _say("size seed      plan     bound  plan/bound  greedy/bound  plan/greedy  plan/CP-SAT  seconds  valid")
    for row in _measured(size, seconds, seeds, workers):
        rows.append(row)
        _say(_line(row))
    if rows:
        over_bound, over_greedy, over_peer = zip(*(_ratios(row) for row in rows), strict=True)
        _say(
            f"median of {len(rows)}: plan/bound {median(over_bound):.4f}, plan/greedy {median(over_greedy):.4f}, "
            f"plan/CP-SAT {median(over_peer):.4f}"
        )
    return tuple(rows)


def _measured(size: SizeName, seconds: float, seeds: int, workers: int) -> Iterator[Measured]:
    for seed in range(seeds):
        problem = network(size, seed)
        baseline = greedy(problem)
        outcome = solve(problem, SolveOptions(effort=None, seconds=seconds, workers=workers, seed=seed))
        peer = plan_of_one_model(problem, baseline, seconds, workers)
        yield Measured(
            size=size,
            seed=seed,
            plan=outcome.objective[0],
            bound=outcome.bound[0],
            baseline=objective(problem, baseline)[0],
            peer=objective(problem, peer)[0],
            seconds=outcome.seconds,
            valid=plan_holds(problem, outcome.placements) and plan_holds(problem, peer),
        )


def _ratios(row: Measured) -> tuple[float, float, float]:
    return row.of_bound, row.plan / max(row.baseline, 1), row.plan / max(row.peer, 1)


def _line(row: Measured) -> str:
    of_bound, of_greedy, of_peer = _ratios(row)
    greedy_of_bound = row.baseline / row.bound if row.bound else 0.0
    return (
        f"{row.size:>4} {row.seed:>4} {row.plan:>9} {row.bound or 0:>9}  {of_bound:>10.4f}  {greedy_of_bound:>12.4f}  "
        f"{of_greedy:>11.4f}  {of_peer:>11.4f}  {row.seconds:>7.1f}  {row.valid}"
    )


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
