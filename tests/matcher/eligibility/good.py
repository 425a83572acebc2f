"""The request and the suite that suit each other in every way, as the bench has them."""

from matcher.bench.suited import (
    BARCELONA,
    FACILITY,
    FACTS,
    LEIPZIG,
    ORIGIN,
    PRODUCT,
    READY_PAIR,
    REQUEST,
    SITE,
    SUITE,
    TODAY,
    with_parts,
)

__all__ = [
    "BARCELONA",
    "FACILITY",
    "FACTS",
    "LEIPZIG",
    "ORIGIN",
    "PRODUCT",
    "READY_PAIR",
    "REQUEST",
    "SITE",
    "SUITE",
    "TODAY",
    "with_parts",
]
