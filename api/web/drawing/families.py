"""One look per process family: a colour, a weave for those who do not see the colour, and its name in a legend."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from api.web.drawing.svg import element

COLOURS = 8
LOOKS = 64
_SIZE = 8
_WEAVES: tuple[str, ...] = (
    "",
    "M0,8L8,0",
    "M0,4H8",
    "M0,0L8,8",
    "M4,0V8",
    "M0,0L8,8M0,8L8,0",
    "M0,4H8M4,0V8",
    "M2,4H6M4,2V6",
)


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A family and a swatch drawn as its bars are."""

    name: str
    swatch: Markup


def looks_of(families: Iterable[str]) -> dict[str, int]:
    """Return the look of each family, by alphabet, so that the same families always look the same."""
    return {family: index % LOOKS for index, family in enumerate(sorted(set(families)))}


def weaves() -> Markup:
    """Return the definitions all drawings of a page share: one weave for each look, and the hatching of closures."""
    patterns = [_pattern(f"weave-{index}", "weave-line", path) for index, path in enumerate(_WEAVES)]
    return element("defs", *patterns, _pattern("closed", "closed-line", "M0,8L8,0"))


def body(look: int, **place: float) -> tuple[Markup, Markup]:
    """Return the two rectangles of a bar: the colour, and the weave over it; no two looks share both."""
    colour, weave = look % COLOURS, (look + look // COLOURS) % len(_WEAVES)
    return (
        element("rect", class_=f"bar family-{colour}", rx=3, **place),
        element("rect", class_="weave", fill=f"url(#weave-{weave})", rx=3, **place),
    )


def legend(looks: Mapping[str, int]) -> tuple[LegendEntry, ...]:
    """Return the families in the order of their looks; it needs the definitions of `weaves` on the same page."""
    return tuple(LegendEntry(family, _swatch(look)) for family, look in sorted(looks.items()))


def closed_swatch() -> Markup:
    """Return the swatch of closures."""
    area = element("rect", x=1, y=1, width=26, height=14, class_="closed", fill="url(#closed)")
    return element("svg", area, viewBox="0 0 28 16", class_="swatch", aria_hidden="true")


def _swatch(look: int) -> Markup:
    return element(
        "svg", *body(look, x=1, y=1, width=26, height=14), viewBox="0 0 28 16", class_="swatch", aria_hidden="true"
    )


def _pattern(name: str, kind: str, path: str) -> Markup:
    drawn = element("path", d=path, class_=kind) if path else Markup("")
    return element("pattern", drawn, id=name, width=_SIZE, height=_SIZE, patternUnits="userSpaceOnUse")
