"""ETRS89-LAEA (EPSG:3035), the equal-area map of Europe that its institutions use.

Formulas: IOGP Guidance Note 7-2, section Lambert Azimuthal Equal Area (EPSG method 9820), ellipsoid GRS 1980.
"""

from math import asin, cos, log, radians, sin, sqrt

SEMI_MAJOR = 6_378_137.0
FLATTENING = 1 / 298.257222101
ORIGIN_LATITUDE = radians(52.0)
ORIGIN_LONGITUDE = radians(10.0)
FALSE_EASTING = 4_321_000.0
FALSE_NORTHING = 3_210_000.0

_ECC2 = FLATTENING * (2 - FLATTENING)
_ECC = sqrt(_ECC2)


def _authalic(sine: float) -> float:
    """Return q of the guidance note for the sine of a geodetic latitude."""
    scaled = _ECC * sine
    return (1 - _ECC2) * (sine / (1 - scaled * scaled) - log((1 - scaled) / (1 + scaled)) / (2 * _ECC))


_Q_POLE = _authalic(1.0)
_BETA_ORIGIN = asin(_authalic(sin(ORIGIN_LATITUDE)) / _Q_POLE)
_RADIUS = SEMI_MAJOR * sqrt(_Q_POLE / 2)
_STRETCH = (
    SEMI_MAJOR * cos(ORIGIN_LATITUDE) / (sqrt(1 - _ECC2 * sin(ORIGIN_LATITUDE) ** 2) * _RADIUS * cos(_BETA_ORIGIN))
)


def easting_northing(latitude: float, longitude: float) -> tuple[float, float]:
    """Return easting and northing in metres of a place given in degrees (ETRS89, as good as WGS 84 here)."""
    beta = asin(max(-1.0, min(1.0, _authalic(sin(radians(latitude))) / _Q_POLE)))
    turn = radians(longitude) - ORIGIN_LONGITUDE
    nearness = 1 + sin(_BETA_ORIGIN) * sin(beta) + cos(_BETA_ORIGIN) * cos(beta) * cos(turn)
    reach = _RADIUS * sqrt(2 / nearness)
    east = reach * _STRETCH * cos(beta) * sin(turn)
    north = reach / _STRETCH * (cos(_BETA_ORIGIN) * sin(beta) - sin(_BETA_ORIGIN) * cos(beta) * cos(turn))
    return FALSE_EASTING + east, FALSE_NORTHING + north
