"""Facilities, their suites, openings and quality control, and the own use that leaves just enough room."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from math import floor

from matcher.generate.sizes import KINDS, Kind, NetworkSize
from matcher.problem import Booking, Facility, FacilityId, Interval, Resource, ResourceId, Suite, SuiteId

EDGE_KM = 2_500
"""The continent is a square with this edge."""
_COUNTRIES = 16
_SPREAD_KM = 220
_SPARE_PERCENT = 125
"""Places built before own use, in per cent of what is to stay open."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where a facility stands (km east, km north), and what it can do: one suite of `places` places per kind."""

    facility: Facility
    east: int
    north: int
    charge: int
    places: dict[str, int]
    open: tuple[Interval, ...]

    def suite(self, kind: str) -> SuiteId:
        """The id of the suite for a kind of work."""
        return SuiteId(f"{self.facility.id}-{kind}")

    @property
    def quality_control(self) -> ResourceId:
        """The id of the weekly limit of batches that quality control can finish."""
        return ResourceId(f"{self.facility.id}-qc")


def countries(chance: random.Random) -> list[tuple[str, int, int]]:
    """Name, km east and km north of the middle of each country."""
    return [(f"C{number:02}", chance.randrange(EDGE_KM), chance.randrange(EDGE_KM)) for number in range(_COUNTRIES)]


def somewhere(chance: random.Random, middle: tuple[str, int, int]) -> tuple[int, int]:
    """A point near the middle of a country."""
    _, east, north = middle
    return east + chance.randint(-_SPREAD_KM, _SPREAD_KM), north + chance.randint(-_SPREAD_KM, _SPREAD_KM)


def sites(
    chance: random.Random, size: NetworkSize, where: list[tuple[str, int, int]], wanted: dict[str, int]
) -> list[Site]:
    """Facilities with enough places of every kind; `wanted` says how many suite-weeks of a kind are to stay open."""
    made = [_site(chance, size, where, number) for number in range(size.facilities)]
    for kind in KINDS:
        able = [site for site in made if kind.name in site.places]
        if not able:
            able = [made[KINDS.index(kind) % len(made)]]
            able[0].places[kind.name] = 1
        while sum(_weeks(site, kind.name) for site in able) * 100 < wanted[kind.name] * _SPARE_PERCENT:
            chance.choice(able).places[kind.name] += 1
    return made


def _site(chance: random.Random, size: NetworkSize, where: list[tuple[str, int, int]], number: int) -> Site:
    country = chance.choice(where)
    east, north = somewhere(chance, country)
    able = [kind for kind in KINDS if chance.random() < _ability(kind)] or [chance.choice(KINDS)]
    return Site(
        facility=Facility(FacilityId(f"F{number:04}"), country[0]),
        east=east,
        north=north,
        charge=chance.randint(40, 160),
        places={kind.name: 1 for kind in able},
        open=_open(chance, size.weeks),
    )


def _ability(kind: Kind) -> float:
    return 0.15 if kind.share <= 5 else 0.1 + kind.share / 100


def _open(chance: random.Random, weeks: int) -> tuple[Interval, ...]:
    """Open all the time but for a closure of one or two weeks per half-year."""
    openings, begin = [], 0
    for half in range(0, weeks, 26):
        first = half + chance.randint(3, 21)
        openings.append((begin, first))
        begin = first + chance.randint(1, 2)
    return (*openings, (begin, weeks))


def _weeks(site: Site, kind: str) -> int:
    return site.places[kind] * sum(end - start for start, end in site.open)


def suites(made: list[Site]) -> Iterator[Suite]:
    """One suite per facility and kind."""
    for site in made:
        for kind, places in site.places.items():
            yield Suite(site.suite(kind), site.facility.id, places, site.open)


def quality_control(made: list[Site], weeks: int) -> Iterator[Resource]:
    """Batches a week that a facility can test: 0.5 + 0.55 per place, rounded down."""
    for site in made:
        a_week = floor(0.5 + 0.55 * sum(site.places.values()))
        yield Resource(site.quality_control, site.facility.id, 1, (a_week,) * weeks)


def own_use(chance: random.Random, made: list[Site], wanted: dict[str, int]) -> Iterator[Booking]:
    """Bookings of the facilities themselves, of four to twelve weeks, until exactly `wanted` suite-weeks are open."""
    for kind in KINDS:
        able = [site for site in made if kind.name in site.places]
        free = [_Free(site, kind.name) for site in able]
        surplus = sum(_weeks(site, kind.name) for site in able) - wanted[kind.name]
        while surplus > 0:
            suite = chance.choice(free)
            booking = suite.booked(chance, min(surplus, chance.randint(4, 12)))
            if booking is None:
                continue
            surplus -= booking.end - booking.start
            yield booking


class _Free:
    """The free places of one suite, week by week, while own use is drawn."""

    def __init__(self, site: Site, kind: str) -> None:
        self.suite = site.suite(kind)
        self.open = site.open
        self.places = [0] * site.open[-1][1]
        for start, end in site.open:
            self.places[start:end] = [site.places[kind]] * (end - start)

    def booked(self, chance: random.Random, length: int) -> Booking | None:
        """A booking of at most `length` weeks from a week drawn by chance; None where nothing is free."""
        start = chance.randrange(len(self.places))
        end = start
        while end < len(self.places) and end - start < length and self.places[end] > 0:
            self.places[end] -= 1
            end += 1
        return Booking(self.suite, start, end) if end > start else None
