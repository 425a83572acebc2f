"""What is measured of every facility: likeness of the text, distance, free starts."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from registry.queries.search.asking import Asking, answer
from registry.queries.search.cells import Integers, Keys, Reals
from registry.queries.search.columns import Mask
from registry.queries.search.filters import Filters, Near
from registry.queries.search.free_starts import free_starts
from registry.queries.search.keys import Index
from registry.queries.search.lines import Lines
from registry.queries.search.places import distances_km
from registry.queries.search.reading import CITIES, PLACES
from registry.queries.search.words import scores


@dataclass(frozen=True, slots=True)
class Measured:
    """Numbers by position, None where not asked for; `left` are the facilities that text, place and free starts leave."""

    left: Mask
    likeness: Integers | None = None
    kilometres: Reals | None = None
    free: Integers | None = None


def measured(asking: Asking, lines: Lines, filters: Filters, sure: Mask) -> Measured:
    """Measure what the filters ask for; texts only of the facilities that are `sure` to be counted at all."""
    left = sure.copy()
    likeness = kilometres = free = None
    if filters.text is not None:
        likeness = np.zeros(len(lines.index), dtype=np.int64)
        texts = texts_of(lines, np.flatnonzero(sure).tolist(), *answer(asking, CITIES))
        likeness[sure] = scores(filters.text, texts)
        left &= likeness > 0
    if filters.near is not None:
        kilometres = nearest_km(filters.near, lines.index, *answer(asking, PLACES))
        if filters.near.within_km is not None:
            left &= kilometres <= filters.near.within_km
    if filters.free_starts is not None:
        free = free_starts(asking, filters.free_starts, lines.index)
        left &= free >= filters.free_starts.at_least
    return Measured(left, likeness, kilometres, free)


def texts_of(lines: Lines, places: Sequence[int], facilities: Keys, cities: Sequence[str]) -> list[tuple[str, ...]]:
    """Return what is searched for words of the facilities at these places: name, organisation and every city.

    `facilities` are those of the sites whose cities are given.
    """
    more: defaultdict[int, list[str]] = defaultdict(list)
    for place, city in zip(lines.index.of(facilities).tolist(), cities, strict=True):
        more[place].append(city)
    return [
        (lines.names[place], lines.organisations[place], lines.cities[place], *more.get(place, ())) for place in places
    ]


def nearest_km(near: Near, index: Index, facilities: Keys, latitudes: Reals, longitudes: Reals) -> Reals:
    """Return the distance to the nearest site of each facility, infinite where no place is recorded."""
    distances = distances_km(near.latitude, near.longitude, latitudes, longitudes)
    nearest = np.full(index.nobody + 1, np.inf)
    np.minimum.at(nearest, index.of(facilities), np.nan_to_num(distances, nan=np.inf))
    return nearest[: index.nobody]
