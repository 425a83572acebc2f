"""From rows to columns: the facts of facilities, suites and authorisations, as far as the searcher may know them."""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from registry.queries.search.asking import Asking
from registry.queries.search.cells import Integers, positions
from registry.queries.search.closures import days_stopped, read_closures
from registry.queries.search.columns import Column, Columns, Level, listed
from registry.queries.search.filters import Facet
from registry.queries.search.lines import ANY_FAMILY, NEVER, Lines
from registry.queries.search.reach import Knowledge, Reach
from registry.queries.search.reading import Parts, read_experience, read_licences, read_suites
from registry.vocabulary.facilities import Freshness, Rhythm, freshness_of

STATES = list(Freshness)
NAMES = [state.value for state in STATES]


def public_level(lines: Lines, staleness: Integers) -> Level:
    """Return the columns everybody may search by."""
    count = len(lines.ids)
    facts = {
        Facet.PRODUCT_CLASSES: Column(count, *listed(lines.product_classes)),
        Facet.FAMILIES: Column(count, *listed(lines.families), every=ANY_FAMILY),
        Facet.LANGUAGES: Column(count, *listed(lines.languages)),
        Facet.SERVICE_MODELS: Column(count, lines.service_models),
        Facet.COUNTRIES: Column(count, lines.countries),
        Facet.FRESHNESS: Column(count, [NAMES[state] for state in staleness.tolist()]),
        Facet.PUBLICATIONS: Column(count, lines.publications),
    }
    return Level(facts)


def assembled(asking: Asking, lines: Lines, public: Level, known: Knowledge, *, narrowed: bool) -> Columns:
    """Return the columns a searcher may search by; what may not be known is not read.

    `narrowed`: what lies deeper was gathered of some facilities only, and the others count nowhere.
    """
    facts = dict(public.columns)
    levels = []
    if known.shown is not Reach.NONE:
        facilities, families = read_experience(asking, narrowed=narrowed)
        facts[Facet.EXPERIENCE] = Column(len(lines.ids), families, positions(lines.at, facilities))
        licences = read_licences(asking, narrowed=narrowed)
        levels.append(_level(lines.at, licences, Facet.LICENCE_KINDS, under=Facet.SCOPE_CODES))
    if known.inside is not Reach.NONE:
        suites = read_suites(asking, narrowed=narrowed)
        levels.append(_level(lines.at, suites, Facet.GRADES, Facet.MODES, under=Facet.EQUIPMENT))
    return Columns(len(lines.ids), (Level(facts), *levels))


def _level(at: Mapping[str, int], parts: Parts, *names: Facet, under: Facet) -> Level:
    """Facts by name, and what is listed `under` each part; parts of another data set belong to no facility."""
    count = len(parts.keys)
    rows = {key: row for row, key in enumerate(parts.keys)}
    facts = {name: Column(count, values) for name, values in zip(names, parts.facts, strict=True)}
    facts[under] = Column(count, parts.values, positions(rows, parts.parents))
    return Level(facts, positions(at, parts.facilities))


def staleness_of(asking: Asking, lines: Lines, known: Knowledge) -> Integers:
    """Return how stale each calendar is, as the place of its state among those of `Freshness`.

    Closures stop the clock as far as the searcher may see them. To others a calendar is as old as its confirmation: a
    state that knew of closures would tell of them.
    """
    ages = lines.ages.tolist()
    states = [_state(rhythm, age) for rhythm, age in zip(lines.rhythms, ages, strict=True)]
    if known.inside is not Reach.NONE and any(states):
        for facility, closures in read_closures(asking).items():
            place = lines.at.get(facility)
            if place is not None and states[place] and ages[place] != NEVER:
                age = ages[place] - days_stopped(closures, ages[place], asking.today)
                states[place] = _state(lines.rhythms[place], age)
    return np.array(states, dtype=np.int64)


@lru_cache(maxsize=4096)
def _state(rhythm: str, age: int) -> int:
    return STATES.index(Freshness.EXCLUDED if age == NEVER else freshness_of(Rhythm(rhythm), age))
