"""What is recorded about facilities and requests, frozen for one round: the matcher's only view of the registry.

The snapshot of the registry and the rehearsal generator both produce `Facts`; eligibility judges them and
`matcher.formulate` turns them into a `Problem`. Days are local dates of the facility; None means *unknown*
unless a field says otherwise. Places are degrees (WGS 84), city level.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from matcher.facts.facilities import (
    Authorisation,
    Certificate,
    Equipment,
    Facility,
    Limit,
    NonCompliance,
    Permit,
    QpCover,
    Site,
    StartsStatement,
    Stay,
    Suite,
)
from matcher.facts.requests import Batch, Load, Material, Pair, Place, Product, Request, Step

__all__ = [
    "Authorisation",
    "Batch",
    "Certificate",
    "Equipment",
    "Facility",
    "Facts",
    "Limit",
    "Load",
    "Material",
    "NonCompliance",
    "Pair",
    "Permit",
    "Place",
    "Product",
    "QpCover",
    "Request",
    "Site",
    "StartsStatement",
    "Stay",
    "Step",
    "Suite",
]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything one round looks at: weeks from Monday `origin`, `horizon_weeks` of them, as known on `known_on`."""

    origin: date
    horizon_weeks: int
    known_on: date
    facilities: tuple[Facility, ...]
    requests: tuple[Request, ...]
    tiers: tuple[Mapping[str, int], ...]
