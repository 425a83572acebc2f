"""Requests as recorded: product, batches, material and conditions, and what is known of a request and a facility together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from registry.vocabulary.facilities import (
    Grade,
    LimitKind,
    OrganisationKind,
)
from registry.vocabulary.products import (
    BatchKind,
    Donor,
    InputState,
    Pathway,
    ProductClass,
    Stage,
    Vector,
    WorkingMode,
)
from registry.vocabulary.regulation import PairStage, StageState


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the process: how it is protected, the least background grade, any one of these equipment classes."""

    mode: WorkingMode | None
    background: Grade | None
    equipment: frozenset[str]


@dataclass(frozen=True, slots=True)
class Load:
    """What a stay takes from a facility limit; `delay_days` after the last day of the stay, only for `at` = end."""

    kind: LimitKind
    amount: int
    at: str
    delay_days: int = 0


@dataclass(frozen=True, slots=True)
class Product:
    """A product and the process version that is asked for; `gmo_class` None with a vector = unknown, 0 = no GMO."""

    id: str
    product_class: ProductClass
    donor: Donor
    vector: Vector
    gmo_class: int | None
    family: str
    platform: str
    steps: tuple[Step, ...]
    stay_days: int
    qc_methods: frozenset[str]
    loads: tuple[Load, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """One start that is asked for; `patients` who could be treated with it (0 for preparatory kinds)."""

    id: str
    kind: BatchKind
    earliest: date
    latest: date
    patients: int
    after: str | None = None
    gap_days: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where material comes from or goes to."""

    country: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Material:
    """A lot the batches need: usable from `released_on` + `transport_days`, for `doses` batches, until `expires_on`."""

    id: str
    released_on: date | None
    transport_days: int
    doses: int | None
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Product and site: how far the process has been brought there; `ready_by` is the expected day of readiness."""

    site: str
    stages: Mapping[PairStage, StageState]
    ready_by: date | None
    hospital_exemption: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """A programme asking for starts; see the problem format for `max_sites` and `all_or_nothing`.

    `hours_fresh` is door to door, material to suite; `shelf_life_hours` back to the treating hospital.
    `excluded` facilities are never shown to the other side. `defaults` lists values filled in, in plain words.
    """

    id: str
    label: str
    sponsor: str
    sponsor_kind: OrganisationKind
    product: Product
    stage: Stage
    pathway: Pathway
    phase: str
    treating: tuple[Place, ...]
    collection: tuple[Place, ...]
    input_state: InputState
    hours_fresh: int | None
    product_fresh: bool | None
    shelf_life_hours: int | None
    batches: tuple[Batch, ...]
    urgency: int
    max_sites: int
    all_or_nothing: bool
    languages: frozenset[str]
    excluded: frozenset[str]
    materials: tuple[Material, ...]
    pairs: tuple[Pair, ...]
    preferences: Mapping[str, int]
    group: str
    defaults: tuple[str, ...] = ()
    invented: tuple[str, ...] = ()
