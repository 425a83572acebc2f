"""search: facilities by everything the searcher may know of them, as a table or as JSON."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from rich.table import Table

from registry.cli.acting import acting
from registry.cli.console import out, say
from registry.vocabulary.facilities import Freshness, Grade, ServiceModel
from registry.vocabulary.lifecycle import DataSet, Publication
from registry.vocabulary.products import WorkingMode
from registry.vocabulary.regulation import AuthorisationKind

if TYPE_CHECKING:
    from registry.access.subject import Subject
    from registry.queries.search import Filters, Found, FreeStarts, Key, Near

Value = TypeVar("Value")
MOST_COUNTS_SHOWN = 8
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]
Text = Annotated[str | None, typer.Argument(help="Words of name, organisation or city; typing errors count.")]
Point = Annotated[str | None, typer.Option(metavar="LAT,LON", help="Sort by distance from here, in degrees.")]
Kilometres = Annotated[float | None, typer.Option(metavar="KM", help="At most so far from --near.")]
Classes = Annotated[list[str] | None, typer.Option("--class", help="Makes this class; repeat for all.")]
Families = Annotated[list[str] | None, typer.Option(help="Accepts this process family; repeat for all.")]
Experience = Annotated[list[str] | None, typer.Option(help="Has made this process family; repeat for all.")]
Grades = Annotated[list[Grade] | None, typer.Option(help="A suite of one of these grades.")]
Modes = Annotated[list[WorkingMode] | None, typer.Option(help="A suite of one of these modes.")]
Devices = Annotated[list[str] | None, typer.Option(help="This class in one suite; repeat for all.")]
Licences = Annotated[list[AuthorisationKind] | None, typer.Option(help="A valid licence of one of these.")]
Scopes = Annotated[list[str] | None, typer.Option(help="This operation on one licence; repeat for all.")]
Languages = Annotated[list[str] | None, typer.Option(help="Speaks this language; repeat for all.")]
Models = Annotated[list[ServiceModel] | None, typer.Option(help="One of these service models.")]
Countries = Annotated[list[str] | None, typer.Option(help="In one of these countries, as they are shown.")]
States = Annotated[list[Freshness] | None, typer.Option(help="A calendar in one of these states.")]
Publications = Annotated[list[Publication] | None, typer.Option(help="In one of these states.")]
Fewest = Annotated[int, typer.Option(help="At least so many starts free between the two days.")]
Platform = Annotated[str | None, typer.Option(help="Free starts on this platform only.")]
Directory = Annotated[bool, typer.Option("--directory", help="The public, unverified directory.")]
Limit = Annotated[int, typer.Option(min=1, max=200, help="Facilities on a page.")]
After = Annotated[str | None, typer.Option(help="Where the page before ended.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]


def register(app: typer.Typer) -> None:
    """Add the command to the console command."""
    app.command("search")(search)


def search(
    context: typer.Context,
    text: Text = None,
    near: Point = None,
    within: Kilometres = None,
    product_class: Classes = None,
    family: Families = None,
    experience: Experience = None,
    grade: Grades = None,
    mode: Modes = None,
    equipment: Devices = None,
    licence: Licences = None,
    scope: Scopes = None,
    language: Languages = None,
    serves: Models = None,
    country: Countries = None,
    freshness: States = None,
    publication: Publications = None,
    free_from: Day = None,
    free_to: Day = None,
    free_starts: Fewest = 1,
    platform: Platform = None,
    directory: Directory = False,
    limit: Limit = 20,
    after: After = None,
    as_json: AsJson = False,
) -> None:
    """Search facilities; every filter narrows, and what you may not know you may not search by."""
    from registry.queries.search import Filters

    filters = Filters(
        text=text,
        near=_near(near, within),
        product_classes=_set(product_class),
        families=_set(family),
        experience=_set(experience),
        grades=_set(grade),
        modes=_set(mode),
        licence_kinds=_set(licence),
        scope_codes=_set(scope),
        equipment=_set(equipment),
        languages=_set(language),
        service_models=_set(serves),
        countries=_set(country),
        freshness=_set(freshness),
        publications=_set(publication),
        free_starts=_free(free_from, free_to, free_starts, platform),
    )
    _show(acting(context), filters, _key(after), directory=directory, limit=limit, as_json=as_json)


def _show(
    subject: "Subject", filters: "Filters", after: "Key | None", *, directory: bool, limit: int, as_json: bool
) -> None:
    from registry.database import unit_of_work
    from registry.queries.facilities import shown_data_set
    from registry.queries.search import search as search_facilities

    with unit_of_work(subject) as session:
        data_set = DataSet.DIRECTORY if directory else shown_data_set(session)
        found = search_facilities(session, subject, data_set, filters, after=after, limit=limit)
    if as_json:
        typer.echo(json.dumps(_document(found), ensure_ascii=False, indent=1, default=str))
        return
    _print(found, filters)


def _set(values: list[Value] | None) -> frozenset[Value]:
    return frozenset(values or ())


def _near(near: str | None, within: float | None) -> "Near | None":
    from registry.queries.search import Near

    if near is None:
        if within is not None:
            raise typer.BadParameter("needs --near LAT,LON to measure from.", param_hint="--within")
        return None
    try:
        latitude, longitude = map(float, near.split(","))
    except ValueError as error:
        raise typer.BadParameter(f"{near!r} is not two numbers, such as 48.21,16.37.", param_hint="--near") from error
    return Near(latitude, longitude, within)


def _free(first: datetime | None, end: datetime | None, fewest: int, platform: str | None) -> "FreeStarts | None":
    from registry.queries.search import FreeStarts

    if first is None and end is None and platform is None and fewest == 1:
        return None
    if first is None or end is None:
        raise typer.BadParameter("free starts need both --free-from and --free-to.", param_hint="--free-from")
    return FreeStarts(first.date(), end.date(), fewest, platform)


def _key(after: str | None) -> "Key | None":
    from registry.queries.search.answer import read_key

    if after is None:
        return None
    try:
        parts = json.loads(urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        key = read_key(tuple(map(str, parts)))
    except (ValueError, TypeError):
        key = None
    if key is None:
        raise typer.BadParameter("is not where a page ended; copy it from the page before.", param_hint="--after")
    return key


def _word(key: "Key") -> str:
    return urlsafe_b64encode(json.dumps(key.parts()).encode()).decode().rstrip("=")


def _document(found: "Found") -> dict[str, Any]:
    return {
        "data_set": found.data_set.value,
        "total": found.total,
        "limited": list(found.limited),
        "facilities": [asdict(one) for one in found.facilities],
        "counts": {
            facet.value: {one.value: one.facilities for one in counts} for facet, counts in found.counts.items()
        },
        "after": None if found.next is None else _word(found.next),
    }


def _print(found: "Found", filters: "Filters") -> None:
    marks = {DataSet.DIRECTORY: "; unverified: none of it is a licence", DataSet.REHEARSAL: "; all of it is invented"}
    table = Table(title=f"{found.total} facilities ({found.data_set.value}{marks.get(found.data_set, '')})")
    for column in ("name", "organisation", "where", "why here"):
        table.add_column(column)
    for one in found.facilities:
        where = one.country if one.city is None else f"{one.city}, {one.country}"
        table.add_row(one.name, one.organisation, where, "; ".join(one.reasons))
    out.print(table)
    for facet, counts in found.counts.items():
        most = sorted(counts, key=lambda one: (-one.facilities, one.value))[:MOST_COUNTS_SHOWN]
        chosen = filters.chosen(facet)
        words = (f"{'*' if one.value in chosen else ''}{one.value} {one.facilities}" for one in most)
        out.print(f"{facet.value.replace('_', ' ')}: {', '.join(words)}", markup=False)
    for name in found.limited:
        say(f"{name.replace('_', ' ')}: looked only at your own facilities; of others you may not know it.")
    if found.next is not None:
        say(f"More: add --after {_word(found.next)}")
