"""How a solve went, stage by stage: the phases it told of with their times, and what each tier reached."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matcher.outcome import Outcome, Progress


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase by its plain name and its first and last word, in seconds since the solve began."""

    name: str
    first: float
    last: float


class Phases:
    """Listens to the progress of one solve, passes it on, and keeps one line a phase, in their sequence.

    Words come at most twice a second, so a phase that is over sooner may not appear.
    """

    def __init__(self, tell: Callable[[Progress], None] | None = None) -> None:
        self._tell = tell
        self._heard: list[Phase] = []

    def hear(self, progress: Progress) -> None:
        """Take one word of a solve."""
        known = self._heard[-1] if self._heard else None
        seconds = round(progress.seconds, 3)
        if known is not None and known.name == progress.phase:
            self._heard[-1] = Phase(known.name, known.first, seconds)
        else:
            self._heard.append(Phase(progress.phase, seconds, seconds))
        if self._tell is not None:
            self._tell(progress)

    @property
    def heard(self) -> tuple[Phase, ...]:
        """The phases so far."""
        return tuple(self._heard)


def stages_part(tiers: Sequence[Mapping[str, int]], outcome: Outcome) -> list[Mapping[str, Any]]:
    """For each tier its terms, the value reached, the proved limit, and what that makes of it.

    *optimal*: the limit is reached; *feasible*: a plan and a limit above it; *unbounded*: no limit is known.
    """
    values = (*outcome.objective, *(None,) * (len(tiers) - len(outcome.objective)))
    bounds = (*outcome.bound, *(None,) * (len(tiers) - len(outcome.bound)))
    return [
        {"tier": number, "terms": dict(terms), "value": value, "bound": bound, "status": _status(value, bound)}
        for number, (terms, value, bound) in enumerate(zip(tiers, values, bounds, strict=True), start=1)
    ]


def _status(value: int | None, bound: int | None) -> str:
    if value is None:
        return "no plan"
    return "unbounded" if bound is None else "optimal" if bound == value else "feasible"
