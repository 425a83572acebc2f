"""Hours door to door for every pair at once; what lies on the edge of a limit is left to the plain function."""

from collections.abc import Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

from matcher.eligibility import distance
from matcher.eligibility.dated import Basis
from matcher.eligibility.distance import Point
from matcher.eligibility.rule import Rule
from matcher.eligibility.table import CODE, Answers, Codes, Index, Sides
from matcher.eligibility.transport import Spot, Way
from registry.vocabulary.results import Status

Hours = NDArray[np.float64]

EDGE = 1e-6
"""Hours nearer to a limit than this are decided by the plain function, so rounding cannot make the two differ."""


def hours_to(point: Point, latitudes: Hours, longitudes: Hours) -> Hours:
    """Hours door to door from one point to many; the formulas of `matcher.eligibility.distance`."""
    latitude, longitude = np.radians(point[0]), np.radians(point[1])
    there, across = np.radians(latitudes), np.radians(longitudes)
    rise = np.sin((there - latitude) / 2) ** 2
    run = np.sin((across - longitude) / 2) ** 2
    root = np.sqrt(rise + np.cos(latitude) * np.cos(there) * run)
    km = 2 * distance.EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, root))
    road = km * distance.ROAD_DETOUR / distance.ROAD_KM_PER_HOUR
    flight = distance.FLIGHT_HANDLING_HOURS + km / distance.FLIGHT_KM_PER_HOUR
    hours: Hours = np.where(km <= distance.FLIGHT_BEYOND_KM, road, flight)
    hours[np.abs(km - distance.FLIGHT_BEYOND_KM) < EDGE] = np.nan
    return hours


def distance_answers(rule: Rule, sides: Sides) -> Answers:
    """The answers of a rule about fresh material or product."""
    asked, rows = sides.asked(rule)
    offered, columns = sides.offered(rule)
    spots = cast("list[Spot]", offered)
    latitudes = np.array([np.nan if spot[0] is None else spot[0] for spot in spots])
    longitudes = np.array([np.nan if spot[1] is None else spot[1] for spot in spots])
    placeless = np.flatnonzero(np.isnan(latitudes) | np.isnan(longitudes))
    hours: dict[Point, Hours] = {}
    codes = np.zeros((len(asked), len(offered)), dtype=np.uint8)
    for i, question in enumerate(asked):
        way = cast("Way", question)
        for point in way[2]:
            if point not in hours:
                hours[point] = hours_to(point, latitudes, longitudes)
        codes[i] = _codes(rule, way, spots, placeless, [hours[point] for point in way[2]])
    return Answers(codes, rows, columns)


def _codes(rule: Rule, way: Way, spots: Sequence[Spot], placeless: Index, hours: Sequence[Hours]) -> Codes:
    fresh, limit, _ = way
    if not spots:
        return np.zeros(0, dtype=np.uint8)
    if not fresh or limit is None or not hours:
        return np.full(len(spots), _plain(rule, way, spots[0]), dtype=np.uint8)
    needed = np.array(hours)
    late = (needed > limit).sum(axis=0)
    some = np.where(late == len(hours), CODE[Status.FAIL], CODE[Status.CONDITIONAL])
    codes: Codes = np.where(late == 0, CODE[Status.PASS], some).astype(np.uint8)
    doubtful: NDArray[np.bool_] = np.any(np.isnan(needed) | (np.abs(needed - limit) < EDGE), axis=0)
    if placeless.size:
        codes[placeless] = _plain(rule, way, spots[placeless[0]])
        doubtful[placeless] = False
    for j in np.flatnonzero(doubtful).tolist():
        codes[j] = _plain(rule, way, spots[j])
    return codes


def _plain(rule: Rule, way: Way, spot: Spot) -> int:
    found = rule.check(way, spot)
    if isinstance(found, Basis):
        raise TypeError(f"rule {rule.id} answers with periods")
    return CODE[found.status]
