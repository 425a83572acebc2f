"""The document of one explanation: plain values and their words, as they leave the house."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, Final, Literal

from pydantic import ConfigDict

FORMAT: Final = "gmphub/explanation/1"


class Reader(StrEnum):
    """For whom an explanation is made."""

    REQUESTER = "requester"
    COORDINATOR = "coordinator"


@dataclass(frozen=True, slots=True)
class Strict:
    """A part of the document: unknown keys are refused when one is read."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Named(Strict):
    """A facility under the name the reader may have; `country` only where enough candidates share it."""

    name: str
    country: str | None


@dataclass(frozen=True, slots=True)
class Step(Strict):
    """One rule of the funnel: facilities that meet it, and facilities left after it and all before it."""

    rule: str
    title: str
    alone: int
    left: int


@dataclass(frozen=True, slots=True)
class Start(Strict):
    """A proposed start; `no_day_because` says why no day of the week that begins around `day` could be settled."""

    batch: str
    day: date
    no_day_because: str | None = None


@dataclass(frozen=True, slots=True)
class OpenPoint(Strict):
    """What must still happen, and the day by which, if one is known."""

    rule: str
    title: str
    text: str
    by: date | None


@dataclass(frozen=True, slots=True)
class Proposal(Strict):
    """Starts proposed in one suite of a facility, with their open points."""

    facility: str
    starts: tuple[Start, ...]
    open_points: tuple[OpenPoint, ...]


@dataclass(frozen=True, slots=True)
class Missed(Strict):
    """A rule that keeps a near miss out; `actual` and `margin` are for those who may read the facility's record.

    `needs` is what would settle it: to a requester only where the request itself leaves it open.
    """

    rule: str
    title: str
    status: Literal["fail", "unknown"]
    required: str
    actual: str | None
    margin: float | None
    unit: str | None
    needs: str


@dataclass(frozen=True, slots=True)
class Near(Strict):
    """A facility that one or two rules keep out."""

    facility: str
    rules: tuple[Missed, ...]


@dataclass(frozen=True, slots=True)
class Limit(Strict):
    """What keeps starts out beside the plan, and at how many of the facilities; None where too few stand behind it."""

    rule: str
    text: str
    facilities: int | None


@dataclass(frozen=True, slots=True)
class Held(Strict):
    """A kind of work and the weeks of suites it holds; None where too few facilities stand behind the figure."""

    kind: str
    text: str
    weeks: int | None


@dataclass(frozen=True, slots=True)
class Alternative(Strict):
    """The next best facility for a placed request; differences are its figure less the proposed one's."""

    facility: str
    starts: int
    fewer_starts: int
    first_start: date
    weeks_later: int
    kilometres: int
    open_points: int


@dataclass(frozen=True, slots=True)
class Helps(Strict):
    """A change that was proved to help; `weeks` are the Mondays of the weeks in which a facility's limit would be wider."""

    side: Literal["sponsor", "facility"]
    kind: str
    amount: int
    facility: str | None
    weeks: tuple[date, ...]
    meaning: Literal["beside-the-plan", "new-calculation"]
    asked: int
    now: int
    starts: int
    text: str
    effect: str


@dataclass(frozen=True, slots=True)
class Earliest(Strict):
    """Waiting so many weeks longer, every start fits: the weeks (Mondays) of the first and of the last."""

    weeks: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Conflict(Strict):
    """Limits that together keep the request out."""

    limits: tuple[str, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation(Strict):
    """All that one reader is told about one request.

    `fits` starts fit beside the plan, None where nothing was solved again; `tried` says whether changes were tried.
    """

    format: Literal["gmphub/explanation/1"]
    reader: Reader
    request: str
    label: str
    asked: int
    placed: int
    patients: int
    first_wished: date
    last_wished: date
    set_aside: tuple[str, ...]
    facilities: tuple[Named, ...]
    considered: int
    left: int
    funnel: tuple[Step, ...]
    proposals: tuple[Proposal, ...]
    near: tuple[Near, ...]
    limits: tuple[Limit, ...]
    held: tuple[Held, ...]
    next_best: Alternative | None
    fits: int | None
    tried: bool
    changes: tuple[Helps, ...]
    earliest: Earliest | None
    conflicts: tuple[Conflict, ...]
