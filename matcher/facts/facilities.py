"""Facilities as recorded: what they may do, by when, with which rooms, equipment and limits."""

from dataclasses import dataclass
from datetime import date

from registry.vocabulary.facilities import (
    Grade,
    LimitKind,
    OrganisationKind,
    PlaceKind,
    Rhythm,
    ServiceModel,
    StartsClass,
)
from registry.vocabulary.periods import Days
from registry.vocabulary.products import (
    ProductClass,
    WorkingMode,
)
from registry.vocabulary.regulation import AuthorisationKind, PermitKind, ProductType


@dataclass(frozen=True, slots=True)
class Authorisation:
    """A legal entitlement of `holder` at a site; `complete` when QA confirmed that the scope lines are all there."""

    id: str
    kind: AuthorisationKind
    holder: str
    product_type: ProductType
    codes: frozenset[str]
    validity: Days
    open_ended_confirmed: bool
    complete: bool
    confirmed_on: date | None
    suites: frozenset[str] | None = None
    """Rooms the authorisation is limited to; None = the whole site."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """Evidence of the last inspection; `reliance_until` replaces the usual three years when remarks say so."""

    id: str
    codes: frozenset[str]
    last_inspection: date
    reliance_until: date | None = None
    withdrawn_on: date | None = None


@dataclass(frozen=True, slots=True)
class NonCompliance:
    """A statement of non-compliance; an empty scope means everything."""

    id: str
    codes: frozenset[str]
    period: Days


@dataclass(frozen=True, slots=True)
class Permit:
    """Another permit of the site; `gmo_class` only for contained use (classes 1 to 4)."""

    id: str
    kind: PermitKind
    validity: Days
    gmo_class: int | None = None


@dataclass(frozen=True, slots=True)
class Equipment:
    """Devices of one vocabulary class in a suite; `qualified_until` is the first day without qualification."""

    equipment_class: str
    count: int
    qualified_until: date | None = None


@dataclass(frozen=True, slots=True)
class StartsStatement:
    """Starts per week a facility is willing to offer on a platform in a period; `pooled` by signed mandate."""

    platform: str
    period: Days
    starts_per_week: int
    starts_class: StartsClass
    pooled: bool


@dataclass(frozen=True, slots=True)
class Stay:
    """A confirmed stay of somebody; `places` places of the suite are held on every day."""

    period: Days
    places: int
    family: str | None


@dataclass(frozen=True, slots=True)
class Suite:
    """Rooms used as one: grade of the background, working mode, places and what keeps them busy.

    `open` are the days that may be used (openings less closures). `start_weekdays` are ISO weekdays, empty = any.
    `clearance_days` follow every stay, `changeover_days` lie between two families.
    """

    id: str
    grade: Grade | None
    mode: WorkingMode | None
    containment_class: int | None
    vector_work: bool | None
    places: int
    place_kind: PlaceKind
    one_product: bool
    clearance_days: int
    changeover_days: int
    start_weekdays: frozenset[int]
    equipment: tuple[Equipment, ...]
    open: tuple[Days, ...]
    stays: tuple[Stay, ...] = ()


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of the facility: `amount` per `period_weeks` weeks, or `weekly[i]` in week i of the horizon."""

    kind: LimitKind
    period_weeks: int
    amount: int
    weekly: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """An address of a facility, with what is recorded about it."""

    id: str
    country: str
    latitude: float | None
    longitude: float | None
    authorisations: tuple[Authorisation, ...]
    certificates: tuple[Certificate, ...]
    non_compliances: tuple[NonCompliance, ...]
    permits: tuple[Permit, ...]
    suites: tuple[Suite, ...]


@dataclass(frozen=True, slots=True)
class QpCover:
    """Classes a Qualified Person certifies, here or at another EU site under agreement; names stay private.

    `valid_to` is the first day without it; None = no end is foreseen.
    """

    classes: frozenset[ProductClass]
    here: bool
    absence_cover: bool | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Facility:
    """Premises with their acceptance profile, confirmations and limits.

    `families` None = takes any family, empty = takes none. `qc_methods` are run in house, `qc_contracted` by a contract
    laboratory, of `qc_unclear` nobody has said; `qc_days` are days until the result, where stated. `calendar_clock_stopped_days` are days of declared
    closures since the last confirmation, which do not age it.
    """

    id: str
    label: str
    organisation: str
    organisation_kind: OrganisationKind
    country: str
    service_model: ServiceModel
    families: frozenset[str] | None
    smallest_campaign: int | None
    largest_campaign: int | None
    notice_days: int | None
    open_to_companies: bool | None
    languages: frozenset[str]
    experience: frozenset[str]
    qc_methods: frozenset[str]
    qp: QpCover | None
    rhythm: Rhythm
    calendar_confirmed_on: date | None
    calendar_clock_stopped_days: int
    legal_confirmed_on: date | None
    starts: tuple[StartsStatement, ...]
    limits: tuple[Limit, ...]
    sites: tuple[Site, ...]
    invented: bool = False
    qc_contracted: frozenset[str] = frozenset()
    qc_unclear: frozenset[str] = frozenset()
    qc_days: tuple[tuple[str, int], ...] = ()
