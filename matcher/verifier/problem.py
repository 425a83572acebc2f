"""A problem as frozen values, built from a document whose shape was checked, and what shape alone cannot say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Suite:
    """Places of a facility; `open` as `[start, end)`."""

    facility: str
    places: int
    open: Spans
    exclusive: bool
    changeover: int


@dataclass(frozen=True, slots=True)
class Resource:
    """A limit of a facility: `capacity[i]` in period i of `period` ticks."""

    facility: str
    period: int
    capacity: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Use:
    """What a stay takes of a resource, and when."""

    resource: str
    amount: int
    at: str
    delay: int


@dataclass(frozen=True, slots=True)
class Option:
    """A suite a request may use; `windows` inclusive, None = any start."""

    suite: str
    duration: int
    cost: int
    travel: int
    preference: int
    windows: Spans | None
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """One start asked for; `after` is the batch it follows by at least `gap` ticks."""

    id: str
    earliest: int
    latest: int
    weight: int
    after: str | None
    gap: int


@dataclass(frozen=True, slots=True)
class Request:
    """A programme; `urgency` is its class."""

    id: str
    urgency: int
    group: str | None
    family: str
    max_sites: int
    all_or_nothing: bool
    held: tuple[str, ...]
    batches: Mapping[str, Batch]
    options: Mapping[str, Option]


@dataclass(frozen=True, slots=True)
class Booking:
    """A fixed stay; family None is foreign to every request."""

    suite: str
    start: int
    end: int
    places: int
    family: str | None
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything the rules look at; `previous` maps (request, batch) to (suite, start)."""

    horizon: int
    facilities: frozenset[str]
    suites: Mapping[str, Suite]
    resources: Mapping[str, Resource]
    requests: Mapping[str, Request]
    bookings: tuple[Booking, ...]
    previous: Mapping[tuple[str, str], tuple[str, int]]
    tiers: tuple[Mapping[str, int], ...]


def build(document: Any) -> Problem:
    """Build the values of a problem document that `check_problem` found well shaped."""
    return Problem(
        document["horizon"],
        frozenset(row["id"] for row in document["facilities"]),
        {row["id"]: _suite(row) for row in document["suites"]},
        {r["id"]: Resource(r["facility"], r["period"], tuple(r["capacity"])) for r in document["resources"]},
        {row["id"]: _request(row) for row in document["requests"]},
        tuple(_booking(row) for row in document["bookings"]),
        {(row["request"], row["batch"]): (row["suite"], row["start"]) for row in document["previous"]},
        tuple(document["policy"]["tiers"]),
    )


def ticks_taken(use: Use, start: int, end: int, horizon: int) -> tuple[int, int]:
    """Return the ticks `[first, last)` inside the horizon at each of which a stay takes the amount of the use."""
    first, last = start, end
    if use.at == "start":
        last = start + 1
    elif use.at == "end":
        first = end - 1 + use.delay
        last = first + 1
    elif use.at == "once":
        last = first
    return max(first, 0), min(last, horizon)


def _suite(row: Any) -> Suite:
    openings = tuple((start, end) for start, end in row["open"])
    return Suite(row["facility"], row["places"], openings, row.get("exclusive", False), row.get("changeover", 0))


def _use(row: Any) -> Use:
    return Use(row["resource"], row["amount"], row["at"], row.get("delay", 0))


def _option(row: Any) -> Option:
    windows = tuple((first, last) for first, last in row["windows"]) if "windows" in row else None
    costs = (row.get("cost", 0), row.get("travel", 0), row.get("preference", 0))
    return Option(row["suite"], row["duration"], *costs, windows, tuple(_use(use) for use in row.get("uses", ())))


def _batch(row: Any, weight: int) -> Batch:
    after = row.get("after", {"batch": None, "min": 0})
    return Batch(row["id"], row["earliest"], row["latest"], row.get("weight", weight), after["batch"], after["min"])


def _request(row: Any) -> Request:
    return Request(
        row["id"],
        row.get("class", 0),
        row.get("group"),
        row.get("family", row["id"]),
        row.get("max_sites", 1),
        row.get("all_or_nothing", False),
        tuple(row.get("held", ())),
        {batch["id"]: _batch(batch, row.get("weight", 1)) for batch in row["batches"]},
        {option["suite"]: _option(option) for option in row["options"]},
    )


def _booking(row: Any) -> Booking:
    uses = tuple(_use(use) for use in row.get("uses", ()))
    return Booking(row["suite"], row["start"], row["end"], row.get("places", 1), row.get("family"), uses)
