"""Jinja2 with escaping always on, and the few filters every page writes with."""

from pathlib import Path

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.web.drawing.calendar import written
from api.web.drawing.families import closed_swatch
from api.web.drawing.map import BORDERS_NOTE

HERE = Path(__file__).parent
STATIC = HERE / "static"


def number(value: int) -> str:
    """Return a whole number with thin spaces between thousands, as 12 345."""
    return f"{value:,}".replace(",", "\u202f")


def sentence(text: str) -> str:
    """Return the text with a capital first letter."""
    return text[:1].upper() + text[1:]


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["written"] = written
    environment.filters["number"] = number
    environment.filters["sentence"] = sentence
    environment.globals["borders_note"] = BORDERS_NOTE
    environment.globals["closed_swatch"] = closed_swatch()
    return environment


ENVIRONMENT = _environment()


def render(template: str, *, here: str = "", **values: object) -> str:
    """Return the page as text; `here` marks the entry of the navigation that is open."""
    return ENVIRONMENT.get_template(template).render(here=here, **values)


def page(template: str, *, status: int = 200, here: str = "", **values: object) -> HTMLResponse:
    """Return the page as a response."""
    return HTMLResponse(render(template, here=here, **values), status_code=status)
