"""Whether another solver agrees: asked when the exact model is small enough, and kept as it is.

A what-if is asked about up to a tenth of the size, since a person waits for it; whoever is left out is told why.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from matcher.outcome import Outcome, SolveOptions
from matcher.problem import Problem

MOST_COLUMNS_OF_A_WHAT_IF = 2_000
"""Columns of the exact model up to which a what-if is asked about."""


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """What the other solver said; `asked` is false when it was not asked, `why_not` says why.

    `agrees` is None when nothing was asked, and false exactly when `disputed_because` says something.
    """

    asked: bool
    why_not: str = ""
    solver: str = ""
    status: str = ""
    objective: tuple[int, ...] = ()
    bound: tuple[int | None, ...] = ()
    agrees: bool | None = None
    disputed_because: str = ""

    @property
    def disputed(self) -> bool:
        """Whether the two solvers contradict each other."""
        return self.agrees is False

    def document(self) -> Mapping[str, Any]:
        """The opinion as it is kept with the run."""
        return asdict(self)


def not_asked(why: str) -> SecondOpinion:
    """No opinion, and the reason for it."""
    return SecondOpinion(asked=False, why_not=why)


def opinion_on(problem: Problem, outcome: Outcome, options: SolveOptions, *, official: bool = True) -> SecondOpinion:
    """Ask the other solver about an outcome, with the same options; larger models are left out and it says so."""
    from matcher.dispatch import MOST_COLUMNS_OF_ONE_MODEL  # noqa: PLC0415 - loads solvers
    from matcher.large.columns import count_columns  # noqa: PLC0415 - loads solvers
    from matcher.model.second_opinion import second_opinion  # noqa: PLC0415 - loads solvers

    if outcome.status not in {"optimal", "feasible"}:
        return not_asked(f"there is no plan to judge: {outcome.status}")
    if outcome.stopped == "cancelled":
        return not_asked("the calculation was cancelled")
    columns = count_columns(problem)
    most = MOST_COLUMNS_OF_ONE_MODEL if official else min(MOST_COLUMNS_OF_A_WHAT_IF, MOST_COLUMNS_OF_ONE_MODEL)
    if columns > most:
        return not_asked(
            f"the model has {columns} columns; a second solver is asked up to {most}"
            f"{'' if official else ' in a what-if'}. "
            "The plan itself is checked by the independent verifier."
        )
    said = second_opinion(problem, outcome, options)
    return SecondOpinion(
        asked=True,
        solver=said.solver,
        status=said.status,
        objective=tuple(said.objective),
        bound=tuple(said.bound),
        agrees=said.agrees,
        disputed_because=said.disputed_because,
    )
