"""What a search may be narrowed to, and what is wrong with a search that cannot be answered."""

import math
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from registry.errors import DomainError
from registry.vocabulary.facilities import Freshness, Grade, ServiceModel
from registry.vocabulary.lifecycle import Publication
from registry.vocabulary.products import WorkingMode
from registry.vocabulary.regulation import AuthorisationKind

LONGEST_TEXT = 80
LONGEST_PERIOD = timedelta(weeks=104)
FARTHEST_KM = 20_100.0
"""Half a great circle of the Earth: no place is farther from another."""


class SearchRefusedError(DomainError):
    """The search cannot be answered as it is asked; `details` name every fault."""

    code = "invalid-input"


class Facet(StrEnum):
    """A filter whose values are counted; the word is the field of `Filters`."""

    PRODUCT_CLASSES = "product_classes"
    FAMILIES = "families"
    EXPERIENCE = "experience"
    GRADES = "grades"
    MODES = "modes"
    LICENCE_KINDS = "licence_kinds"
    SCOPE_CODES = "scope_codes"
    EQUIPMENT = "equipment"
    LANGUAGES = "languages"
    SERVICE_MODELS = "service_models"
    COUNTRIES = "countries"
    FRESHNESS = "freshness"
    PUBLICATIONS = "publications"


ONE_OF = frozenset(
    {
        Facet.GRADES,
        Facet.MODES,
        Facet.LICENCE_KINDS,
        Facet.SERVICE_MODELS,
        Facet.COUNTRIES,
        Facet.FRESHNESS,
        Facet.PUBLICATIONS,
    }
)
"""Facts with one value: it must be one of the chosen. All other facts have many values and must hold all the chosen."""


@dataclass(frozen=True, slots=True)
class Near:
    """A point (degrees, WGS 84) and, where there is a limit, the farthest great-circle distance from it in kilometres."""

    latitude: float
    longitude: float
    within_km: float | None = None


@dataclass(frozen=True, slots=True)
class FreeStarts:
    """At least so many starts free in the whole weeks of a period, `first` (in) to `end` (out); platform None = any."""

    first: date
    end: date
    at_least: int = 1
    platform: str | None = None


@dataclass(frozen=True, slots=True)
class Filters:
    """What must hold of a facility; an empty set and None narrow nothing.

    `families` are those it accepts, `experience` those it has made. Grade, mode and equipment must meet in one suite;
    licence kind and scope codes in one authorisation that is valid on the day of the search. In a rehearsal
    `countries` are the words facilities are shown by, which may be regions.
    """

    text: str | None = None
    near: Near | None = None
    product_classes: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()
    experience: frozenset[str] = frozenset()
    grades: frozenset[Grade] = frozenset()
    modes: frozenset[WorkingMode] = frozenset()
    licence_kinds: frozenset[AuthorisationKind] = frozenset()
    scope_codes: frozenset[str] = frozenset()
    equipment: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    service_models: frozenset[ServiceModel] = frozenset()
    countries: frozenset[str] = frozenset()
    freshness: frozenset[Freshness] = frozenset()
    publications: frozenset[Publication] = frozenset()
    free_starts: FreeStarts | None = None

    def chosen(self, facet: Facet) -> frozenset[str]:
        """Return the chosen values of a filter."""
        values: frozenset[str] = getattr(self, facet.value)
        return values


NO_FILTERS = Filters()


def check_filters(filters: Filters) -> None:
    """Refuse a search that cannot be meant, naming every fault."""
    faults = [*_text_faults(filters.text), *_place_faults(filters.near), *_period_faults(filters.free_starts)]
    if faults:
        raise SearchRefusedError("The search cannot be answered.", "Correct what is named here.", faults)


def _text_faults(text: str | None) -> list[str]:
    if text is None or (len(text) <= LONGEST_TEXT and any(map(str.isalnum, text))):
        return []
    return [f"text: {len(text)} characters; 1 to {LONGEST_TEXT} with a letter or a figure among them are read."]


def _place_faults(near: Near | None) -> list[str]:
    if near is None:
        return []
    faults = []
    if not -90 <= near.latitude <= 90:
        faults.append(f"latitude: {near.latitude} is not between -90 and 90 degrees.")
    if not -180 <= near.longitude <= 180:
        faults.append(f"longitude: {near.longitude} is not between -180 and 180 degrees.")
    if near.within_km is not None and not (math.isfinite(near.within_km) and 0 < near.within_km <= FARTHEST_KM):
        faults.append(f"within_km: {near.within_km} is not more than 0 and at most {FARTHEST_KM:.0f} km.")
    return faults


def _period_faults(asked: FreeStarts | None) -> list[str]:
    if asked is None:
        return []
    faults = []
    if not timedelta() < asked.end - asked.first <= LONGEST_PERIOD:
        faults.append(f"free_from: from {asked.first} to {asked.end} is not a period of at most two years.")
    if asked.at_least < 1:
        faults.append(f"free_starts: at least {asked.at_least} narrows nothing; ask for 1 or more.")
    return faults
