"""What the matcher is asked: a finished, frozen problem in whole numbers.

Every field is the field of the same name in the problem format, version 1; times are ticks from `origin`.
Reading a document and finding its faults is `matcher.serialise`; nothing here looks anything up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NewType

FacilityId = NewType("FacilityId", str)
SuiteId = NewType("SuiteId", str)
ResourceId = NewType("ResourceId", str)
RequestId = NewType("RequestId", str)
BatchId = NewType("BatchId", str)

PROBLEM_FORMAT = "gmphub/problem/1"
LARGEST_INTEGER = 2**53 - 1

UseAt = Literal["start", "end", "each", "once"]
Interval = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Facility:
    """Premises that may make products; the unit that `max_sites` counts."""

    id: FacilityId
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Suite:
    """Rooms with `places` equal places, usable inside the half-open intervals `open`."""

    id: SuiteId
    facility: FacilityId
    places: int
    open: tuple[Interval, ...]
    exclusive: bool = False
    changeover: int = 0


@dataclass(frozen=True, slots=True)
class Resource:
    """A limit of a facility per period of `period` ticks: quality control, certification, operators, new products."""

    id: ResourceId
    facility: FacilityId
    period: int
    capacity: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class After:
    """Start at least `min` ticks after the end of batch `batch` of the same request."""

    batch: BatchId
    min: int


@dataclass(frozen=True, slots=True)
class Batch:
    """One stay to place; start ticks `earliest` to `latest`, both inclusive; `weight` None means the request's."""

    id: BatchId
    earliest: int
    latest: int
    weight: int | None = None
    after: After | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """What a stay takes from a resource; `delay` ticks later only with at = "end"."""

    resource: ResourceId
    amount: int
    at: UseAt
    delay: int = 0


@dataclass(frozen=True, slots=True)
class Option:
    """A suite where the request may go; `windows` None means every start, an empty tuple none."""

    suite: SuiteId
    duration: int
    cost: int = 0
    travel: int = 0
    preference: int = 0
    windows: tuple[Interval, ...] | None = None
    uses: tuple[Use, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """A programme that asks for starts; `urgency` is the document's `class`, 0 the most urgent."""

    id: RequestId
    batches: tuple[Batch, ...]
    options: tuple[Option, ...]
    weight: int = 1
    urgency: int = 0
    group: str | None = None
    family: str | None = None
    max_sites: int = 1
    all_or_nothing: bool = False
    held: tuple[FacilityId, ...] = ()

    @property
    def family_or_own(self) -> str:
        """The family for exclusivity and changeover: the stated one, else the request's own id."""
        return self.id if self.family is None else self.family

    def weight_of(self, batch: Batch) -> int:
        """The patients a batch counts for: its own weight, else the request's."""
        return self.weight if batch.weight is None else batch.weight


@dataclass(frozen=True, slots=True)
class Booking:
    """A fixed stay; without a family it is foreign to every request."""

    suite: SuiteId
    start: int
    end: int
    places: int = 1
    family: str | None = None
    uses: tuple[Use, ...] = ()


@dataclass(frozen=True, slots=True)
class PreviousPlacement:
    """One line of the last published plan; it may name what is gone."""

    request: str
    batch: str
    suite: str
    start: int


@dataclass(frozen=True, slots=True)
class Policy:
    """Tiers, most important first; each maps a term to a positive weight."""

    tiers: tuple[Mapping[str, int], ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """The whole question; ids are unique in their lists and every reference resolves."""

    origin: str
    tick: Literal["day", "week"]
    horizon: int
    facilities: tuple[Facility, ...]
    suites: tuple[Suite, ...]
    resources: tuple[Resource, ...]
    requests: tuple[Request, ...]
    bookings: tuple[Booking, ...]
    previous: tuple[PreviousPlacement, ...]
    policy: Policy
    sha256: str
    """SHA-256 of the RFC 8785 form of the document as read, lower-case hexadecimal."""
