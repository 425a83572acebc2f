"""How old the data of a calculation was, on the terminal."""

from rich.table import Table

from registry.cli.console import out
from registry.queries.data_age import AgeSummary, DataAge


def print_age(age: DataAge) -> None:
    """Print a line a facility, and all of them together."""
    table = Table(title=f"Calendars as known on {age.known_on}", title_justify="left")
    for column in ("facility", "promised", "confirmed on", "days old", "state"):
        table.add_column(column, justify="right" if column == "days old" else "left")
    for line in age.facilities:
        day, days = ("never", "") if line.confirmed_on is None else (str(line.confirmed_on), str(line.age_days))
        table.add_row(line.facility, line.rhythm.value, day, days, "" if line.state is None else line.state.value)
    if age.facilities:
        out.print(table)
    if age.summary is not None:
        out.print(summary_line(age.summary), markup=False, soft_wrap=True)


def summary_line(summary: AgeSummary) -> str:
    """Return all calendars of a calculation in one line."""
    left_out = f"{summary.excluded} excluded as overdue, {summary.never_confirmed} never confirmed"
    if summary.oldest_on is None or summary.median_days is None:
        return f"no calendar of {summary.facilities} was confirmed in time: {left_out}"
    return (
        f"calendars of {summary.facilities} facilities: the oldest was confirmed on {summary.oldest_on}, "
        f"{summary.oldest_days} days before, the median {summary.median_days:g} days; {left_out}"
    )
