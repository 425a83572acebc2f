"""The facts of premises as people give them, how they came, and what can be wrong with them."""

import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import available_timezones

from registry.vocabulary.countries import country_fault, holiday_region_fault
from registry.vocabulary.facilities import Grade, PlaceKind, Rhythm, ServiceModel
from registry.vocabulary.identifiers import nuts_fault, oms_location_fault
from registry.vocabulary.lifecycle import FacilityStatus, Source
from registry.vocabulary.products import ProductClass, WorkingMode

LANGUAGE = re.compile(r"[a-z]{2}")
CLASSES = tuple(one.value for one in ProductClass)
_CLASSES = ", ".join(CLASSES)


@dataclass(frozen=True, slots=True)
class FacilityFacts:
    """Whom a facility serves and what it accepts; `families` None = any process family, empty = none.

    `parent_id` names the control facility above a unit of the same organisation.
    """

    code: str
    name: str
    kind: str
    country: str
    city: str | None = None
    status: FacilityStatus = FacilityStatus.OPERATING
    parent_id: UUID | None = None
    service_model: ServiceModel = ServiceModel.UNKNOWN
    product_classes: tuple[str, ...] = ()
    families: tuple[str, ...] | None = None
    smallest_campaign: int | None = None
    largest_campaign: int | None = None
    notice_days: int | None = None
    new_products_a_year: int | None = None
    open_to_companies: bool | None = None
    company_share_percent: int | None = None
    languages: tuple[str, ...] = ()
    rhythm: Rhythm = Rhythm.MONTHLY
    source: Source = Source.TYPED
    source_note: str | None = None


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """An address; latitude and longitude in degrees (WGS 84), city level."""

    code: str
    country: str
    address: str | None = None
    city: str | None = None
    oms_loc_id: str | None = None
    nuts: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    time_zone: str | None = None
    holiday_region: str | None = None
    source: Source = Source.TYPED
    source_note: str | None = None


@dataclass(frozen=True, slots=True)
class SuiteFacts:
    """Rooms used as one: `places` stays fit at a time, a place being what is really held; days of clearance and changeover."""

    code: str
    name: str
    places: int
    place_kind: PlaceKind
    one_product: bool
    grade: Grade | None = None
    mode: WorkingMode | None = None
    containment_class: int | None = None
    vector_work: bool | None = None
    clearance_days: int = 0
    changeover_days: int = 0
    start_weekdays: tuple[int, ...] = ()
    source: Source = Source.TYPED
    source_note: str | None = None


@dataclass(frozen=True, slots=True)
class EquipmentFacts:
    """Devices of one vocabulary class; `qualified_until` is the first day without qualification."""

    equipment_class: str
    count: int
    qualified_until: date | None = None
    source: Source = Source.TYPED
    source_note: str | None = None


def facility_faults(facts: FacilityFacts) -> list[str | None]:
    """Return what is wrong with the facts of a facility, None for what is not."""
    country = country_fault(facts.country)
    small, large = facts.smallest_campaign, facts.largest_campaign
    counts = {
        "smallest_campaign": small,
        "largest_campaign": large,
        "notice_days": facts.notice_days,
        "new_products_a_year": facts.new_products_a_year,
    }
    share = facts.company_share_percent
    return [
        None if facts.code.strip() else "code: a facility needs one",
        None if facts.name.strip() else "name: a facility needs one",
        None if facts.kind.strip() else "kind: say what the facility is",
        f"country: {country}" if country else None,
        *(
            f"product_classes/{place}: {word!r} is not one of {_CLASSES}"
            for place, word in enumerate(facts.product_classes)
            if word not in CLASSES
        ),
        *(
            f"languages/{place}: {word!r} is not two small letters (ISO 639-1)"
            for place, word in enumerate(facts.languages)
            if not LANGUAGE.fullmatch(word)
        ),
        *(f"{name}: {count} is below 0" if count is not None and count < 0 else None for name, count in counts.items()),
        "smallest_campaign: is larger than the largest"
        if small is not None and large is not None and small > large
        else None,
        None if share is None or 0 <= share <= 100 else f"company_share_percent: {share} is not between 0 and 100",
    ]


def site_faults(facts: SiteFacts) -> list[str | None]:
    """Return what is wrong with the facts of a site, None for what is not."""
    country = country_fault(facts.country)
    location = facts.oms_loc_id and oms_location_fault(facts.oms_loc_id)
    nuts = facts.nuts and nuts_fault(facts.nuts, facts.country)
    region = facts.holiday_region and holiday_region_fault(facts.holiday_region, facts.country)
    known_zone = facts.time_zone is None or facts.time_zone in available_timezones()
    return [
        None if facts.code.strip() else "code: a site needs one",
        f"country: {country}" if country else None,
        f"oms_loc_id: {location}" if location else None,
        f"nuts: {nuts}" if nuts else None,
        f"holiday_region: {region}" if region else None,
        None if facts.latitude is None or -90 <= facts.latitude <= 90 else "latitude: is not between -90 and 90",
        None if facts.longitude is None or -180 <= facts.longitude <= 180 else "longitude: is not between -180 and 180",
        "longitude: is missing; give both or none" if facts.latitude is not None and facts.longitude is None else None,
        "latitude: is missing; give both or none" if facts.longitude is not None and facts.latitude is None else None,
        None if known_zone else f"time_zone: {facts.time_zone!r} is not in the IANA list",
    ]


def suite_faults(facts: SuiteFacts) -> list[str | None]:
    """Return what is wrong with the facts of a suite, None for what is not."""
    weekdays = set(facts.start_weekdays)
    return [
        None if facts.code.strip() else "code: a suite needs one",
        None if facts.name.strip() else "name: a suite needs one",
        None if facts.places >= 1 else f"places: {facts.places} is not a place",
        None if facts.clearance_days >= 0 else "clearance_days: is below 0",
        None if facts.changeover_days >= 0 else "changeover_days: is below 0",
        None if facts.containment_class in (None, 1, 2, 3, 4) else "containment_class: is not 1 to 4",
        None if weekdays <= set(range(1, 8)) else "start_weekdays: 1 is Monday, 7 is Sunday",
    ]
