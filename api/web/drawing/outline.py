"""The country outlines of seed_data/europe.geojson as one SVG document that every map refers to."""

from collections.abc import Iterable
from typing import TypedDict

from markupsafe import Markup

from api.web.drawing.frame import HEIGHT, WIDTH, on_map
from api.web.drawing.svg import element

UNION_AND_EEA = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "HR",
        "CY",
        "CZ",
        "DK",
        "EE",
        "FI",
        "FR",
        "DE",
        "GR",
        "HU",
        "IE",
        "IT",
        "LV",
        "LT",
        "LU",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SK",
        "SI",
        "ES",
        "SE",
        "AX",
        "IS",
        "LI",
        "NO",
    ]
)
"""Where the EU rules for advanced therapies apply (Union and EEA)."""

Position = tuple[float, float]
Ring = list[Position]


class Geometry(TypedDict):
    """Polygon or MultiPolygon as GeoJSON writes it, longitude first."""

    type: str
    coordinates: list[list[Ring]] | list[Ring]


class Properties(TypedDict):
    """What each outline says of itself."""

    iso: str
    name: str


class Feature(TypedDict):
    """One country."""

    properties: Properties
    geometry: Geometry


class Outlines(TypedDict):
    """The whole file; `source` says where the lines come from and what they do not mean."""

    source: str
    features: list[Feature]


def outline_document(outlines: Outlines) -> Markup:
    """Return an SVG with the groups `within` (Union and EEA) and `around`, to be referred to with <use>."""
    within = [feature for feature in outlines["features"] if feature["properties"]["iso"] in UNION_AND_EEA]
    around = [feature for feature in outlines["features"] if feature["properties"]["iso"] not in UNION_AND_EEA]
    return element(
        "svg",
        element("g", *map(_country, around), id="around"),
        element("g", *map(_country, within), id="within"),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
    )


def _country(feature: Feature) -> Markup:
    rings = (ring for polygon in _polygons(feature["geometry"]) for ring in polygon)
    return element("path", d=" ".join(_path(ring) for ring in rings))


def _polygons(geometry: Geometry) -> list[list[Ring]]:
    if geometry["type"] == "Polygon":
        return [geometry["coordinates"]]  # type: ignore[list-item]
    return geometry["coordinates"]  # type: ignore[return-value]


def _path(ring: Iterable[Position]) -> str:
    points = (on_map(latitude, longitude) for longitude, latitude in ring)
    return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in points) + "Z"
