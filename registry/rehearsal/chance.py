"""Seeded chance: every record draws from a stream of its own, so that one row never changes another."""

import random
from collections.abc import Sequence
from typing import TypeVar

from registry.rehearsal.rules import Range

Item = TypeVar("Item")


class Stream:
    """Draws of one record; the same seed and key give the same draws in every process."""

    def __init__(self, seed: int, *key: object) -> None:
        self._random = random.Random(f"{seed}/{'/'.join(map(str, key))}")  # noqa: S311 - invented facts, no secrets

    def happens(self, share: float) -> bool:
        """Whether something of probability `share` happens."""
        return self._random.random() < share

    def between(self, limits: Range) -> int:
        """A whole number of the inclusive range."""
        return self._random.randint(*limits)

    def fraction(self) -> float:
        """A number from 0 to below 1."""
        return self._random.random()

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """The items in a drawn order."""
        order = list(items)
        self._random.shuffle(order)
        return order
