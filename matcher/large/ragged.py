"""Lists of different lengths laid end to end: the one NumPy idiom the tables here rest on."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def stretch(first: Ints, count: Ints) -> Ints:
    """The positions first[i], first[i] + 1, … (count[i] of them) for every i, one after the other."""
    total = int(count.sum())
    ends = np.cumsum(count)
    positions: Ints = np.arange(total, dtype=np.int64) + np.repeat(first - (ends - count), count)
    return positions


def starts_of_runs(*keys: Ints) -> Ints:
    """Where each run of equal keys begins in arrays sorted by these keys; empty for empty arrays."""
    length = len(keys[0])
    if length == 0:
        return np.zeros(0, dtype=np.int64)
    changed = np.zeros(length, dtype=np.bool_)
    changed[0] = True
    for key in keys:
        changed[1:] |= key[1:] != key[:-1]
    return np.flatnonzero(changed).astype(np.int64)


def lengths(first: Ints, total: int) -> Ints:
    """How long each run is, given where the runs begin and how many entries there are in all."""
    return np.diff(np.append(first, total)).astype(np.int64)
