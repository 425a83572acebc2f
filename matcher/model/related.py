"""Which requests to free together: one that could gain, and those that stand in its way."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from matcher.model.variables import Variables
from matcher.problem import FacilityId


@dataclass(slots=True)
class Relations:
    """Where each request (by position) may be, when, and with how many starts."""

    facilities: list[list[FacilityId]] = field(default_factory=list)
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
        found.first.append(min((stay.start for stay in stays), default=0))
        found.last.append(max((stay.end for stay in stays), default=0))
        found.starts.append(len(numbers))
        found.batches.append(sum(1 for batch in request.batches if variables.batch(request, batch)))
        for facility in found.facilities[-1]:
            found.at.setdefault(facility, []).append(position)
    return found


def choose(
    relations: Relations, placed: Sequence[dict[FacilityId, int]], size: float, largest: float, chance: random.Random
) -> list[int]:
    """Positions of about `size` requests; `placed` counts each request's placed batches per facility."""
    able = [position for position, starts in enumerate(relations.starts) if starts]
    wanting = [p for p in able if sum(placed[p].values()) < relations.batches[p]]
    centre = chance.choice(wanting if wanting and chance.random() < 0.7 else able)
    count = min(len(relations.facilities[centre]), chance.randint(1, 3))
    facilities = chance.sample(relations.facilities[centre], count)
    near = sorted({p for facility in facilities for p in relations.at[facility]} - {centre})
    near = [p for p in near if _overlap(relations, p, centre)]
    there = [p for p in near if any(facility in placed[p] for facility in facilities)]
    waiting = [p for p in near if p not in there and p in set(wanting)]
    chance.shuffle(there)
    chance.shuffle(waiting)
    chosen = [centre, *there[: round(size)], *waiting[:3]]
    total, kept = 0, list[int]()
    for position in chosen:
        total += relations.starts[position]
        if kept and total > largest:
            break
        kept.append(position)
    return kept


def _overlap(relations: Relations, one: int, other: int) -> bool:
    return relations.first[one] < relations.last[other] and relations.first[other] < relations.last[one]


def placed_at(variables: Variables, chosen: Iterable[int]) -> list[dict[FacilityId, int]]:
    """Placed batches per request position and facility, for the start variables that are 1."""
    position = {request.id: number for number, request in enumerate(variables.requests)}
    found: list[dict[FacilityId, int]] = [{} for _ in variables.requests]
    for number in chosen:
        start = variables.starts[number]
        at = found[position[start.request.id]]
        at[start.suite.facility] = at.get(start.suite.facility, 0) + 1
    return found
