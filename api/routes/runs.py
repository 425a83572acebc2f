"""Calculations, for those who oversee them; parties read their own part with their request."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.dependencies import SignedInDep
from api.paging import PageDep, instant_and_id, link_next
from api.preconditions import tag
from api.problems import answers
from api.schemas.page import Page
from api.schemas.runs import RunLine
from registry.errors import NotVisibleError
from registry.queries.facilities import shown_data_set
from registry.queries.runs import list_runs, one_run

router = APIRouter(tags=["runs"])


@router.get("/runs", responses=answers("not-authenticated", "invalid-input"))
def list_visible_runs(request: Request, response: Response, work: SignedInDep, page: PageDep) -> Page[RunLine]:
    """List calculations, newest first."""
    before = None if page.after is None else instant_and_id(page.after)
    found = list_runs(work.session, work.subject, shown_data_set(work.session), before=before, limit=page.limit + 1)
    shown = found[: page.limit]
    if len(found) > page.limit:
        link_next(request, response, (shown[-1].created_at.isoformat(), str(shown[-1].id)))
    return Page[RunLine](items=[RunLine.model_validate(run) for run in shown])


@router.get("/runs/{run_id}", responses=answers("not-authenticated", "not-found", "invalid-input"))
def read_run(run_id: UUID, work: SignedInDep, response: Response) -> RunLine:
    """Read a calculation: poll it while it works."""
    run = one_run(work.session, work.subject, run_id)
    if run is None:
        raise NotVisibleError("There is no such calculation.")
    tag(response, run.version)
    return RunLine.model_validate(run)
