"""facilities: the list that this installation shows, as a table or as JSON."""

import json
from typing import Annotated

import typer
from rich.table import Table

from registry.cli.acting import acting
from registry.cli.console import out, say
from registry.queries.facilities import FacilityLine


def register(app: typer.Typer) -> None:
    """Add the command to the console command."""
    app.command("facilities")(facilities)


def facilities(
    context: typer.Context,
    matchable: Annotated[bool, typer.Option("--matchable", help="Only those that a round may propose.")] = False,
    directory: Annotated[bool, typer.Option("--directory", help="The public, unverified directory.")] = False,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="At most so many.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON list of objects.")] = False,
) -> None:
    """List facilities: the rehearsal while one is loaded, else those in real use; never two sets together."""
    from registry.database import unit_of_work
    from registry.queries.facilities import FacilityFilter, list_facilities, shown_data_set
    from registry.vocabulary.lifecycle import DataSet

    subject = acting(context)
    with unit_of_work(subject) as session:
        data_set = DataSet.DIRECTORY if directory else shown_data_set(session)
        found = list_facilities(session, subject, data_set, FacilityFilter(matchable=matchable), limit=limit)
    if as_json:
        typer.echo(json.dumps([_document(line) for line in found], ensure_ascii=False, indent=1))
        return
    out.print(_table(found, data_set.value))
    if not found and not directory:
        say(
            "Nothing here yet. Load the rehearsal with: gmphub demo --once, or look at the directory: gmphub facilities --directory"
        )


def _document(line: FacilityLine) -> dict[str, object]:
    return {
        "id": str(line.id),
        "name": line.name,
        "country": line.country,
        "service_model": line.service_model.value,
        "status": line.status.value,
        "product_classes": list(line.product_classes),
        "confirmed": line.confirmed,
        "invented": line.invented,
        "source": line.source_note,
    }


def _table(found: list[FacilityLine], data_set: str) -> Table:
    marks = {"directory": "unverified: none of it is a licence", "rehearsal": "licences and calendars are invented"}
    table = Table(
        title=f"{len(found)} facilities ({data_set}{'; ' if data_set in marks else ''}{marks.get(data_set, '')})"
    )
    for column in ("name", "country", "serves", "makes", "confirmed by its QA"):
        table.add_column(column)
    for line in found:
        makes = ", ".join(line.product_classes)
        table.add_row(line.name, line.country, line.service_model.value, makes, "yes" if line.confirmed else "no")
    return table
