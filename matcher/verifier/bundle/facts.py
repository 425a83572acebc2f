"""The snapshot by id, and the days of a stay that the plan counts in weeks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from matcher.verifier.plan import Placed

Record = dict[str, Any]
FOREVER = date.max


@dataclass(frozen=True, slots=True)
class Where:
    """A suite with the site and the facility it belongs to."""

    facility: Record
    site: Record
    suite: Record


class Snapshot:
    """The facts of a round: requests and suites by id."""

    def __init__(self, document: Record) -> None:
        self.document = document
        self.origin = date.fromisoformat(document["origin"])
        self.known_on = date.fromisoformat(document["known_on"])
        self.requests: dict[str, Record] = {request["id"]: request for request in document["requests"]}
        self.facilities: dict[str, Record] = {facility["id"]: facility for facility in document["facilities"]}
        self.suites: dict[str, Where] = {
            suite["id"]: Where(facility, site, suite)
            for facility in document["facilities"]
            for site in facility["sites"]
            for suite in site["suites"]
        }

    def first_day(self, placed: Placed) -> date:
        """The day a stay begins: the first start weekday of its week, Monday where any day will do."""
        weekdays = self.suites[placed.option.suite].suite["start_weekdays"]
        offset = min(weekdays) - 1 if weekdays else 0
        return self.origin + timedelta(days=7 * placed.start + offset)

    def last_day_out(self, placed: Placed, *, cleared: bool) -> date:
        """The first day after the stay; with its clearance when `cleared`, else with testing and certification."""
        product = self.requests[placed.request.id]["product"]
        after = self.suites[placed.option.suite].suite["clearance_days"]
        if not cleared:
            kinds = ("qc_results", "certifications")
            loads = [load for load in product["loads"] if load["kind"] in kinds and load["at"] == "end"]
            after = max((load["delay_days"] for load in loads), default=0)
        return self.first_day(placed) + timedelta(days=product["stay_days"] + after)


def period(record: Record) -> tuple[date, date]:
    """Return first day and first day after of a period; without end is for ever."""
    end = record["end"]
    return date.fromisoformat(record["start"]), FOREVER if end is None else date.fromisoformat(end)


def covered(first: date, last: date, periods: Iterable[tuple[date, date]]) -> date:
    """Return the first day from `first` that no period holds, `last` when all days before it are held."""
    day = first
    for start, end in sorted(periods):
        if start <= day:
            day = max(day, end)
    return min(day, last)
