"""Which requests to free together: one that could gain, and those that stand in its way."""

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from matcher.model.variables import Variables
from matcher.problem import FacilityId

Placed = dict[FacilityId, list[int]]
_NEAREST = 0.5
"""How often the nearest are taken, not any."""
_BLUR = (0.5, 1.5)
"""Distances are multiplied by chance, so that the same place and moment does not free the same requests again."""


@dataclass(slots=True)
class Relations:
    """Where each request (by position) may be, when, and with how many starts.

    `moments` are the starts it may have at each facility, `at` the requests that may be there.
    """

    facilities: list[list[FacilityId]] = field(default_factory=list)
    moments: list[dict[FacilityId, list[int]]] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    at: dict[FacilityId, list[int]] = field(default_factory=dict)


def find_relations(variables: Variables) -> Relations:
    """Collects the facts that the choice looks at."""
    found = Relations()
    for position, request in enumerate(variables.requests):
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
        for facility in found.facilities[-1]:
            found.at.setdefault(facility, []).append(position)
    return found


def choose(
    relations: Relations, placed: Sequence[Placed], size: float, largest: float, chance: random.Random
) -> list[int]:
    """Positions of about `size` requests; `placed` holds the starts of each request's placed batches per facility.

    Those in the way of one that could gain: anywhere in its time, or, every other time, nearest to one of its starts.
    """
    able = [position for position, starts in enumerate(relations.starts) if starts]
    wanting = [p for p in able if sum(map(len, placed[p].values())) < relations.batches[p]]
    centre = chance.choice(wanting if wanting and chance.random() < 0.7 else able)
    count = min(len(relations.facilities[centre]), chance.randint(1, 3))
    facilities = chance.sample(relations.facilities[centre], count)
    near = sorted({p for facility in facilities for p in relations.at[facility]} - {centre})
    near = [p for p in near if _overlap(relations, p, centre)]
    there = [p for p in near if any(facility in placed[p] for facility in facilities)]
    waiting = [p for p in near if p not in there and p in set(wanting)]
    chance.shuffle(there)
    chance.shuffle(waiting)
    moments = [moment for facility in facilities for moment in relations.moments[centre].get(facility, ())]
    if moments and chance.random() < _NEAREST:
        moment = chance.choice(moments)
        there.sort(key=lambda p: _distance(placed[p], facilities, moment) * chance.uniform(*_BLUR))
    chosen = [centre, *there[: round(size)], *waiting[:3]]
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
