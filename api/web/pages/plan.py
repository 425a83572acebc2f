"""Parts of the plan: one facility, one request."""

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse

from api.web.drawing.families import legend
from api.web.pages.parts import gantt_of, looks_in, places_of, stay_lines
from api.web.plan import PlanDep
from api.web.templating import page

router = APIRouter(prefix="/plan")


@router.get("/facilities/{facility_id:path}")
def facility(facility_id: str, view: PlanDep) -> HTMLResponse:
    """Show what the plan places at a facility."""
    found = places_of(view).facilities.get(facility_id) if view else None
    if view is None or found is None:
        raise HTTPException(404, "This plan has no such facility.")
    suites = [suite for suite in view.suites if suite.facility == facility_id]
    ids = {suite.id for suite in suites}
    stays = [stay for stay in view.stays if stay.suite in ids]
    known = places_of(view)
    made_here = {known.requests[stay.request].family for stay in stays}
    return page(
        "plan/facility.html",
        here="plan",
        view=view,
        facility=found,
        stays=stay_lines(view, stays),
        legend=legend({family: look for family, look in looks_in(view).items() if family in made_here}),
        gantt=gantt_of(view, suites),
    )


@router.get("/requests/{request_id:path}")
def request(request_id: str, view: PlanDep) -> HTMLResponse:
    """Show where a request was placed and every reason for what was not."""
    found = places_of(view).requests.get(request_id) if view else None
    if view is None or found is None:
        raise HTTPException(404, "This plan has no such request.")
    stays = [stay for stay in view.stays if stay.request == request_id]
    return page("plan/request.html", here="plan", view=view, request=found, stays=stay_lines(view, stays))
