"""How much of their calendars the rehearsal facilities offer: a drawn order of blocks, taken up to a target."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from matcher.facts import Facility, Suite
from registry.rehearsal.frame import Frame
from registry.vocabulary.periods import Days

SPLIT_WEEKS = (11, 14)
"""Between the two blocks of a suite lies a week of requalification, drawn from these weeks."""

TOGETHER = 0.7
"""Share of the suites that offer both halves."""

SHORTEST_BLOCK = 4
"""Weeks; a shorter rest of a block is not offered."""


@dataclass(frozen=True, slots=True)
class Block:
    """Weeks of a suite that may be offered together, from `first` (in) to `end` (out)."""

    suite: str
    places: int
    first: int
    end: int


Eligible = Mapping[str, Sequence[str]]
"""Suites that may take a request, by request."""


def order_of(suites: Sequence[Suite], eligible: Eligible, needed: Mapping[str, float], frame: Frame) -> list[Suite]:
    """Return the suites in the order in which they open: always one for the request that is served worst so far.

    A suite serves its requests in proportion to the place-weeks they need (`needed`, by request), so each of
    them gains the suite's places over the place-weeks that all of them need.
    """
    drawn = frame.draws("offered").shuffled(suites)
    rank = {suite.id: number for number, suite in enumerate(drawn)}
    waiting = {
        request: sorted((name for name in able if name in rank), key=lambda name: rank[name], reverse=True)
        for request, able in sorted(eligible.items())
    }
    users: defaultdict[str, list[str]] = defaultdict(list)
    for request, able in waiting.items():
        for name in able:
            users[name].append(request)
    served = dict.fromkeys(waiting, 0.0)
    picked: dict[str, Suite] = {}
    while served:
        request = min(served, key=lambda one: (served[one], one))
        while waiting[request] and waiting[request][-1] in picked:
            waiting[request].pop()
        if not waiting[request]:
            del served[request]
            continue
        suite = drawn[rank[waiting[request].pop()]]
        picked[suite.id] = suite
        gain = suite.places / sum(needed[user] for user in users[suite.id])
        for user in users[suite.id]:
            if user in served:
                served[user] += gain
    return [*picked.values(), *(suite for suite in drawn if suite.id not in picked)]


def blocks_of(suites: Sequence[Suite], frame: Frame) -> list[Block]:
    """Return two blocks for each suite, in its order; most suites offer both together, others one much later."""
    blocks: list[Block] = []
    later: list[Block] = []
    for suite in suites:
        draws = frame.draws("blocks", suite.id)
        split = draws.between(SPLIT_WEEKS)
        halves = [Block(suite.id, suite.places, 0, split), Block(suite.id, suite.places, split + 1, frame.weeks)]
        together = draws.happens(TOGETHER)
        first, second = draws.shuffled(halves)
        blocks += halves if together else [first]
        later += [] if together else [second]
    return [*blocks, *later]


def offered(blocks: Sequence[Block], wanted: float) -> dict[str, list[Block]]:
    """Return, by suite, the first blocks that together hold the place-weeks wanted; the last is cut short."""
    taken: dict[str, list[Block]] = {}
    for block in blocks:
        weeks = min(block.end - block.first, round(wanted / block.places))
        if weeks < SHORTEST_BLOCK:
            continue
        taken.setdefault(block.suite, []).append(replace(block, end=block.first + weeks))
        wanted -= weeks * block.places
    return taken


def with_openings(
    facilities: Sequence[Facility], taken: Mapping[str, Sequence[Block]], blocks: Sequence[Block], frame: Frame
) -> tuple[Facility, ...]:
    """Return the facilities with the suites of `blocks` open only where taken; other suites stay as they are."""
    ours = {block.suite for block in blocks}
    return tuple(
        replace(
            facility,
            sites=tuple(
                replace(
                    site,
                    suites=tuple(
                        replace(suite, open=days(taken.get(suite.id, []), frame)) if suite.id in ours else suite
                        for suite in site.suites
                    ),
                )
                for site in facility.sites
            ),
        )
        for facility in facilities
    )


def weeks_of(blocks: Sequence[Block]) -> tuple[tuple[int, int], ...]:
    """Return the weeks of the blocks, in order, first in and end out."""
    return tuple(sorted((block.first, block.end) for block in blocks))


def days(blocks: Sequence[Block], frame: Frame) -> tuple[Days, ...]:
    """Return the days of the blocks, in order."""
    return tuple(
        Days(frame.origin + timedelta(weeks=first), frame.origin + timedelta(weeks=end))
        for first, end in weeks_of(blocks)
    )
