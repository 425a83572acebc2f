"""How long a piece of work takes: seconds of processor and of the clock on the wall."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds of processor of this process, and of the clock on the wall; `wanted` is the most the wall may show."""

    what: str
    cpu: float
    wall: float
    wanted: float | None = None

    @property
    def kept(self) -> bool:
        """Whether the wall shows no more than wanted."""
        return self.wanted is None or self.wall <= self.wanted


def took(what: str, work: Callable[[], Made], wanted: float | None = None) -> tuple[Made, Took]:
    """What `work` makes, and how long it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    made = work()
    return made, Took(what, time.process_time() - cpu, time.perf_counter() - wall, wanted)


def line(one: Took) -> str:
    """A measurement as a line: what, processor, wall, and what was wanted of the wall."""
    wanted = "" if one.wanted is None else f"   wanted {one.wanted:.0f} s: {'kept' if one.kept else 'missed'}"
    return f"{one.what:<56} {one.cpu:>7.2f} s processor {one.wall:>7.2f} s wall{wanted}"


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
