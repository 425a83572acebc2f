"""Great-circle distances on a sphere."""

import numpy as np
from numpy.typing import NDArray

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the WGS 84 ellipsoid (IUGG)."""


def distances_km(
    latitude: float, longitude: float, latitudes: NDArray[np.float64], longitudes: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the haversine distance from a point to each place in kilometres; all angles in degrees.

    hav(d / R) = hav(Δlatitude) + cos(latitude 1) cos(latitude 2) hav(Δlongitude), hav(x) = sin²(x / 2).
    """
    here, there = np.radians(latitude), np.radians(latitudes)
    north = np.sin((there - here) / 2) ** 2
    east = np.sin(np.radians(longitudes - longitude) / 2) ** 2
    hav = np.clip(north + np.cos(here) * np.cos(there) * east, 0.0, 1.0)
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(hav)), dtype=np.float64)
