"""From rows to columns: the facts of facilities, suites and authorisations, as far as the searcher may know them."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from registry.models import Closure
from registry.queries.closed_days import stopped_days
from registry.queries.search.asking import Asking, Texts
from registry.queries.search.columns import Column, Columns, Level
from registry.queries.search.filters import Facet
from registry.queries.search.lines import ANY_FAMILY, Lines
from registry.queries.search.reach import Knowledge, Reach
from registry.queries.search.reading import Closed, read_closures, read_experience, read_licences, read_suites
from registry.vocabulary.facilities import ClosureKind, Freshness, Rhythm, freshness_of

Numbers = NDArray[np.int64]
STATES = list(Freshness)
NAMES = [state.value for state in STATES]


def public_level(lines: Lines, staleness: Numbers) -> Level:
    """Return the columns everybody may search by."""
    facts = {
        Facet.PRODUCT_CLASSES: Column(lines.product_classes),
        Facet.FAMILIES: Column(lines.families, every=ANY_FAMILY),
        Facet.LANGUAGES: Column(lines.languages),
        Facet.SERVICE_MODELS: Column(lines.service_models),
        Facet.COUNTRIES: Column(lines.countries),
        Facet.FRESHNESS: Column([NAMES[state] for state in staleness.tolist()]),
        Facet.PUBLICATIONS: Column(lines.publications),
    }
    return Level(facts)


def assembled(asking: Asking, lines: Lines, public: Level, known: Knowledge, *, narrowed: bool) -> Columns:
    """Return the columns a searcher may search by; what may not be known is not read.

    `narrowed`: what lies deeper was gathered of some facilities only, and the others count nowhere.
    """
    at = {facility: place for place, facility in enumerate(lines.ids)}
    facts = dict(public.columns)
    levels = []
    if known.shown is not Reach.NONE:
        made = read_experience(asking, narrowed=narrowed)
        facts[Facet.EXPERIENCE] = Column([made.get(facility) for facility in lines.ids])
        licences = read_licences(asking, narrowed=narrowed)
        levels.append(_level(at, (Facet.LICENCE_KINDS, Facet.SCOPE_CODES), licences))
    if known.inside is not Reach.NONE:
        suites = read_suites(asking, narrowed=narrowed)
        levels.append(_level(at, (Facet.GRADES, Facet.MODES, Facet.EQUIPMENT), suites))
    return Columns(len(lines.ids), (Level(facts), *levels))


def _level(at: Mapping[str, int], names: Sequence[Facet], columns: Texts) -> Level:
    """Facts by name after a column of facilities; rows of another data set belong to nobody, who comes after the last."""
    nobody = len(at)
    owners = [at.get(facility, nobody) for facility in columns[0]]
    facts = {name: Column(values) for name, values in zip(names, columns[1:], strict=True)}
    return Level(facts, np.array(owners, dtype=np.int64))


def staleness_of(asking: Asking, lines: Lines, known: Knowledge) -> Numbers:
    """Return how stale each calendar is, as the place of its state among those of `Freshness`.

    Closures stop the clock as far as the searcher may see them. To others a calendar is as old as its confirmation: a
    state that knew of closures would tell of them.
    """
    states = [_state(rhythm, age) for rhythm, age in zip(lines.rhythms, lines.ages, strict=True)]
    if known.inside is not Reach.NONE and any(states):
        closures = read_closures(asking)
        for place, facility in enumerate(lines.ids):
            age = lines.ages[place]
            if states[place] and age is not None and facility in closures:
                states[place] = _state(lines.rhythms[place], age - _stopped(closures[facility], age, asking.today))
    return np.array(states, dtype=np.int64)


@lru_cache(maxsize=4096)
def _stopped(closed: tuple[Closed, ...], age: int, today: date) -> int:
    """Return on how many of the days since the confirmation the facility was closed."""
    closures = [
        Closure(starts=one.starts, ends=one.ends, kind=ClosureKind(one.kind), recurrence=one.recurrence)
        for one in closed
    ]
    return stopped_days(closures, today - timedelta(days=age), today)


@lru_cache(maxsize=4096)
def _state(rhythm: str, age: int | None) -> int:
    return STATES.index(Freshness.EXCLUDED if age is None else freshness_of(Rhythm(rhythm), age))
