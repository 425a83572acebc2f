"""The part of Europe that is drawn, from Iceland to Cyprus and from the Algarve to the North Cape."""

from api.web.drawing.projection import easting_northing

WEST, EAST = 2_450_000.0, 6_600_000.0
SOUTH, NORTH = 1_380_000.0, 5_460_000.0
WIDTH = 1000
METRES_PER_UNIT = (EAST - WEST) / WIDTH
HEIGHT = round((NORTH - SOUTH) / METRES_PER_UNIT)


def on_map(latitude: float, longitude: float) -> tuple[float, float]:
    """Return x to the right and y downwards, in units of the drawing."""
    east, north = easting_northing(latitude, longitude)
    return (east - WEST) / METRES_PER_UNIT, (NORTH - north) / METRES_PER_UNIT
