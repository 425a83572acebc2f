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

SHORTEST_BLOCK = 4
"""Weeks; a shorter rest of a block is not offered."""


@dataclass(frozen=True, slots=True)
class Block:
    """Weeks of a suite that may be offered together, from `first` (in) to `end` (out)."""

    suite: str
    places: int
    first: int
    end: int


Blocks = Mapping[str, Sequence[Block]]
"""Blocks by platform, in the order in which they are offered."""


def blocks_of(platform_of_suite: Mapping[str, str], suites: Sequence[Suite], frame: Frame) -> Blocks:
    """Return two blocks for each suite, by platform, in a drawn order."""
    blocks: defaultdict[str, list[Block]] = defaultdict(list)
    for suite in suites:
        split = frame.draws("split", suite.id).between(SPLIT_WEEKS)
        halves = (Block(suite.id, suite.places, 0, split), Block(suite.id, suite.places, split + 1, frame.weeks))
        blocks[platform_of_suite[suite.id]] += halves
    return {platform: frame.draws("offered", platform).shuffled(listed) for platform, listed in sorted(blocks.items())}


def offered(blocks: Blocks, wanted: Mapping[str, float]) -> dict[str, list[Block]]:
    """Return, by suite, the blocks that together hold the place-weeks wanted on each platform; the last is cut short."""
    taken: dict[str, list[Block]] = {}
    for platform, listed in blocks.items():
        left = wanted.get(platform, 0.0)
        for block in listed:
            weeks = min(block.end - block.first, round(left / block.places))
            if weeks < SHORTEST_BLOCK:
                continue
            taken.setdefault(block.suite, []).append(replace(block, end=block.first + weeks))
            left -= weeks * block.places
    return taken


def with_openings(
    facilities: Sequence[Facility], blocks: Blocks, wanted: Mapping[str, float], frame: Frame
) -> tuple[Facility, ...]:
    """Return the facilities with the suites of `blocks` open only where offered; other suites stay as they are."""
    taken = offered(blocks, wanted)
    ours = {block.suite for listed in blocks.values() for block in listed}
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


def days(blocks: Sequence[Block], frame: Frame) -> tuple[Days, ...]:
    """Return the days of the blocks, in order."""
    return tuple(
        Days(frame.origin + timedelta(weeks=block.first), frame.origin + timedelta(weeks=block.end))
        for block in sorted(blocks, key=lambda block: block.first)
    )
