"""A search over facilities: the parameters it takes, and a page of what it finds."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.schemas.fields import Code, Day, Latitude, Longitude, Shown
from api.schemas.problem import FieldFault
from registry.queries.search import Filters, FreeStarts, Near
from registry.queries.search.filters import FARTHEST_KM, LONGEST_TEXT
from registry.vocabulary.facilities import Freshness, Grade, ServiceModel
from registry.vocabulary.lifecycle import DataSet, Publication
from registry.vocabulary.products import WorkingMode
from registry.vocabulary.regulation import AuthorisationKind

PARAMETERS = {
    "text": "q",
    "product_classes": "product_class",
    "families": "family",
    "grades": "grade",
    "modes": "mode",
    "licence_kinds": "licence_kind",
    "scope_codes": "scope_code",
    "languages": "language",
    "service_models": "service_model",
    "countries": "country",
    "publications": "publication",
}
"""Filters that a parameter stands for under another name."""


def parameter_faults(details: Iterable[str]) -> list[FieldFault]:
    """Return faults of filters, "filter: what is wrong", as those of the parameters they came in."""
    named = (detail.partition(": ") for detail in details)
    return [FieldFault(where=f"query.{PARAMETERS.get(name, name)}", what=what) for name, _, what in named]


def _said(words: str, most: int = 30) -> Any:
    """A filter that may be repeated, with what it does."""
    return Field(default_factory=list, max_length=most, description=words)


class SearchAsked(BaseModel):
    """What a search is narrowed to; every filter may be left out, those with many values are repeated."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    q: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEXT, pattern=r"^[^\x00]+$")] | None = Field(
        None, description="Words of name, organisation or city; typing errors are forgiven."
    )
    latitude: Latitude | None = Field(None, description="Degrees; with longitude: sort by distance from here.")
    longitude: Longitude | None = None
    within_km: Annotated[float, Field(gt=0, le=FARTHEST_KM)] | None = Field(
        None, description="At most so far from the place, on a great circle."
    )
    product_class: list[Code] = _said("Makes all of these classes.")
    family: list[Code] = _said("Accepts all of these process families.")
    experience: list[Code] = _said("Has made all of these families; for developers and overseers.")
    grade: list[Grade] = _said("One suite has one of these grades; for overseers, others among their own.")
    mode: list[WorkingMode] = _said("The same suite has one of these modes; the same.")
    equipment: list[Code] = _said("The same suite has all of these, qualified; the same.")
    licence_kind: list[AuthorisationKind] = _said("One valid licence is of one of these kinds; as experience.")
    scope_code: list[Code] = _said("The same licence covers all of these operations; as experience.")
    language: list[Code] = _said("Speaks all of these languages.")
    service_model: list[ServiceModel] = _said("One of these.")
    country: list[Code] = _said("One of these, as they are shown (in a rehearsal it may be a region).")
    freshness: list[Freshness] = _said("The calendar is in one of these states.")
    publication: list[Publication] = _said("One of these.")
    free_from: Day | None = Field(None, description="With free_to: starts are free in the whole weeks of this period.")
    free_to: Day | None = Field(None, description="The first day after the period.")
    free_starts: Annotated[int, Field(ge=1, le=10_000)] = Field(1, description="At least so many.")
    platform: Code | None = Field(None, description="Free starts on this platform only.")
    directory: bool = Field(False, description="Search the public, unverified directory instead.")
    limit: Annotated[int, Field(ge=1, le=200)] = Field(20, description="Facilities on a page.")
    cursor: Annotated[str, StringConstraints(max_length=2000)] | None = Field(
        None, description="Where to go on: take it from the Link header."
    )

    def half_said(self) -> dict[str, str]:
        """Return which parameters need another one, and which."""
        faults = {}
        if (self.latitude is None) != (self.longitude is None):
            faults["longitude" if self.longitude is None else "latitude"] = "is missing; give both or none"
        if self.within_km is not None and self.latitude is None:
            faults["within_km"] = "needs latitude and longitude to measure from"
        period = self.free_from is not None and self.free_to is not None
        if not period and (self.free_from or self.free_to or self.platform or self.free_starts != 1):
            ends = {"free_from": self.free_from, "free_to": self.free_to}
            said = "is missing; free starts need both free_from and free_to"
            faults |= {name: said for name, day in ends.items() if day is None}
        return faults

    def filters(self) -> Filters:
        """The same for the registry."""
        near, free = None, None
        if self.latitude is not None and self.longitude is not None:
            near = Near(self.latitude, self.longitude, self.within_km)
        if self.free_from is not None and self.free_to is not None:
            free = FreeStarts(self.free_from, self.free_to, self.free_starts, self.platform)
        return Filters(
            text=self.q,
            near=near,
            product_classes=frozenset(self.product_class),
            families=frozenset(self.family),
            experience=frozenset(self.experience),
            grades=frozenset(self.grade),
            modes=frozenset(self.mode),
            licence_kinds=frozenset(self.licence_kind),
            scope_codes=frozenset(self.scope_code),
            equipment=frozenset(self.equipment),
            languages=frozenset(self.language),
            service_models=frozenset(self.service_model),
            countries=frozenset(self.country),
            freshness=frozenset(self.freshness),
            publications=frozenset(self.publication),
            free_starts=free,
        )


class FoundFacility(Shown):
    """A facility that meets every filter, with the reasons for its rank; null = not asked, or not recorded."""

    id: UUID
    name: str
    organisation: str
    country: str
    city: str | None
    service_model: ServiceModel
    publication: Publication
    product_classes: list[str]
    freshness: Freshness
    confirmed_on: date | None
    distance_km: float | None
    likeness: int | None
    complete_percent: int
    free_starts: int | None
    reasons: list[str]


class Count(Shown):
    """How many facilities would be found if a value were chosen, everything else staying as it is."""

    value: str
    facilities: int


class SearchPage(BaseModel):
    """A page of what was found; `limited` names the filters that looked only at the caller's own facilities."""

    data_set: DataSet
    total: int
    limited: list[str]
    counts: dict[str, list[Count]]
    items: list[FoundFacility]
