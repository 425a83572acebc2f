"""How large the networks are, and the kinds of work in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

SizeName = Literal["S", "M", "L", "XL"]


@dataclass(frozen=True, slots=True)
class NetworkSize:
    """Counts of a network and its horizon in weeks."""

    facilities: int
    requests: int
    batches: int
    weeks: int


SIZES: Mapping[str, NetworkSize] = MappingProxyType(
    {
        "S": NetworkSize(30, 60, 300, 26),
        "M": NetworkSize(120, 400, 3_000, 26),
        "L": NetworkSize(500, 2_000, 20_000, 52),
        "XL": NetworkSize(1_000, 10_000, 100_000, 52),
    }
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work: one facility in how many has suites for it, its share of requests, weeks of a stay."""

    name: str
    share: int
    weeks: tuple[int, ...]


KINDS = (
    Kind("cell-engineered", 40, (1, 2, 2)),
    Kind("cell-expanded", 30, (2, 3, 4)),
    Kind("cell-unmodified", 20, (1, 1, 2)),
    Kind("tissue", 5, (4, 5, 6)),
    Kind("vector", 5, (6, 7, 8)),
)
"""Invented shares that give stays of 1 to 8 weeks with a mean near 2.3, as in the study the sizes come from."""
