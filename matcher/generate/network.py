"""A whole invented network as a problem."""

import random

from matcher.generate.demand import programmes, requests
from matcher.generate.sizes import KINDS, SIZES, SizeName
from matcher.generate.supply import countries, own_use, quality_control, sites, suites
from matcher.problem import Policy, Problem
from matcher.serialise import seal

LOAD = 0.8
"""Suite-weeks asked for, as a share of those open after own use, in each kind of suite."""


def network(size: SizeName, seed: int, load: float = LOAD) -> Problem:
    """The network of a size and seed: the same on every machine; everything in it is invented.

    `load` is demand divided by open suite-weeks, per kind of suite: the higher, the tighter. Times are weeks.
    """
    counts = SIZES[size]
    chance = random.Random(f"gmphub network {size} {seed}")  # noqa: S311 - a bench needs repeatable chance, not secrecy
    where = countries(chance)
    asked = programmes(chance, counts, where)
    wanted = {kind.name: round(sum(each.suite_weeks for each in asked if each.kind == kind) / load) for kind in KINDS}
    made = sites(chance, counts, where, wanted)
    return seal(
        Problem(
            origin="2026-01-05",
            tick="week",
            horizon=counts.weeks,
            facilities=tuple(site.facility for site in made),
            suites=tuple(suites(made)),
            resources=tuple(quality_control(made, counts.weeks)),
            requests=tuple(requests(chance, asked, made)),
            bookings=tuple(own_use(chance, made, wanted)),
            previous=(),
            policy=Policy(({"placed": 1}, {"waiting": 1}, {"cost": 1, "travel": 1})),
            sha256="",
        )
    )
