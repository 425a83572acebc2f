"""The search: read what the searcher may see, narrow it, count it, rank it."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from registry.access.subject import Subject
from registry.queries.search.answer import Count, Found, FoundFacility, Key
from registry.queries.search.asking import Asking
from registry.queries.search.assembling import STATES, assembled, public_level, staleness_of
from registry.queries.search.cells import SEPARATOR
from registry.queries.search.columns import Columns, Mask
from registry.queries.search.filters import NO_FILTERS, Facet, Filters, check_filters
from registry.queries.search.gathering import gather, gather_deeper
from registry.queries.search.keys import which
from registry.queries.search.lines import FACTS_COUNTED, NEVER, read_lines
from registry.queries.search.measuring import Measured, measured
from registry.queries.search.ranking import Ranking, ranking, reasons
from registry.queries.search.reach import Reach, check_reach, knowledge_of, limited, most_knowledge
from registry.vocabulary.facilities import ServiceModel
from registry.vocabulary.lifecycle import DataSet, Publication

DEFAULT_LIMIT = 20


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
    asking = Asking(session, subject, data_set, today or datetime.now(UTC).date())
    most = most_knowledge(subject)
    check_reach(most, filters)
    gather(asking, filters, most)
    lines = read_lines(asking)
    own = which(lines.owners, subject.organisations)
    known = knowledge_of(subject, owns=bool(own.any()))
    check_reach(known, filters)
    staleness = staleness_of(asking, lines, known)
    public = public_level(lines, staleness)
    numbers = measured(asking, lines, filters, public.rows_sure(filters, np.ones(len(lines.index), dtype=np.bool_)))
    narrowed = gather_deeper(asking, filters, known, lines.index, numbers.left)
    columns = assembled(asking, lines, public, known, narrowed=narrowed)
    ranks = ranking(lines, staleness, numbers.likeness, numbers.kilometres)
    sequence = ranks.sequence(numbers.left & columns.meeting(filters))
    page = ranks.after(sequence, after)[: limit + 1]
    return Found(
        data_set=data_set,
        total=len(sequence),
        facilities=tuple(
            _found(asking, ranks, place, filters, numbers, inside=known.inside is Reach.ALL or bool(own[place]))
            for place in page[:limit]
        ),
        counts=_counts(columns, filters, numbers.left),
        next=ranks.key(page[limit - 1]) if len(page) > limit else None,
        limited=limited(known, filters),
    )


def _counts(columns: Columns, filters: Filters, left: Mask) -> dict[Facet, tuple[Count, ...]]:
    counts: defaultdict[Facet, list[Count]] = defaultdict(list)
    for facet, value, found in columns.counts(filters, left):
        if found or value in filters.chosen(facet):
            counts[facet].append(Count(value, found))
    return {facet: tuple(counts[facet]) for facet in Facet if facet in counts}


def _found(
    asking: Asking, ranks: Ranking, place: int, filters: Filters, numbers: Measured, *, inside: bool
) -> FoundFacility:
    lines, key = ranks.lines, ranks.key(place)
    freshness = STATES[key.staleness]
    age = int(lines.ages[place]) if inside and lines.ages[place] != NEVER else None
    near = filters.near is not None
    free = None if numbers.free is None else int(numbers.free[place])
    return FoundFacility(
        id=UUID(key.id),
        name=key.name,
        organisation=lines.organisations[place],
        country=lines.countries[place],
        city=lines.cities[place] or None,
        service_model=ServiceModel(lines.service_models[place]),
        publication=Publication(lines.publications[place]),
        product_classes=tuple(filter(None, lines.product_classes[place].split(SEPARATOR))),
        freshness=freshness,
        confirmed_on=None if age is None else asking.today - timedelta(days=age),
        distance_km=key.metres / 1000 if near and key.placed() else None,
        likeness=None if filters.text is None else 100 - key.unlike,
        complete_percent=100 * (FACTS_COUNTED - key.missing) // FACTS_COUNTED,
        free_starts=free,
        reasons=reasons(key, freshness, age, inside=inside, text=filters.text, near=near, free=free),
    )
