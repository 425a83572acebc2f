"""Free starts of the generated rows, week by week and day by day, without columns or the database."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from registry import models
from registry.bench.thousand import Generated
from registry.queries.search import FreeStarts
from registry.vocabulary.lifecycle import BookingKind

Row = dict[str, Any]
DAY, WEEK = timedelta(days=1), timedelta(days=7)


def plain_free_starts(made: Generated, asked: FreeStarts) -> Counter[object]:
    """The free starts of each facility that has any."""
    found: Counter[object] = Counter()
    begun = stays(made)
    closures = by_facility(made, models.Closure)
    for facility, statements in by_facility(made, models.StartsStatement).items():
        for monday in mondays(asked):
            declared = sum(one["starts_per_week"] for one in statements if holds(one, monday, asked.platform))
            if not shut(closures[facility], monday):
                found[facility] += max(0, declared - begun[facility, monday])
    return found


def by_facility(made: Generated, model: type[models.Base]) -> defaultdict[object, list[Row]]:
    rows: defaultdict[object, list[Row]] = defaultdict(list)
    for row in made.rows[model]:
        rows[row["facility_id"]].append(row)
    return rows


def stays(made: Generated) -> Counter[tuple[object, date]]:
    """How many stays for others begin at a facility in the week of a Monday; each generated one holds one place."""
    begun: Counter[tuple[object, date]] = Counter()
    for row in made.rows[models.Booking]:
        day = row["starts"]
        assert isinstance(day, date)
        if row["kind"] != BookingKind.OWN:
            begun[row["facility_id"], day - day.weekday() * DAY] += 1
    return begun


def mondays(asked: FreeStarts) -> Iterator[date]:
    """The Mondays of the whole weeks."""
    day = asked.first
    while day.weekday() != 0:
        day += DAY
    while day + WEEK <= asked.end:
        yield day
        day += WEEK


def holds(statement: Row, monday: date, platform: str | None) -> bool:
    """Whether a statement is a number for all of a week."""
    return (
        statement["starts_class"] != "on_enquiry"
        and platform in {None, statement["platform"]}
        and statement["starts"] <= monday
        and (statement["ends"] is None or statement["ends"] >= monday + WEEK)
    )


def shut(closures: list[Row], monday: date) -> bool:
    """Whether one closure takes Monday to Friday; every year, where it is repeated."""
    for row in closures:
        for years in range(4 if row["recurrence"] else 1):
            first = row["starts"].replace(year=row["starts"].year + years)
            if first <= monday and monday + 5 * DAY <= first + (row["ends"] - row["starts"]):
                return True
    return False
