"""A plan on the terminal: what was placed where and when, beside first-come-first-served, and why the rest waits."""

from collections.abc import Iterable
from datetime import date

from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from registry.queries.plan_view import PlanRequest, PlanView


def day_text(day: date) -> str:
    """A day as Europeans write it, "7 Dec 2026"."""
    return f"{day.day} {day:%b %Y}"


def print_plan(console: Console, view: PlanView) -> None:
    """Print the whole plan: headline, placed requests, waiting requests with every reason, notes."""
    console.print(_headline(view))
    console.print(_placed_table(view))
    console.print(_waiting_table(view))
    for note in view.notes:
        console.print(f"• {note}", markup=False)


def _headline(view: PlanView) -> Panel:
    table = Table(box=None, pad_edge=False)
    for column in ("", "patients who could be treated", "programmes served", "starts placed"):
        table.add_column(column, justify="left" if not column else "right")
    for name, measure in (
        ("this plan", view.plan),
        ("first come, first served", view.first_come),
        ("asked for", view.asked),
    ):
        style = "bold green" if name == "this plan" else ""
        table.add_row(name, str(measure.patients), str(measure.programmes), str(measure.starts), style=style)
    lines = Table.grid()
    lines.add_row(table)
    lines.add_row(f"\n{limit_text(view)}")
    lines.add_row(
        "Checked independently: every rule and number derived again." if view.checked else "NOT CHECKED: do not use."
    )
    lines.add_row(
        f"{view.weeks} weeks from Monday {day_text(view.origin)}; facts as known on {day_text(view.known_on)}."
    )
    title = f"{view.title}: licences, calendars and aliases are invented" if view.rehearsal else view.title
    return Panel(lines, title=title, border_style="yellow" if view.rehearsal else "none")


def limit_text(view: PlanView) -> str:
    """The proved limit in words."""
    if view.most_patients is None:
        return "How many could be treated at best is not proved."
    if view.most_patients >= view.asked.patients:
        return f"The proved limit does not exclude that all {view.asked.patients} patients could be treated."
    return f"Proved: with the urgent programmes served as here, no plan treats more than {view.most_patients} patients."


def _placed_table(view: PlanView) -> Table:
    table = Table(title="Placed", title_justify="left", show_lines=False)
    table.add_column("request")
    table.add_column("starts", justify="right")
    table.add_column("patients", justify="right")
    table.add_column("where")
    table.add_column("first to last start")
    facility_of = {suite.id: suite.facility for suite in view.suites}
    label = {facility.id: facility.label for facility in view.facilities}
    for request in (request for request in view.requests if request.placed):
        stays = [stay for stay in view.stays if stay.request == request.id]
        where = sorted({label[facility_of[stay.suite]] for stay in stays})
        first, last = min(stay.start for stay in stays), max(stay.start for stay in stays)
        table.add_row(
            request.label,
            f"{request.placed} of {request.starts}",
            f"{request.patients_placed} of {request.patients}",
            ", ".join(where),
            day_text(first) if first == last else f"{day_text(first)} – {day_text(last)}",
        )
    return table


def _waiting_table(view: PlanView) -> Table:
    table = Table(title="Not wholly placed: every reason", title_justify="left", show_lines=True)
    table.add_column("request")
    table.add_column("placed", justify="right")
    table.add_column("why (and at how many facilities)")
    for request in (request for request in view.requests if request.placed < request.starts):
        table.add_row(request.label, f"{request.placed} of {request.starts}", "\n".join(_reasons(request)))
    return table


def _reasons(request: PlanRequest) -> Iterable[str]:
    for obstacle in request.waiting_because:
        yield f"{obstacle.facilities:>3}  {obstacle.text} [dim]({obstacle.rule})[/dim]"
    if request.assumed:
        yield f"[dim]     assumed: {' '.join(request.assumed)}[/dim]"
