"""What is measured of every facility: likeness of the text, distance, free starts."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from registry.queries.search.asking import Asking
from registry.queries.search.cells import positions
from registry.queries.search.columns import Mask
from registry.queries.search.filters import Filters, Near
from registry.queries.search.free_starts import free_starts
from registry.queries.search.lines import Lines
from registry.queries.search.places import distances_km
from registry.queries.search.reading import Sites, read_sites
from registry.queries.search.words import scores


@dataclass(frozen=True, slots=True)
class Measured:
    """Numbers by position, None where not asked for; `left` are the facilities that text, place and free starts leave."""

    left: Mask
    likeness: NDArray[np.int64] | None = None
    kilometres: NDArray[np.float64] | None = None
    free: NDArray[np.int64] | None = None


def measured(asking: Asking, lines: Lines, filters: Filters, sure: Mask) -> Measured:
    """Measure what the filters ask for; texts only of the facilities that are `sure` to be counted at all."""
    left = sure.copy()
    likeness = kilometres = free = None
    if filters.text is not None:
        likeness = np.zeros(len(lines.ids), dtype=np.int64)
        texts = texts_of(lines, read_sites(asking), np.flatnonzero(sure).tolist())
        likeness[sure] = scores(filters.text, texts)
        left &= likeness > 0
    if filters.near is not None:
        kilometres = nearest_km(filters.near, lines, read_sites(asking))
        if filters.near.within_km is not None:
            left &= kilometres <= filters.near.within_km
    if filters.free_starts is not None:
        free = free_starts(asking, filters.free_starts, lines.at)
        left &= free >= filters.free_starts.at_least
    return Measured(left, likeness, kilometres, free)


def texts_of(lines: Lines, sites: Sites, places: Sequence[int]) -> list[tuple[str, ...]]:
    """Return what is searched for words of the facilities at these places: name, organisation and every city."""
    more: defaultdict[str, list[str]] = defaultdict(list)
    for facility, city in zip(sites.facilities, sites.cities, strict=True):
        if city:
            more[facility].append(city)
    return [
        (lines.names[place], lines.organisations[place], lines.cities[place], *more.get(lines.ids[place], ()))
        for place in places
    ]


def nearest_km(near: Near, lines: Lines, sites: Sites) -> NDArray[np.float64]:
    """Return the distance to the nearest site of each facility, infinite where no place is recorded."""
    nobody = len(lines.ids)
    distances = distances_km(near.latitude, near.longitude, sites.latitudes, sites.longitudes)
    nearest = np.full(nobody + 1, np.inf)
    np.fmin.at(nearest, positions(lines.at, sites.facilities), distances)
    return nearest[:nobody]
