"""What a reader sees of one plan: values only, already masked and aliased, ready to be shown or written."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Measure:
    """A plan in what matters: patients who could be treated, programmes served (every or some starts placed), starts."""

    patients: int
    programmes: int
    starts: int


@dataclass(frozen=True, slots=True)
class PlanFacility:
    """A facility of the plan under the name it may carry here; `region` is a country or, where too few, a region."""

    id: str
    label: str
    region: str
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class PlanSuite:
    """A suite with its parallel places."""

    id: str
    facility: str
    label: str
    places: int


@dataclass(frozen=True, slots=True)
class PlanStay:
    """One placed start: the suite is held from `start` (in) to `end` (out); `patients` who could be treated."""

    request: str
    batch: str
    suite: str
    start: date
    end: date
    patients: int


@dataclass(frozen=True, slots=True)
class PlanClosure:
    """Days, `start` (in) to `end` (out), on which a suite takes nothing; `text` says so in plain words."""

    suite: str
    start: date
    end: date
    text: str


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason why starts were not placed; `facilities` says how many it excludes, or how many were full."""

    rule: str
    text: str
    facilities: int


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """A request and what became of it; `waiting_because` is empty when every start was placed.

    `short` fits on a bar ("031"). `family` is the process family in plain words. `assumed` lists defaults and invented values, in plain words.
    """

    id: str
    label: str
    short: str
    family: str
    starts: int
    placed: int
    patients: int
    patients_placed: int
    waiting_because: tuple[Obstacle, ...]
    assumed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanView:
    """One plan: `weeks` weeks from Monday `origin`, out of facts as known on `known_on`, calculated on `calculated_on`.

    `most_patients` is the proved limit no plan can exceed, None while unknown. `checked` says that the independent
    check derived every rule and figure again and agreed. `facilities_considered` counts also those without a start.
    """

    rehearsal: bool
    title: str
    origin: date
    weeks: int
    known_on: date
    calculated_on: date
    asked: Measure
    plan: Measure
    first_come: Measure
    most_patients: int | None
    checked: bool
    facilities: tuple[PlanFacility, ...]
    suites: tuple[PlanSuite, ...]
    stays: tuple[PlanStay, ...]
    closures: tuple[PlanClosure, ...]
    requests: tuple[PlanRequest, ...]
    notes: tuple[str, ...]
