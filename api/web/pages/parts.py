"""From a plan's values to what the templates of a plan show."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from api.web.drawing.calendar import written_span
from api.web.drawing.families import looks_of
from api.web.drawing.gantt import Bar, Gantt, Hatch, Row, gantt
from registry.queries.plan_view import PlanFacility, PlanRequest, PlanStay, PlanSuite, PlanView


@dataclass(frozen=True, slots=True)
class StayLine:
    """A start as a line of a table."""

    days: str
    request: str
    request_href: str
    facility: str
    facility_href: str
    suite: str
    patients: int


@dataclass(frozen=True, slots=True)
class Places:
    """The records of a plan by id."""

    facilities: dict[str, PlanFacility]
    suites: dict[str, PlanSuite]
    requests: dict[str, PlanRequest]


def places_of(view: PlanView) -> Places:
    """Return the plan's records by id."""
    return Places(
        facilities={facility.id: facility for facility in view.facilities},
        suites={suite.id: suite for suite in view.suites},
        requests={request.id: request for request in view.requests},
    )


def facility_href(facility: str) -> str:
    """Return the address of a facility's part of the plan."""
    return f"/plan/facilities/{quote(facility, safe='')}"


def request_href(request: str) -> str:
    """Return the address of a request's part of the plan."""
    return f"/plan/requests/{quote(request, safe='')}"


def starts_by_facility(view: PlanView) -> Counter[str]:
    """Return how many starts each facility has."""
    home = {suite.id: suite.facility for suite in view.suites}
    return Counter(home[stay.suite] for stay in view.stays)


def looks_in(view: PlanView) -> dict[str, int]:
    """Return the look of each process family, the same on every page of the plan."""
    return looks_of(request.family for request in view.requests)


def stay_lines(view: PlanView, stays: Iterable[PlanStay]) -> list[StayLine]:
    """Return stays as lines of a table, in order of their first day."""
    known = places_of(view)
    return [
        StayLine(
            days=written_span(stay.start, stay.end),
            request=known.requests[stay.request].label,
            request_href=request_href(stay.request),
            facility=known.facilities[known.suites[stay.suite].facility].label,
            facility_href=facility_href(known.suites[stay.suite].facility),
            suite=known.suites[stay.suite].label,
            patients=stay.patients,
        )
        for stay in sorted(stays, key=lambda stay: (stay.start, stay.request, stay.batch))
    ]


def gantt_of(view: PlanView, suites: Iterable[PlanSuite]) -> Gantt:
    """Draw the stays and closures of the suites, facilities by label, suites by label."""
    known = places_of(view)
    ordered = sorted(suites, key=lambda suite: (known.facilities[suite.facility].label, suite.facility, suite.label))
    shown = {suite.id for suite in ordered}
    return gantt(
        view.origin,
        view.weeks,
        rows=_rows(ordered, known),
        bars=[_bar(stay, known) for stay in view.stays if stay.suite in shown],
        hatches=[
            Hatch(
                closure.suite, closure.start, closure.end, f"{closure.text}, {written_span(closure.start, closure.end)}"
            )
            for closure in view.closures
            if closure.suite in shown
        ],
        looks=looks_in(view),
    )


def _rows(suites: Iterable[PlanSuite], known: Places) -> list[Row]:
    rows: list[Row] = []
    last = ""
    for suite in suites:
        heading = known.facilities[suite.facility].label if suite.facility != last else ""
        places = "1 place" if suite.places == 1 else f"{suite.places} places"
        rows.append(Row(suite.id, heading, f"{suite.label}, {places}", facility_href(suite.facility)))
        last = suite.facility
    return rows


def _bar(stay: PlanStay, known: Places) -> Bar:
    request = known.requests[stay.request]
    suite = known.suites[stay.suite]
    facility = known.facilities[suite.facility]
    return Bar(
        row=stay.suite,
        start=stay.start,
        end=stay.end,
        family=request.family,
        label=request.short,
        href=request_href(stay.request),
        title=f"{request.label}: {written_span(stay.start, stay.end)}, {facility.label}, {suite.label}",
    )


def starts_in_words(count: int) -> str:
    """Return "no starts", "1 start" or "5 starts"."""
    return {0: "no starts", 1: "1 start"}.get(count, f"{count} starts")
