"""Requests: read, drafted, changed, and moved along by those who may."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from api.dependencies import SignedInDep, Work, allowed_to
from api.idempotency import OnceDep
from api.paging import PageDep, cut, instant_and_id, text_and_id
from api.preconditions import VersionDep, tag
from api.problems import CHANGING, CREATING, READING, answers
from api.schemas.page import Page
from api.schemas.request_bodies import NewRequest, RequestBody, RequestStep, UrgencyDecision
from api.schemas.requests import RequestBatch, RequestFull, RequestLine, RequestPlace
from registry import models
from registry.access.permissions import Permission
from registry.errors import NotVisibleError
from registry.queries.facilities import shown_data_set
from registry.queries.requests import RequestFilter, batches_of, list_requests, newest_requests, one_request, places_of
from registry.services.auditing import record_read
from registry.services.requests import (
    act_on_request,
    allowed_actions,
    change_request,
    decide_urgency,
    draft_request,
)
from registry.vocabulary.lifecycle import RequestState
from registry.vocabulary.products import Pathway, Stage

router = APIRouter(tags=["requests"])


@router.get("/requests", responses=answers("not-authenticated", "invalid-input"))
def list_visible_requests(
    request: Request,
    response: Response,
    work: SignedInDep,
    page: PageDep,
    state: RequestState | None = None,
    sponsor: Annotated[UUID | None, Query(description="Organisation that asks.")] = None,
    product: Annotated[UUID | None, Query(description="Product asked for.")] = None,
    stage: Stage | None = None,
    pathway: Pathway | None = None,
    sort: Annotated[Literal["label", "-changed"], Query(description="By label, or the last changed first.")] = "label",
) -> Page[RequestLine]:
    """List the requests the caller may see."""
    session, subject, data_set = work.session, work.subject, shown_data_set(work.session)
    narrowed, limit = RequestFilter(state, sponsor, product, stage, pathway), page.limit + 1
    if sort == "label":
        after = None if page.after is None else text_and_id(page.after)
        found = list_requests(session, subject, data_set, narrowed, after=after, limit=limit)
    else:
        before = None if page.after is None else instant_and_id(page.after)
        found = newest_requests(session, subject, data_set, narrowed, before=before, limit=limit)

    def key(last: models.Request) -> tuple[str, str]:
        return last.label if sort == "label" else last.changed_at.isoformat(), str(last.id)

    shown = cut(request, response, page, found, key)
    return Page[RequestLine](items=[RequestLine.model_validate(line) for line in shown])


@router.post(
    "/requests",
    status_code=201,
    response_model=RequestFull,
    responses=answers(*CREATING, "not-found"),
    dependencies=[Depends(allowed_to(Permission.EDIT_REQUEST), scope="function")],
)
def create_request(body: NewRequest, once: OnceDep) -> Response:
    """Draft a request for a process of an organisation the caller may act for."""

    def make() -> RequestFull:
        made = draft_request(once.work.session, once.work.subject, body.process_version_id, body.facts())
        return full_request(once.work, made)

    return once.answer(body, make)


@router.get("/requests/{request_id}", responses=answers(*READING))
def read_request(request_id: UUID, work: SignedInDep, response: Response) -> RequestFull:
    """Read a request with its batches; that somebody else than its own people did so is written down."""
    found = visible_request(work, request_id)
    tag(response, found.version)
    return full_request(work, found)


@router.put("/requests/{request_id}", responses=answers(*CHANGING, "wrong-state"))
def replace_request(
    request_id: UUID, body: RequestBody, work: SignedInDep, seen: VersionDep, response: Response
) -> RequestFull:
    """Replace what a request asks for, while it is a draft or was returned."""
    changed = change_request(work.session, work.subject, request_id, seen, body.facts())
    tag(response, changed.version)
    return full_request(work, changed)


@router.post(
    "/requests/{request_id}/actions",
    response_model=RequestFull,
    responses=answers(*CHANGING, "wrong-state"),
)
def act(request_id: UUID, body: RequestStep, once: OnceDep, seen: VersionDep) -> Response:
    """Submit, accept for matching, return, withdraw or close a request; `actions` of the record says what is open."""

    def make() -> RequestFull:
        moved = act_on_request(once.work.session, once.work.subject, request_id, seen, body.action, body.reason)
        return full_request(once.work, moved)

    return once.answer(body, make, status=200)


@router.post("/requests/{request_id}/urgency", response_model=RequestFull, responses=answers(*CHANGING))
def decide_request_urgency(request_id: UUID, body: UrgencyDecision, once: OnceDep, seen: VersionDep) -> Response:
    """State the urgency class of a request, with a reason; two reviewers who state the same have decided it."""

    def make() -> RequestFull:
        decided = decide_urgency(once.work.session, once.work.subject, request_id, seen, body.urgency, body.reason)
        return full_request(once.work, decided)

    return once.answer(body, make, status=200)


def full_request(work: Work, found: models.Request) -> RequestFull:
    """Return a request with its parts and what the caller may do with it."""
    batches = [RequestBatch.model_validate(batch) for batch in batches_of(work.session, work.subject, found.id)]
    places = [RequestPlace.model_validate(place) for place in places_of(work.session, work.subject, found.id)]
    columns = {name: getattr(found, name) for name in RequestFull.model_fields if hasattr(found, name)}
    return RequestFull(
        **{
            **columns,
            "batches": batches,
            "places": places,
            "actions": allowed_actions(work.session, work.subject, found),
        }
    )


def visible_request(work: Work, request_id: UUID) -> models.Request:
    """Return a request the caller may see; that an overseer, a delegate or a collaborator did so is written down."""
    found = seen_request(work, request_id)
    if not work.subject.belongs(found.organisation_id):
        record_read(work.session, "request", found.id, [found.organisation_id], work.part)
    return found


def seen_request(work: Work, request_id: UUID) -> models.Request:
    """Return a request the caller may see, of which nothing confidential is to be told."""
    found = one_request(work.session, work.subject, request_id)
    if found is None:
        raise NotVisibleError("There is no such request.")
    return found
