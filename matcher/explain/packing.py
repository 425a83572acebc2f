"""A limit on how many stays of a request fit: free places and limits of the facility counted, whichever batch takes them.

What is left out (which batch goes where, their order, several limits at once) could only lower the figure, so a search
may stop as soon as it has reached it.
"""

from collections.abc import Iterable, Mapping, Sequence

from matcher.explain.alone import Alone
from matcher.problem import Batch, BatchId, FacilityId, Option, ResourceId, SuiteId, Use

Choice = tuple[int, Option]
Choices = Mapping[BatchId, list[Choice]]
Starts = dict[SuiteId, tuple[Option, set[int]]]


def limits_from(alone: Alone, batches: Sequence[Batch], choices: Choices) -> list[int]:
    """For each batch the most stays that it and the batches after it can have together; 0 behind the last.

    `choices` are the starts of each batch that fit while nothing of the request is placed.
    """
    limits = [0] * (len(batches) + 1)
    starts: Starts = {}
    for index in range(len(batches) - 1, -1, -1):
        own = choices[batches[index].id]
        for start, option in own:
            starts.setdefault(option.suite, (option, set()))[1].add(start)
        limits[index] = min(limits[index + 1] + bool(own), most_stays(alone, starts))
    return limits


def most_stays(alone: Alone, starts: Starts) -> int:
    """The most stays at these starts, each start taken as often as there is room."""
    of_facility: dict[FacilityId, Starts] = {}
    for suite, (option, ticks) in starts.items():
        of_facility.setdefault(alone.facility_of(option), {})[suite] = option, ticks
    return sum(
        min([sum(_in_places(alone, option, ticks) for option, ticks in here.values()), *_in_limits(alone, here)])
        for here in of_facility.values()
    )


def _in_places(alone: Alone, option: Option, ticks: Iterable[int]) -> int:
    """The most stays in the places of one suite: stays of one length, so taking the earliest first loses none."""
    free: dict[int, int] = {}
    stays = 0
    for start in sorted(ticks):
        stay = range(start, start + option.duration)
        for tick in stay:
            if tick not in free:
                free[tick] = alone.calendar.free_places(option.suite, tick)
        more = max(0, min(free[tick] for tick in stay))
        stays += more
        for tick in stay:
            free[tick] -= more
    return stays


def _in_limits(alone: Alone, here: Starts) -> Iterable[int]:
    """For each limit that every option of a facility takes from once a stay, the most stays it carries."""
    uses = [_dated_uses(option) for option, _ in here.values()]
    for resource in sorted(set.intersection(*(set(one) for one in uses))):
        ticks = {
            start if use.at == "start" else start + option.duration - 1 + use.delay
            for (option, starts), use in zip(here.values(), (one[resource] for one in uses), strict=True)
            for start in starts
        }
        if max(ticks) < alone.problem.horizon:
            least = min(one[resource].amount for one in uses)
            periods = {tick // alone.found.resources[resource].period for tick in ticks}
            yield sum(max(0, alone.calendar.left(resource, index)) // least for index in periods)


def _dated_uses(option: Option) -> dict[ResourceId, Use]:
    return {use.resource: use for use in option.uses if use.at in {"start", "end"} and use.amount > 0}
