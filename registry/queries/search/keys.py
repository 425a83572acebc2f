"""Keys as numbers: where each of many keys stands among others, without a text or an object for any of them."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from registry.queries.search.cells import Integers, Keys

SLOTS_EACH = 16
"""Slots of a table for every key that is entered."""
FACTORS = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9))
"""Odd numbers without a pattern (golden ratio, and two primes), which spread keys over slots."""


class Index:
    """Positions of keys, all different: each stands in a slot of the first table in which no other took it."""

    def __init__(self, keys: Keys) -> None:
        """Number the keys as they come."""
        self.keys = keys
        self.nobody = len(keys)
        """The position of a key that is not among them."""

    def __len__(self) -> int:
        return self.nobody

    def of(self, keys: Keys) -> Integers:
        """Return the position of each key."""
        found = np.full(len(keys), self.nobody, dtype=np.int64)
        sought = np.arange(len(keys))
        for number, table in enumerate(self._tables):
            there = table[_slots(keys, number, len(table))]
            same = (self._halves[0][there] == keys[:, 0]) & (self._halves[1][there] == keys[:, 1])
            found[sought[same]] = there[same]
            sought, keys = sought[~same], keys[~same]
        return found

    @cached_property
    def _halves(self) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
        """Both halves of the keys, and of one for nobody."""
        return np.append(self.keys[:, 0], np.uint64(0)), np.append(self.keys[:, 1], np.uint64(0))

    @cached_property
    def _tables(self) -> list[Integers]:
        return list(self._entered())

    def _entered(self) -> Iterator[Integers]:
        left, number = np.arange(self.nobody), 0
        while len(left):
            table = np.full(1 << (SLOTS_EACH * len(left)).bit_length(), self.nobody, dtype=np.int64)
            slots = _slots(self.keys[left], number, len(table))
            table[slots] = left
            yield table
            left, number = left[table[slots] != left], number + 1


def _slots(keys: Keys, number: int, count: int) -> Integers:
    """Return the slot of each key in a table of so many (a power of two)."""
    factor, other = FACTORS[number % len(FACTORS)], FACTORS[(number + 1) % len(FACTORS)]
    mixed = keys[:, 0] * factor + keys[:, 1] * (other + np.uint64(2 * number))
    return (mixed >> np.uint64(65 - count.bit_length())).astype(np.int64)


def which(keys: Keys, wanted: Iterable[UUID]) -> NDArray[np.bool_]:
    """Return which of the keys are among a few."""
    few = np.frombuffer(b"".join(key.bytes for key in wanted), dtype=np.uint64).reshape(-1, 2)
    return np.asarray((keys[:, None] == few[None]).all(axis=2).any(axis=1))


def as_uuid(key: Keys) -> UUID:
    """Return one key as it is written."""
    return UUID(bytes=key.tobytes())


def as_words(keys: Keys) -> str:
    """Return keys as text, joined by commas."""
    figures = keys.tobytes().hex()
    return ",".join(figures[start : start + 32] for start in range(0, len(figures), 32))
