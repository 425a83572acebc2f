"""What the matcher answers: placements, what they are worth, how good that is at best, and how it was made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from matcher.problem import BatchId, RequestId, ResourceId, SuiteId

OUTCOME_FORMAT = "gmphub/outcome/1"

Status = Literal["optimal", "feasible", "infeasible", "unknown", "rejected"]
Stopped = Literal["done", "effort", "clock", "cancelled"]


@dataclass(frozen=True, slots=True, order=True)
class Placement:
    """One batch starting at tick `start` in `suite`; sorts by request, then batch, in code-point order."""

    request: RequestId
    batch: BatchId
    suite: SuiteId
    start: int


@dataclass(frozen=True, slots=True)
class Proof:
    """Scarcity values that re-prove a limit of the first tier: one integer per tick or period."""

    scale: int
    suites: Mapping[SuiteId, tuple[int, ...]]
    resources: Mapping[ResourceId, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a problem document: where (a JSON path) and what, with what to do."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer; keys as in the outcome format, version 1."""

    problem_sha256: str | None
    status: Status
    placements: tuple[Placement, ...]
    objective: tuple[int, ...]
    terms: Mapping[str, int]
    bound: tuple[int | None, ...]
    stopped: Stopped
    seed: int
    effort: int | None
    workers: int
    seconds: float
    proof: Proof | None = None
    faults: tuple[Fault, ...] = ()
    warnings: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Progress:
    """What a solve reports while it works: plain phase, best plan so far and limit per tier (None = not known yet)."""

    phase: str
    objective: tuple[int, ...]
    bound: tuple[int | None, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class SolveOptions:
    """How to solve: `effort` scales fixed caps; `seconds` alone makes it an exploration against the clock."""

    effort: int | None = 10
    seconds: float | None = None
    workers: int = 1
    seed: int = 0
    on_progress: Callable[[Progress], None] | None = None
    cancelled: Callable[[], bool] | None = None
