"""Sites, suites and equipment."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from api.schemas.fields import Code, Country, Day, Label, Latitude, Longitude, Reason, Sent, Shown
from registry.services.premises import EquipmentFacts, SiteFacts, SuiteFacts
from registry.vocabulary.facilities import Grade, PlaceKind
from registry.vocabulary.products import WorkingMode

Days = Annotated[int, Field(ge=0, le=366)]


class SiteBody(Sent):
    """An address with an OMS location; degrees (WGS 84), city level. A change needs a reason."""

    code: Code
    country: Country
    address: Label | None = None
    city: Label | None = None
    oms_loc_id: Annotated[str, StringConstraints(pattern=r"^LOC-[0-9]{9}$")] | None = None
    nuts: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}[0-9A-Z]{1,3}$")] | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    time_zone: Code | Annotated[str, StringConstraints(pattern=r"^[A-Za-z_]+/[A-Za-z_/]{1,40}$")] | None = None
    holiday_region: Code | None = None
    reason: Reason = ""

    def facts(self) -> SiteFacts:
        """The same for the registry."""
        return SiteFacts(**self.model_dump(exclude={"reason"}))


class SiteFull(Shown):
    """An address of a facility."""

    id: UUID
    facility_id: UUID
    code: str
    country: str
    address: str | None
    city: str | None
    oms_loc_id: str | None
    nuts: str | None
    latitude: float | None
    longitude: float | None
    time_zone: str | None
    holiday_region: str | None
    version: int
    actions: list[str] = Field(default_factory=list, description="What you may do with it now.")


class SuiteBody(Sent):
    """Rooms used as one: `places` stays fit at a time, a place being what is really held."""

    code: Code
    name: Label
    places: Annotated[int, Field(ge=1, le=1000)]
    place_kind: PlaceKind
    one_product: bool
    grade: Grade | None = None
    mode: WorkingMode | None = None
    containment_class: Annotated[int, Field(ge=1, le=4)] | None = None
    vector_work: bool | None = None
    clearance_days: Days = 0
    changeover_days: Days = 0
    start_weekdays: Annotated[tuple[Annotated[int, Field(ge=1, le=7)], ...], Field(max_length=7)] = ()
    reason: Reason = ""

    def facts(self) -> SuiteFacts:
        """The same for the registry."""
        return SuiteFacts(**self.model_dump(exclude={"reason"}))


class SuiteFull(Shown):
    """A suite of a facility."""

    id: UUID
    facility_id: UUID
    site_id: UUID
    code: str
    name: str
    places: int
    place_kind: PlaceKind
    one_product: bool
    grade: Grade | None
    mode: WorkingMode | None
    containment_class: int | None
    vector_work: bool | None
    clearance_days: int
    changeover_days: int
    start_weekdays: list[int]
    confirmed_on: date | None
    version: int
    actions: list[str] = Field(default_factory=list, description="What you may do with it now.")


class SuiteConfirmation(Sent):
    """Every suite is as it was shown."""

    reason: Reason = ""


class EquipmentBody(Sent):
    """Devices of one vocabulary class; `qualified_until` is the first day without qualification."""

    equipment_class: Code
    count: Annotated[int, Field(ge=0, le=1000)]
    qualified_until: Day | None = None
    reason: Reason = ""

    def facts(self) -> EquipmentFacts:
        """The same for the registry."""
        return EquipmentFacts(**self.model_dump(exclude={"reason"}))


class EquipmentFull(Shown):
    """Devices in a suite."""

    id: UUID
    facility_id: UUID
    suite_id: UUID
    equipment_class: str
    count: int
    qualified_until: date | None
    version: int
    actions: list[str] = Field(default_factory=list, description="What you may do with it now.")
