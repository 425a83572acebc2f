"""Which requests to free together: one that could gain, and those that stand in its way."""

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from matcher.model.variables import Variables
from matcher.problem import FacilityId

Placed = dict[FacilityId, list[int]]
"""The starts of a request's placed batches at each facility."""
_WANTING, _WAITING, _FACILITIES = 0.7, 3, 3
"""How often a request that waits is the centre; how many others that wait come along; facilities to begin with."""
_NEAREST = 0.75
"""How often the nearest in time are taken, not any."""
_BLUR = (0.5, 1.5)
"""Distances are multiplied by chance, so that the same place and moment does not free the same requests again."""


@dataclass(slots=True)
class Relations:
    """Where each request (by position) may be, when, and with how many starts.

    `moments` are the starts it may have at each facility.
    """

    facilities: list[list[FacilityId]] = field(default_factory=list)
    moments: list[dict[FacilityId, list[int]]] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)


def find_relations(variables: Variables) -> Relations:
    """Collects the facts that the choice looks at."""
    found = Relations()
    for request in variables.requests:
        numbers = [number for batch in request.batches for number in variables.batch(request, batch)]
        stays = [variables.starts[number] for number in numbers]
        found.facilities.append(variables.facilities_of(request))
        moments: defaultdict[FacilityId, list[int]] = defaultdict(list)
        for stay in stays:
            moments[stay.suite.facility].append(stay.start)
        found.moments.append(dict(moments))
        found.first.append(min((stay.start for stay in stays), default=0))
        found.last.append(max((stay.end for stay in stays), default=0))
        found.starts.append(len(numbers))
        found.batches.append(sum(1 for batch in request.batches if variables.batch(request, batch)))
    return found


def choose(
    relations: Relations, placed: Sequence[Placed], size: float, largest: float, chance: random.Random
) -> list[int]:
    """Positions of about `size` requests with at most `largest` starts: one that could gain, and what is in its way.

    In its way is what stands at some of its facilities, mostly near one of its starts; where that is too little, what
    stands where those could go instead, and so on.
    """
    able = [position for position, starts in enumerate(relations.starts) if starts]
    wanting = [p for p in able if sum(map(len, placed[p].values())) < relations.batches[p]]
    centre = chance.choice(wanting if wanting and chance.random() < _WANTING else able)
    count = min(len(relations.facilities[centre]), chance.randint(1, _FACILITIES))
    first = chance.sample(relations.facilities[centre], count)
    moments = [moment for facility in first for moment in relations.moments[centre].get(facility, ())]
    moment = chance.choice(moments) if moments and chance.random() < _NEAREST else None
    near = [p for p in able if p != centre and _overlap(relations, p, centre)]
    there, reached = _standing(near, placed, first, moment, chance), set(first)
    while len(there) < size and (beyond := sorted({f for p in there for f in relations.facilities[p]} - reached)):
        facility = chance.choice(beyond)
        reached.add(facility)
        there += [p for p in _standing(near, placed, [facility], moment, chance) if p not in there]
    waiting = [p for p in wanting if p in near and p not in there and not reached.isdisjoint(relations.facilities[p])]
    chance.shuffle(waiting)
    return _within(relations, [centre, *there[: round(size)], *waiting[:_WAITING]], largest)


def _standing(
    near: Iterable[int],
    placed: Sequence[Placed],
    facilities: Sequence[FacilityId],
    moment: int | None,
    chance: random.Random,
) -> list[int]:
    """Those that stand at one of the facilities, in any sequence, or the nearest to a moment first."""
    there = [p for p in near if any(facility in placed[p] for facility in facilities)]
    chance.shuffle(there)
    if moment is not None:
        there.sort(key=lambda p: _distance(placed[p], facilities, moment) * chance.uniform(*_BLUR))
    return there


def _within(relations: Relations, chosen: Iterable[int], largest: float) -> list[int]:
    """The first of the chosen, as long as their starts are not too many; the very first in any case."""
    total, kept = 0, list[int]()
    for position in chosen:
        total += relations.starts[position]
        if kept and total > largest:
            break
        kept.append(position)
    return kept


def _distance(placed: Placed, facilities: Iterable[FacilityId], moment: int) -> int:
    return min(abs(start - moment) for facility in facilities for start in placed.get(facility, ()))


def _overlap(relations: Relations, one: int, other: int) -> bool:
    return relations.first[one] < relations.last[other] and relations.first[other] < relations.last[one]


def placed_at(variables: Variables, chosen: Iterable[int]) -> list[Placed]:
    """The starts of placed batches per request position and facility, for the start variables that are 1."""
    position = {request.id: number for number, request in enumerate(variables.requests)}
    found: list[Placed] = [{} for _ in variables.requests]
    for number in chosen:
        start = variables.starts[number]
        found[position[start.request.id]].setdefault(start.suite.facility, []).append(start.start)
    return found
