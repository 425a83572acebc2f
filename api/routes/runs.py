"""Calculations, for those who oversee them; parties read their own part with their request."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.allowed_calculations import runs_shown
from api.dependencies import SignedInDep, allowed_to, identified, signed_in
from api.idempotency import OnceDep
from api.paging import PageDep, cut, instant_and_id
from api.preconditions import VersionDep, check_version, tag
from api.problems import CHANGING, READING, ApiError, answers
from api.schemas.page import Page
from api.schemas.runs import DataAgeFull, RunEvent, RunLine
from api.seen import SeenRun
from registry.access.permissions import Permission
from registry.errors import DomainError, NotVisibleError
from registry.queries.facilities import shown_data_set
from registry.queries.rounds import FINISHED, progress_of
from registry.queries.runs import list_runs, one_run
from registry.services.rounds import cancel_run
from registry.services.run_age import age_of_run

router = APIRouter(tags=["runs"])
SECONDS_BETWEEN_EVENTS = 1.0


@router.get("/runs", responses=answers("not-authenticated", "invalid-input"))
def list_visible_runs(request: Request, response: Response, work: SignedInDep, page: PageDep) -> Page[RunLine]:
    """List calculations, newest first."""
    before = None if page.after is None else instant_and_id(page.after)
    found = list_runs(work.session, work.subject, shown_data_set(work.session), before=before, limit=page.limit + 1)
    shown = cut(request, response, page, found, lambda last: (last.created_at.isoformat(), str(last.id)))
    return Page[RunLine](items=runs_shown(work.session, work.subject, shown))


@router.get("/runs/{run_id}", responses=answers("not-authenticated", "not-found", "invalid-input"))
def read_run(run_id: UUID, work: SignedInDep, response: Response) -> RunLine:
    """Read a calculation: poll it while it works."""
    run = one_run(work.session, work.subject, run_id)
    if run is None:
        raise NotVisibleError("There is no such calculation.")
    tag(response, run.version)
    return runs_shown(work.session, work.subject, [run])[0]


@router.get("/runs/{run_id}/data-age", responses=answers(*READING))
def read_data_age(run_id: UUID, work: SignedInDep) -> DataAgeFull:
    """Read how old the data was that a calculation rests on: overseers of all facilities, others of published ones."""
    age = age_of_run(work.session, work.subject, run_id)
    if age is None:
        raise NotVisibleError("There is no such calculation, or it has not looked at the registry yet.")
    return DataAgeFull.model_validate(age)


@router.post(
    "/runs/{run_id}/cancel",
    response_model=RunLine,
    responses=answers(*CHANGING),
    dependencies=[SeenRun, Depends(allowed_to(Permission.RUN_ROUND), scope="function")],
)
def cancel(run_id: UUID, once: OnceDep, seen: VersionDep) -> Response:
    """Ask a calculation to stop; the plan so far is kept with it."""
    session, subject = once.work.session, once.work.subject

    def make() -> RunLine:
        run = one_run(session, subject, run_id)
        if run is None:
            raise NotVisibleError("There is no such calculation.")
        check_version(seen, run.version)
        return runs_shown(session, subject, [cancel_run(session, subject, run_id)])[0]

    return once.answer(None, make, status=200)


def watched(request: Request, run_id: UUID) -> UUID:
    """Guard: refuse before the first event what the caller may not follow, in a transaction that is over by then."""
    with identified(request) as work:
        signed_in(work)
        if progress_of(work.session, work.subject, run_id) is None:
            raise NotVisibleError("There is no such calculation.")
    return run_id


@router.get("/runs/{run_id}/events", response_class=EventSourceResponse, responses=answers(*READING))
async def follow_run(
    request: Request, run_id: Annotated[UUID, Depends(watched, scope="function")]
) -> AsyncIterator[ServerSentEvent]:
    """Follow a calculation: an event when its state or progress changes, until it ends or the caller loses sight of it."""
    said: RunEvent | None = None
    while (now := await run_in_threadpool(_look, request, run_id)) is not None:
        if now != said:
            yield ServerSentEvent(event="progress", data=now)
            said = now
        if now.state in FINISHED:
            return
        await asyncio.sleep(SECONDS_BETWEEN_EVENTS)


def _look(request: Request, run_id: UUID) -> RunEvent | None:
    """Look once, as whoever the caller still is; None when nothing may be seen any more."""
    try:
        with identified(request) as work:
            found = progress_of(work.session, work.subject, run_id)
    except (ApiError, DomainError):
        return None
    if found is None:
        return None
    state, progress = found
    if progress is None:
        return RunEvent(state=state, phase=None, objective=[], bound=[], seconds=None)
    return RunEvent(
        state=state, phase=progress.phase, objective=progress.objective, bound=progress.bound, seconds=progress.seconds
    )
