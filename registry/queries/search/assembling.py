"""From rows to columns: the facts of facilities, suites and authorisations, as far as the searcher may know them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

import numpy as np

from registry.models import Closure
from registry.queries.closed_days import stopped_days
from registry.queries.search.columns import Column, Columns, Level
from registry.queries.search.filters import Facet
from registry.queries.search.reach import Knowledge, Reach
from registry.queries.search.reading import (
    ANY_FAMILY,
    Asking,
    Line,
    read_closures,
    read_experience,
    read_licences,
    read_suites,
)
from registry.vocabulary.facilities import Freshness, Rhythm, freshness_of


def assembled(asking: Asking, lines: Sequence[Line], freshness: Sequence[Freshness], known: Knowledge) -> Columns:
    """Return the columns a searcher may search by; what may not be known is not read."""
    at = {line.id: place for place, line in enumerate(lines)}
    facts = {
        Facet.PRODUCT_CLASSES: Column(line.product_classes for line in lines),
        Facet.FAMILIES: Column((line.families for line in lines), every=ANY_FAMILY),
        Facet.LANGUAGES: Column(line.languages for line in lines),
        Facet.SERVICE_MODELS: Column(line.service_model for line in lines),
        Facet.COUNTRIES: Column(line.country for line in lines),
        Facet.FRESHNESS: Column(state.value for state in freshness),
        Facet.PUBLICATIONS: Column(line.publication for line in lines),
    }
    levels = []
    if known.shown is not Reach.NONE:
        made = {row[0]: row[1] for row in read_experience(asking)}
        facts[Facet.EXPERIENCE] = Column(made.get(line.id) for line in lines)
        licences = [(facility, (kind, codes)) for facility, kind, codes in read_licences(asking)]
        levels.append(_level(at, (Facet.LICENCE_KINDS, Facet.SCOPE_CODES), licences))
    if known.inside is not Reach.NONE:
        suites = [(facility, (grade, mode, classes)) for facility, grade, mode, classes in read_suites(asking)]
        levels.append(_level(at, (Facet.GRADES, Facet.MODES, Facet.EQUIPMENT), suites))
    return Columns(len(lines), (Level(np.arange(len(lines)), facts), *levels))


def _level(at: Mapping[str, int], names: Sequence[Facet], rows: Sequence[tuple[str, tuple[str | None, ...]]]) -> Level:
    """Rows of a facility and one fact a name; rows of facilities outside the data set are left out."""
    owned = [(at[facility], facts) for facility, facts in rows if facility in at]
    owners = np.fromiter((owner for owner, _ in owned), dtype=np.int64, count=len(owned))
    return Level(owners, {name: Column(facts[place] for _, facts in owned) for place, name in enumerate(names)})


def freshness_of_lines(asking: Asking, lines: Sequence[Line], *, clocks: bool) -> list[Freshness]:
    """Return how current each calendar is; closures stop the clock as far as the searcher may see them (`clocks`).

    To others a calendar is as old as its confirmation: a state that knew of closures would tell of them.
    """
    states = [_freshness(asking, line, 0) for line in lines]
    if not clocks or all(state is Freshness.CURRENT for state in states):
        return states
    closures: defaultdict[UUID, list[Closure]] = defaultdict(list)
    for closure in read_closures(asking):
        closures[closure.facility_id].append(closure)
    shut = {str(facility): rows for facility, rows in closures.items()}
    for place, (line, state) in enumerate(zip(lines, states, strict=True)):
        if state is not Freshness.CURRENT and line.id in shut:
            states[place] = _freshness(asking, line, stopped_days(shut[line.id], line.confirmed_on, asking.today))
    return states


def _freshness(asking: Asking, line: Line, stopped: int) -> Freshness:
    if line.confirmed_on is None:
        return Freshness.EXCLUDED
    return freshness_of(Rhythm(line.rhythm), (asking.today - line.confirmed_on).days - stopped)
