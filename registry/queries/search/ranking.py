"""The sequence of what was found: text, distance in steps, freshness, completeness, distance, name; and why."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from registry.queries.search.answer import NO_PLACE, Key
from registry.queries.search.columns import Mask
from registry.queries.search.keys import as_uuid
from registry.queries.search.lines import FACTS_COUNTED, Lines
from registry.vocabulary.facilities import Freshness

STEP_METRES = 50_000
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ranking:
    """The numbers facilities are ranked by, by position; the position itself is the place by name and id."""

    lines: Lines
    unlike: Numbers
    staleness: Numbers
    missing: Numbers
    metres: Numbers

    def sequence(self, met: Mask) -> list[int]:
        """Return the positions of the facilities met, best first."""
        places = np.flatnonzero(met)
        steps = self.metres[places] // STEP_METRES
        least_first = (places, self.metres[places], self.missing[places], self.staleness[places], steps)
        sequence: list[int] = places[np.lexsort((*least_first, self.unlike[places]))].tolist()
        return sequence

    def key(self, place: int) -> Key:
        """Return the key of a facility."""
        metres = int(self.metres[place])
        return Key(
            unlike=int(self.unlike[place]),
            distance_step=metres // STEP_METRES,
            staleness=int(self.staleness[place]),
            missing=int(self.missing[place]),
            metres=metres,
            name=self.lines.names[place],
            id=str(as_uuid(self.lines.index.keys[place])),
        )

    def after(self, sequence: Sequence[int], key: Key | None) -> Sequence[int]:
        """Return what follows a key; the facility it was taken from need no longer be there."""
        return sequence if key is None else sequence[bisect_right(sequence, key, key=self.key) :]


def ranking(
    lines: Lines, staleness: Numbers, likeness: Numbers | None, kilometres: NDArray[np.float64] | None
) -> Ranking:
    """Return the numbers to rank by; what was not asked for ranks nobody."""
    nothing = np.zeros(len(lines.index), dtype=np.int64)
    metres = nothing
    if kilometres is not None:
        metres = np.where(np.isfinite(kilometres), np.rint(np.minimum(kilometres * 1000, NO_PLACE)), NO_PLACE).astype(
            np.int64
        )
    return Ranking(
        lines=lines,
        unlike=nothing if likeness is None else 100 - likeness,
        staleness=staleness,
        missing=FACTS_COUNTED - lines.facts,
        metres=metres,
    )


def reasons(
    key: Key, freshness: Freshness, age: int | None, *, inside: bool, text: str | None, near: bool, free: int | None
) -> tuple[str, ...]:
    """Return why a facility stands where it stands, the strongest reason first; days only to those `inside` it."""
    said = []
    if text is not None:
        said.append(f"like “{text}”: {100 - key.unlike} of 100")
    if near:
        said.append(f"{key.metres / 1000:.0f} km away" if key.placed() else "place not recorded")
    said.append(_calendar_reason(freshness, age, inside=inside))
    said.append(f"{FACTS_COUNTED - key.missing} of {FACTS_COUNTED} public facts recorded")
    if free is not None:
        said.append(f"{free} starts free in the period")
    return tuple(said)


def _calendar_reason(freshness: Freshness, age: int | None, *, inside: bool) -> str:
    if not inside:
        return f"calendar {freshness.value}"
    return "calendar never confirmed" if age is None else f"calendar confirmed {age} days ago: {freshness.value}"
