"""What a search answers: facilities in their rank with the reasons for it, counts, and where the next page begins."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import date
from uuid import UUID

from registry.queries.search.filters import Facet
from registry.vocabulary.facilities import Freshness, ServiceModel
from registry.vocabulary.lifecycle import DataSet, Publication

NO_PLACE = 10**8
"""Metres written for a facility without a recorded place: after every other."""


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """The place of a facility in the ranking, smallest first; a page goes on after the key of the last one before."""

    unlike: int
    """100 less the likeness of the text asked for."""
    distance_step: int
    """Distance in steps of 50 km, so that nearness a truck does not notice leaves the word to freshness."""
    staleness: int
    missing: int
    """Public facts that are not recorded."""
    metres: int
    name: str
    id: str

    def placed(self) -> bool:
        """Whether a place is recorded, where distance was asked for."""
        return self.metres < NO_PLACE

    def parts(self) -> tuple[str, ...]:
        """Return the key as words, for a cursor."""
        return tuple(str(part) for part in astuple(self))


@dataclass(frozen=True, slots=True)
class FoundFacility:
    """A facility that meets every filter.

    `distance_km` to its nearest site; `likeness` of the text, 1 to 100; `complete_percent` of the public facts;
    `confirmed_on` only for overseers and the facility's own people, others learn the state; `free_starts` only where
    asked for, and so known to the searcher. None = not asked, not told or not recorded.
    """

    id: UUID
    name: str
    organisation: str
    country: str
    city: str | None
    service_model: ServiceModel
    publication: Publication
    product_classes: tuple[str, ...]
    freshness: Freshness
    confirmed_on: date | None
    distance_km: float | None
    likeness: int | None
    complete_percent: int
    free_starts: int | None
    reasons: tuple[str, ...]
    """Why it stands where it stands, the strongest first."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many facilities would be found if a value were chosen, everything else staying as it is."""

    value: str
    facilities: int


@dataclass(frozen=True, slots=True)
class Found:
    """One page of an answer; `limited` names the filters that looked only at the searcher's own facilities."""

    data_set: DataSet
    total: int
    facilities: tuple[FoundFacility, ...]
    counts: Mapping[Facet, tuple[Count, ...]]
    next: Key | None
    limited: tuple[str, ...]


def read_key(parts: tuple[str, ...]) -> Key | None:
    """Return the key of these words, None when they are none."""
    try:
        unlike, step, staleness, missing, metres, name, record = parts
        return Key(int(unlike), int(step), int(staleness), int(missing), int(metres), name, str(UUID(record)))
    except ValueError:
        return None
