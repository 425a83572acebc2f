"""From rows to columns: the facts of facilities, suites and authorisations, as far as the searcher may know them."""

from functools import lru_cache

import numpy as np

from registry.queries.search.asking import Asking
from registry.queries.search.cells import Integers
from registry.queries.search.closures import days_stopped, read_closures
from registry.queries.search.columns import Column, Columns, Level, by_group, by_list, by_value
from registry.queries.search.filters import Facet
from registry.queries.search.keys import Index
from registry.queries.search.lines import ANY_FAMILY, NEVER, Lines
from registry.queries.search.reach import Knowledge, Reach
from registry.queries.search.reading import Groups, read_experience, read_licences, read_suites
from registry.vocabulary.facilities import Freshness, Rhythm, freshness_of

STATES = list(Freshness)


def public_level(lines: Lines, staleness: Integers) -> Level:
    """Return the columns everybody may search by."""
    count = len(lines.index)
    states = {state.value: np.flatnonzero(staleness == place) for place, state in enumerate(STATES)}
    facts = {
        Facet.PRODUCT_CLASSES: Column(count, by_list(lines.product_classes)),
        Facet.FAMILIES: Column(count, by_list(lines.families), every=ANY_FAMILY),
        Facet.LANGUAGES: Column(count, by_list(lines.languages)),
        Facet.SERVICE_MODELS: Column(count, by_value(lines.service_models)),
        Facet.COUNTRIES: Column(count, by_value(lines.countries)),
        Facet.FRESHNESS: Column(count, states),
        Facet.PUBLICATIONS: Column(count, by_value(lines.publications)),
    }
    return Level(facts)


def assembled(asking: Asking, lines: Lines, public: Level, known: Knowledge, *, narrowed: bool) -> Columns:
    """Return the columns a searcher may search by; what may not be known is not read.

    `narrowed`: what lies deeper was gathered of some facilities only, and the others count nowhere.
    """
    index = lines.index
    facts = dict(public.columns)
    levels = []
    if known.shown is not Reach.NONE:
        facts[Facet.EXPERIENCE] = _under(index, read_experience(asking, narrowed=narrowed))
        licences = read_licences(asking, narrowed=narrowed)
        levels.append(_level(index, *licences, Facet.LICENCE_KINDS, under=Facet.SCOPE_CODES))
    if known.inside is not Reach.NONE:
        suites = read_suites(asking, narrowed=narrowed)
        levels.append(_level(index, *suites, Facet.GRADES, Facet.MODES, under=Facet.EQUIPMENT))
    return Columns(len(index), (Level(facts), *levels))


def _level(index: Index, parts: Groups, listed: Groups, *names: Facet, under: Facet) -> Level:
    """Facts of parts by name, and what is listed `under` each; parts of another data set belong to no facility."""
    keys, owners = parts.keys
    rows = np.arange(len(keys))
    facts = {
        name: Column(len(keys), by_group(words, parts.sizes, rows))
        for name, words in zip(names, parts.words, strict=True)
    }
    return Level({**facts, under: _under(Index(keys), listed)}, index.of(owners))


def _under(index: Index, listed: Groups) -> Column:
    """What is listed under each of the keys."""
    (words,), (parents,) = listed.words, listed.keys
    return Column(len(index), by_group(words, listed.sizes, index.of(parents)))


def staleness_of(asking: Asking, lines: Lines, known: Knowledge) -> Integers:
    """Return how stale each calendar is, as the place of its state among those of `Freshness`.

    Closures stop the clock as far as the searcher may see them. To others a calendar is as old as its confirmation: a
    state that knew of closures would tell of them.
    """
    ages = lines.ages.tolist()
    states = list(map(_state, lines.rhythms, ages))
    if known.inside is not Reach.NONE and any(states):
        for place, closures in read_closures(asking, lines.index).items():
            if states[place] and ages[place] != NEVER:
                age = ages[place] - days_stopped(closures, ages[place], asking.today)
                states[place] = _state(lines.rhythms[place], age)
    return np.array(states, dtype=np.int64)


@lru_cache(maxsize=4096)
def _state(rhythm: str, age: int) -> int:
    return STATES.index(Freshness.EXCLUDED if age == NEVER else freshness_of(Rhythm(rhythm), age))
