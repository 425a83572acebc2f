"""The map of Europe with one linked point for each facility."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from markupsafe import Markup

from api.web.drawing.frame import HEIGHT, WIDTH, on_map
from api.web.drawing.svg import element, link

SMALLEST_RADIUS = 6.0
LARGEST_RADIUS = 22.0
BORDERS_NOTE = "Borders imply no position. Outlines: Natural Earth."


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A facility on the map; `size` (starts, or 0) sets the area of its point, `title` is read out and shown."""

    latitude: float
    longitude: float
    size: int
    href: str
    title: str


def europe_map(points: Sequence[MapPoint], *, outlines: str, title: str) -> Markup:
    """Draw the points, largest first so that none hides another, on the outlines served at address `outlines`."""
    largest = max((point.size for point in points), default=0)
    drawn = sorted(points, key=lambda point: (-point.size, point.title))
    return element(
        "svg",
        element("title", title),
        element("use", href=f"{outlines}#around", class_="land around"),
        element("use", href=f"{outlines}#within", class_="land within"),
        element("g", *(_point(point, largest) for point in drawn), class_="points"),
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        class_="map",
        role="group",
        aria_label=title,
    )


def radius(size: int, largest: int) -> float:
    """Return the radius whose area grows with `size`, between a point one can still hit and a fixed largest one."""
    if largest <= 0 or size <= 0:
        return SMALLEST_RADIUS
    return max(SMALLEST_RADIUS, LARGEST_RADIUS * sqrt(size / largest))


def _point(point: MapPoint, largest: int) -> Markup:
    x, y = on_map(point.latitude, point.longitude)
    kind = "point" if point.size else "point idle"
    circle = element("circle", cx=x, cy=y, r=radius(point.size, largest), class_=kind)
    return link(point.href, point.title, circle)
