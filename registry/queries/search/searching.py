"""The search: read what the searcher may see, narrow it, count it, rank it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from registry.access.subject import Subject
from registry.queries.search.answer import Count, Found, FoundFacility, Key
from registry.queries.search.assembling import assembled, freshness_of_lines
from registry.queries.search.columns import SEPARATOR, Columns, Mask
from registry.queries.search.filters import NO_FILTERS, Facet, Filters, Near, check_filters
from registry.queries.search.free_starts import free_starts
from registry.queries.search.places import distances_km
from registry.queries.search.ranking import rank, reasons
from registry.queries.search.reach import Reach, check_reach, knowledge_of, limited
from registry.queries.search.reading import FACTS_COUNTED, Asking, Line, read_lines, read_sites
from registry.queries.search.words import scores
from registry.vocabulary.facilities import Freshness, ServiceModel
from registry.vocabulary.lifecycle import DataSet, Publication

DEFAULT_LIMIT = 20


@dataclass(frozen=True, slots=True)
class _Measured:
    """What was measured of every facility, by position; `left` are those that text, place and free starts leave."""

    left: Mask
    likeness: NDArray[np.int64] | None
    kilometres: NDArray[np.float64] | None
    free: Mapping[str, int] | None


def search(
    session: Session,
    subject: Subject,
    data_set: DataSet,
    filters: Filters = NO_FILTERS,
    *,
    today: date | None = None,
    after: Key | None = None,
    limit: int = DEFAULT_LIMIT,
) -> Found:
    """Return the facilities of one data set that the subject may see and that meet every filter, ranked, in pages.

    Filters on what the subject may not know are refused, all of them named, and never left out in silence; where it
    may know them of its own facilities only, only those can be found, and `limited` says so. `today` (default: the day
    in UTC) decides freshness and which licences are valid. Errors: SearchRefusedError, NotAllowedError.
    """
    check_filters(filters)
    known = knowledge_of(session, subject, data_set)
    check_reach(known, filters)
    asking = Asking(session, subject, data_set, today or datetime.now(UTC).date())
    lines = read_lines(asking)
    freshness = freshness_of_lines(asking, lines, clocks=known.inside is not Reach.NONE)
    columns = assembled(asking, lines, freshness, known)
    measured = _measured(asking, lines, filters)
    met = measured.left & columns.meeting(filters)
    ranked = _ranked(lines, freshness, measured, met)
    page = [entry for entry in ranked if after is None or entry[0] > after][: limit + 1]
    return Found(
        data_set=data_set,
        total=len(ranked),
        facilities=tuple(
            _found(asking, lines[place], key, freshness[place], filters, measured.free) for key, place in page[:limit]
        ),
        counts=_counts(columns, filters, measured.left),
        next=page[limit - 1][0] if len(page) > limit else None,
        limited=limited(known, filters),
    )


def _measured(asking: Asking, lines: Sequence[Line], filters: Filters) -> _Measured:
    left = np.ones(len(lines), dtype=np.bool_)
    likeness = kilometres = free = None
    sites = read_sites(asking) if filters.text is not None or filters.near is not None else ()
    if filters.text is not None:
        cities: defaultdict[str, list[str]] = defaultdict(list)
        for facility, city, _, _ in sites:
            if city is not None:
                cities[facility].append(city)
        texts = [(line.name, line.organisation, line.city or "", *cities.get(line.id, ())) for line in lines]
        likeness = scores(filters.text, texts)
        left &= likeness > 0
    if filters.near is not None:
        places = [
            (facility, north, east) for facility, _, north, east in sites if north is not None and east is not None
        ]
        kilometres = nearest_km(filters.near, lines, places)
        if filters.near.within_km is not None:
            left &= kilometres <= filters.near.within_km
    if filters.free_starts is not None:
        free = free_starts(asking, filters.free_starts)
        fewest = filters.free_starts.at_least
        left &= np.fromiter((free.get(line.id, 0) >= fewest for line in lines), dtype=np.bool_, count=len(lines))
    return _Measured(left, likeness, kilometres, free)


def nearest_km(near: Near, lines: Sequence[Line], places: Sequence[tuple[str, float, float]]) -> NDArray[np.float64]:
    """Return the distance to the nearest site of each facility, infinite where no place is recorded."""
    nearest = np.full(len(lines), np.inf)
    if places:
        at = {line.id: place for place, line in enumerate(lines)}
        facilities, norths, easts = zip(*places, strict=True)
        distances = distances_km(near.latitude, near.longitude, np.array(norths), np.array(easts))
        np.minimum.at(nearest, np.array([at[facility] for facility in facilities]), distances)
    return nearest


def _ranked(
    lines: Sequence[Line], freshness: Sequence[Freshness], measured: _Measured, met: Mask
) -> list[tuple[Key, int]]:
    keys = []
    for place in np.flatnonzero(met).tolist():
        likeness = None if measured.likeness is None else int(measured.likeness[place])
        distance = None if measured.kilometres is None else float(measured.kilometres[place])
        known = distance if distance is not None and np.isfinite(distance) else None
        near = measured.kilometres is not None
        keys.append((rank(lines[place], likeness, known, freshness[place], near=near), place))
    return sorted(keys)


def _counts(columns: Columns, filters: Filters, left: Mask) -> dict[Facet, tuple[Count, ...]]:
    counts: defaultdict[Facet, list[Count]] = defaultdict(list)
    for facet, value, found in columns.counts(filters, left):
        if found or value in filters.chosen(facet):
            counts[facet].append(Count(value, found))
    return {facet: tuple(counts[facet]) for facet in Facet if facet in counts}


def _found(
    asking: Asking,
    line: Line,
    key: Key,
    freshness: Freshness,
    filters: Filters,
    free: Mapping[str, int] | None,
) -> FoundFacility:
    near = filters.near is not None
    starts = None if free is None else free.get(line.id, 0)
    return FoundFacility(
        id=UUID(line.id),
        name=line.name,
        organisation=line.organisation,
        country=line.country,
        city=line.city,
        service_model=ServiceModel(line.service_model),
        publication=Publication(line.publication),
        product_classes=tuple(filter(None, line.product_classes.split(SEPARATOR))),
        freshness=freshness,
        confirmed_on=line.confirmed_on,
        distance_km=key.metres / 1000 if near and key.placed() else None,
        likeness=None if filters.text is None else 100 - key.unlike,
        complete_percent=100 * line.facts // FACTS_COUNTED,
        free_starts=starts,
        reasons=reasons(line, key, freshness, text=filters.text, near=near, today=asking.today, free=starts),
    )
