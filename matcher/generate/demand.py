"""Requests: what they need, how much, when, and which facilities are within their reach."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import nsmallest
from math import isqrt

from matcher.generate.sizes import KINDS, Kind, NetworkSize
from matcher.generate.supply import Site, somewhere
from matcher.problem import Batch, BatchId, Option, Request, RequestId, Use

_WEIGHTS = (1, 2, 3, 5, 8)
_WEIGHT_SHARES = (30, 30, 20, 15, 5)
_CANDIDATES = 12
_FEWEST = 2
_SMALL_REQUEST = 8


@dataclass(frozen=True, slots=True)
class Programme:
    """What somebody wants made, before it is known where: place, kind of work, pace."""

    number: int
    country: str
    east: int
    north: int
    kind: Kind
    duration: int
    batches: tuple[Batch, ...]

    @property
    def suite_weeks(self) -> int:
        """Weeks of one place that all batches need."""
        return self.duration * len(self.batches)


def programmes(chance: random.Random, size: NetworkSize, where: list[tuple[str, int, int]]) -> list[Programme]:
    """As many programmes and batches as the size says."""
    counts = _counts(chance, size)
    return [_programme(chance, size, where, number, count) for number, count in enumerate(counts)]


def _counts(chance: random.Random, size: NetworkSize) -> list[int]:
    """Batches per request: most small, some large, the total exact, none more than fit into the horizon."""
    most = size.weeks - 10
    mean = size.batches // size.requests
    counts = [min(most, chance.choice((1, 1, 2, mean, mean, 2 * mean, 3 * mean))) for _ in range(size.requests)]
    while (difference := size.batches - sum(counts)) != 0:
        number = chance.randrange(size.requests)
        step = 1 if difference > 0 else -1
        if 1 <= counts[number] + step <= most:
            counts[number] += step
    return counts


def _programme(
    chance: random.Random, size: NetworkSize, where: list[tuple[str, int, int]], number: int, count: int
) -> Programme:
    country = chance.choice(where)
    east, north = somewhere(chance, country)
    kind = chance.choices(KINDS, [kind.share for kind in KINDS])[0]
    duration = chance.choice(kind.weeks)
    room = size.weeks - duration
    cadence = chance.randint(1, max(1, min(4, (room - 1) // count)))
    first = chance.randint(0, max(0, room - cadence * (count - 1) - 1))
    batches = []
    for index in range(count):
        earliest = first + cadence * index
        batches.append(Batch(BatchId(f"b{index + 1:02}"), earliest, earliest + chance.randint(2, 5)))
    return Programme(number, country[0], east, north, kind, duration, tuple(batches))


def requests(chance: random.Random, wanted: list[Programme], made: list[Site]) -> Iterator[Request]:
    """Each programme with its weight, its wishes and the dozen facilities within reach that suit it best."""
    able = {kind.name: [site for site in made if kind.name in site.places] for kind in KINDS}
    for programme in wanted:
        options = _options(chance, programme, able[programme.kind.name])
        count = len(programme.batches)
        yield Request(
            id=RequestId(f"R{programme.number:05}"),
            batches=programme.batches,
            options=options,
            weight=chance.choices(_WEIGHTS, _WEIGHT_SHARES)[0],
            group=programme.country,
            max_sites=1 if chance.random() < 0.8 else 2,
            all_or_nothing=count <= _SMALL_REQUEST and chance.random() < 0.4,
        )


def _options(chance: random.Random, programme: Programme, able: list[Site]) -> tuple[Option, ...]:
    """One facility in twenty is excluded; fresh material limits the way, the hospital exemption the country.

    Facilities are ranked by distance with noise: by cost alone everybody would meet at the same dozen doors.
    """
    reach = chance.randint(600, 1_000) if chance.random() < 0.3 else 10_000
    at_home = chance.random() < 0.1
    near = [
        (distance + chance.randint(0, 400), distance, site)
        for site in able
        if (distance := _km(programme, site)) <= reach
        and not (at_home and site.facility.country != programme.country)
        and chance.random() >= 0.05
    ]
    if len(near) < _FEWEST:
        near = [(distance, distance, site) for site in able for distance in (_km(programme, site),)]
    chosen = nsmallest(_CANDIDATES, near, key=lambda candidate: (candidate[0], candidate[2].facility.id))
    return tuple(_option(chance, programme, distance, site) for _, distance, site in chosen)


def _option(chance: random.Random, programme: Programme, distance: int, site: Site) -> Option:
    return Option(
        suite=site.suite(programme.kind.name),
        duration=programme.duration,
        cost=site.charge + chance.randint(0, 80),
        travel=distance // 10,
        uses=(Use(site.quality_control, 1, "end"),),
    )


def _km(programme: Programme, site: Site) -> int:
    return isqrt((programme.east - site.east) ** 2 + (programme.north - site.north) ** 2)
