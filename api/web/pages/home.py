"""The first page: what the plan achieves, where, when, and what is waiting and why."""

from collections import Counter
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from api.web.drawing.families import legend
from api.web.drawing.map import MapPoint, europe_map
from api.web.drawing.scale import scale
from api.web.pages.outlines import OUTLINES_ADDRESS
from api.web.pages.parts import facility_href, gantt_of, looks_in, starts_by_facility, starts_in_words
from api.web.plan import PlanDep
from api.web.templating import page, render
from registry.queries.plan_view import PlanRequest, PlanView

BUSIEST = 10

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Figure:
    """A headline number of the plan beside what was asked for and what first come, first served would reach."""

    name: str
    asked: int
    plan: int
    first_come: int
    lesser: bool = False

    @property
    def gain(self) -> int:
        """How much more than first come, first served."""
        return self.plan - self.first_come

    @property
    def scale(self) -> Markup:
        """The figure as a drawing."""
        title = f"{self.name}: {self.plan} of {self.asked}; first come, first served: {self.first_come}"
        return scale(asked=self.asked, reached=self.plan, mark=self.first_come, title=title)


@dataclass(frozen=True, slots=True)
class FacilityLine:
    """A facility with its share of the plan."""

    label: str
    href: str
    starts: int
    patients: int


@dataclass(frozen=True, slots=True)
class ReasonShare:
    """For how many waiting requests a reason stands first."""

    text: str
    rule: str
    requests: int


@router.get("/")
def home(view: PlanDep) -> HTMLResponse:
    """Show the plan, or say how to get one."""
    if view is None:
        return page("home/empty.html", here="plan")
    return HTMLResponse(render_home(view))


def render_home(view: PlanView) -> str:
    """Return the first page of a plan as text."""
    starts = starts_by_facility(view)
    used = {stay.suite for stay in view.stays}
    waiting = waiting_first(view)
    return render(
        "home/index.html",
        here="plan",
        view=view,
        figures=_figures(view),
        busy=len(starts),
        map=_map(view, starts),
        busiest=_busiest(view, starts),
        legend=legend(looks_in(view)),
        gantt=gantt_of(view, (suite for suite in view.suites if suite.id in used)),
        waiting=waiting,
        first_reasons=first_reasons(waiting),
    )


def waiting_first(view: PlanView) -> list[PlanRequest]:
    """Return the requests not wholly placed, most patients waiting first."""
    waiting = (request for request in view.requests if request.placed < request.starts)
    return sorted(waiting, key=lambda request: (request.patients_placed - request.patients, request.label))


def first_reasons(waiting: list[PlanRequest]) -> list[ReasonShare]:
    """Return how often each rule is the first reason of a waiting request, with the words of its first use."""
    words = {
        request.waiting_because[0].rule: request.waiting_because[0].text
        for request in reversed(waiting)
        if request.waiting_because
    }
    counts = Counter(request.waiting_because[0].rule for request in waiting if request.waiting_because)
    return [ReasonShare(words[rule], rule, count) for rule, count in counts.most_common()]


def _figures(view: PlanView) -> tuple[Figure, ...]:
    asked, plan, other = view.asked, view.plan, view.first_come
    return (
        Figure("Patients who could be treated", asked.patients, plan.patients, other.patients),
        Figure("Programmes served", asked.programmes, plan.programmes, other.programmes),
        Figure("Starts placed", asked.starts, plan.starts, other.starts, lesser=True),
    )


def _map(view: PlanView, starts: Counter[str]) -> Markup:
    points = [
        MapPoint(
            latitude=facility.latitude,
            longitude=facility.longitude,
            size=starts[facility.id],
            href=facility_href(facility.id),
            title=f"{facility.label}: {starts_in_words(starts[facility.id])}",
        )
        for facility in view.facilities
        if facility.latitude is not None and facility.longitude is not None
    ]
    return europe_map(points, outlines=OUTLINES_ADDRESS, title="Facilities of this plan on a map of Europe")


def _busiest(view: PlanView, starts: Counter[str]) -> list[FacilityLine]:
    home_of = {suite.id: suite.facility for suite in view.suites}
    patients: Counter[str] = Counter()
    for stay in view.stays:
        patients[home_of[stay.suite]] += stay.patients
    ordered = sorted(view.facilities, key=lambda facility: (-starts[facility.id], facility.label))
    return [
        FacilityLine(facility.label, facility_href(facility.id), starts[facility.id], patients[facility.id])
        for facility in ordered[:BUSIEST]
        if starts[facility.id]
    ]
