"""The directory: facilities known from public sources, unverified, and never mixed with a rehearsal."""

from collections import Counter
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from api.dependencies import AnyoneDep
from api.web.drawing.map import MapPoint, europe_map
from api.web.pages.outlines import OUTLINES_ADDRESS
from api.web.templating import page
from api.web.words import MAKES, country, makes
from registry.queries.facilities import FacilityFilter, FacilityLine, list_facilities
from registry.vocabulary.lifecycle import DataSet

router = APIRouter()


@dataclass(frozen=True, slots=True)
class DirectoryLine:
    """A facility as a line of the table; `address` is a link when the source is a page."""

    anchor: str
    name: str
    organisation: str
    place: str
    makes: str
    serves: str
    status: str
    source: str
    address: str | None


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of a list to choose from."""

    value: str
    text: str
    chosen: bool


Asked = Annotated[str, Query(max_length=80, pattern=r"^[^\x00]*$")]


@router.get("/directory")
def directory(
    work: AnyoneDep,
    q: Asked = "",
    country_code: Annotated[Asked, Query(alias="country")] = "",
    product_class: Asked = "",
) -> HTMLResponse:
    """Show the directory on a map and as a table, narrowed by name, country and class."""
    everything = list_facilities(work.session, work.subject, DataSet.DIRECTORY)
    narrowed = FacilityFilter(country=country_code or None, product_class=product_class or None, text=q.strip() or None)
    found = list_facilities(work.session, work.subject, DataSet.DIRECTORY, narrowed)
    places = Counter(line.country for line in everything)
    return page(
        "directory/index.html",
        here="directory",
        lines=[_line(line) for line in found],
        all=len(everything),
        q=q,
        countries=[
            Choice(code, f"{country(code)} ({count})", code == country_code)
            for code, count in sorted(places.items(), key=lambda known: country(known[0]))
        ],
        classes=[Choice(code, words, code == product_class) for code, words in MAKES.items()],
        map=europe_map(
            [point for line in found if (point := _point(line))],
            outlines=OUTLINES_ADDRESS,
            title="Facilities of the directory on a map of Europe",
        ),
    )


def _point(line: FacilityLine) -> MapPoint | None:
    if line.latitude is None or line.longitude is None:
        return None
    where = f"{line.city}, {country(line.country)}" if line.city else country(line.country)
    return MapPoint(line.latitude, line.longitude, 0, f"#{_anchor(line)}", f"{line.name}: {where}")


def _anchor(line: FacilityLine) -> str:
    return f"facility-{line.id}"


def _line(line: FacilityLine) -> DirectoryLine:
    source = line.source_note or ""
    address = next((word for word in source.split() if word.startswith(("https://", "http://"))), None)
    return DirectoryLine(
        anchor=_anchor(line),
        name=line.name,
        organisation=line.organisation,
        place=f"{line.city}, {country(line.country)}" if line.city else country(line.country),
        makes=makes(line.product_classes),
        serves=line.service_model.value,
        status=line.status.value,
        source=source,
        address=address,
    )
