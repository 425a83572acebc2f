"""How far and how long: great-circle kilometres and hours door to door."""

from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0088
"""Mean radius, IUGG."""

ROAD_DETOUR = 1.3
ROAD_KM_PER_HOUR = 70.0
FLIGHT_BEYOND_KM = 600.0
FLIGHT_KM_PER_HOUR = 700.0
FLIGHT_HANDLING_HOURS = 4.0
"""The five figures above are assumptions of this platform, not measured and not sourced."""

Point = tuple[float, float]
"""Latitude and longitude in degrees (WGS 84)."""


def kilometres(one: Point, other: Point) -> float:
    """Great-circle distance in kilometres (haversine)."""
    latitude, longitude = radians(one[0]), radians(one[1])
    other_latitude, other_longitude = radians(other[0]), radians(other[1])
    rise = sin((other_latitude - latitude) / 2) ** 2
    run = sin((other_longitude - longitude) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(rise + cos(latitude) * cos(other_latitude) * run)))


def hours_door_to_door(km: float) -> float:
    """Hours on the way: by road up to 600 km, by flight with handling beyond."""
    if km <= FLIGHT_BEYOND_KM:
        return km * ROAD_DETOUR / ROAD_KM_PER_HOUR
    return FLIGHT_HANDLING_HOURS + km / FLIGHT_KM_PER_HOUR
