"""The one door to solving.

The solvers behind it load when the first problem comes, so that reading, checking and verifying never need them.
"""

from importlib import import_module
from typing import Protocol, cast

from matcher.outcome import Outcome, SolveOptions
from matcher.problem import Problem


class _Answer(Protocol):
    def __call__(self, problem: Problem, options: SolveOptions) -> Outcome: ...


def solve(problem: Problem, options: SolveOptions | None = None) -> Outcome:
    """The answer to a problem: a plan that keeps every hard rule, its value, and a limit per tier.

    Up to about 20,000 admissible starts one exact model decides, beyond that neighbourhoods. With an effort the
    answer is the same for the same problem, effort, seed and one worker; `seconds` alone gives the best plan in that
    many seconds, counted from this call; with both, effort decides and passing the seconds gives status *unknown*.
    The plan is never below the first-come baseline in the first tier that differs.
    """
    answer = cast("_Answer", import_module("matcher.dispatch").answer)
    return answer(problem, SolveOptions() if options is None else options)
