"""V09: fresh cells and fresh product are there in time, by the great circle worked out with vectors."""

import math
from typing import Any

from matcher.verifier.bundle.case import Case, Wrong
from matcher.verifier.reading import Odd

RADIUS = 63_710_088
"""Mean radius of the Earth (IUGG) in tenths of a metre."""

KILOMETRE = 10_000
BY_ROAD = 600 * KILOMETRE
DOUBT = 100
"""Ten metres: what is nearer to a limit than this breaks no rule, whoever rounds."""


def check_travel(case: Case) -> Wrong:
    """Yield a way in that takes too long from every place of collection, and a way back to every treating hospital."""
    request = case.request
    if case.stage not in ("certification_only", "starting_material", "in_vivo_product"):
        fresh = {"fresh": True, "frozen": False}.get(request["input_state"])
        cells = case.product["donor"] != "none"
        yield from _way(case, "V09 way in", fresh if cells else False, request["hours_fresh"], request["collection"])
    if case.stage not in ("certification_only", "starting_material", "qc_only"):
        hours = request["shelf_life_hours"]
        yield from _way(case, "V09 way back", request["product_fresh"], hours, request["treating"])


def _way(case: Case, check: str, fresh: bool | None, hours: int | None, places: list[Any]) -> Wrong:
    if fresh is False:
        return
    site = case.site
    if fresh is None or hours is None or not places or None in (site["latitude"], site["longitude"]):
        found = f"fresh: {fresh}, hours: {hours}, {len(places)} places"
        yield check, "something about the way is not stated", found, "fresh or frozen, hours, both ends"
    elif all(_late(distance(place, site), hours) for place in places):
        nearest = min(distance(place, site) for place in places) // KILOMETRE
        yield check, "too far from every place", f"{nearest} km to the nearest", f"{hours} hours door to door"


def distance(one: Any, other: Any) -> int:
    """Return the great-circle distance of two places in tenths of a metre, from the chord between them."""
    chord = math.dist(_vector(one), _vector(other))
    return int(RADIUS * 2 * math.atan2(chord, math.sqrt(max(0, 4 - chord * chord))))


def _vector(place: Any) -> tuple[float, float, float]:
    latitude, longitude = (math.radians(_number(place[name])) for name in ("latitude", "longitude"))
    along = math.cos(latitude)
    return along * math.cos(longitude), along * math.sin(longitude), math.sin(latitude)


def _number(value: Any) -> float:
    return float(value.text if isinstance(value, Odd) else value)


def _late(way: int, hours: int) -> bool:
    """Whether a way takes more hours: 1.3 times the distance at 70 km/h up to 600 km, else 700 km/h and 4 hours."""
    way -= DOUBT
    if way <= BY_ROAD - 2 * DOUBT:
        return way * 13 > hours * 700 * KILOMETRE
    return way > (hours - 4) * 700 * KILOMETRE
