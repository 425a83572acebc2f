"""Requests: reading them, and what the rules say about where they could go."""

from collections import Counter
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from api.dependencies import SignedInDep, Work
from api.masking import Mask
from api.paging import PageDep, link_next, text_and_id
from api.preconditions import tag
from api.problems import answers
from api.schemas.page import Page
from api.schemas.requests import Eligibility, FunnelStep, PairVerdict, RequestBatch, RequestFull, RequestLine
from registry import models
from registry.errors import NotVisibleError
from registry.queries.facilities import shown_data_set
from registry.queries.requests import RequestFilter, batches_of, list_requests, one_request
from registry.queries.runs import newest_verdicts
from registry.services.auditing import record_read
from registry.vocabulary.lifecycle import RequestState

router = APIRouter(tags=["requests"])


@router.get("/requests", responses=answers("not-authenticated", "invalid-input"))
def list_visible_requests(
    request: Request,
    response: Response,
    work: SignedInDep,
    page: PageDep,
    state: RequestState | None = None,
    sponsor: Annotated[UUID | None, Query(description="Organisation that asks.")] = None,
) -> Page[RequestLine]:
    """List the requests the caller may see, by label."""
    after = None if page.after is None else text_and_id(page.after)
    found = list_requests(
        work.session,
        work.subject,
        shown_data_set(work.session),
        RequestFilter(state, sponsor),
        after=after,
        limit=page.limit + 1,
    )
    shown = found[: page.limit]
    if len(found) > page.limit:
        link_next(request, response, (shown[-1].label, str(shown[-1].id)))
    return Page[RequestLine](items=[RequestLine.model_validate(line) for line in shown])


@router.get("/requests/{request_id}", responses=answers("not-authenticated", "not-found", "invalid-input"))
def read_request(request_id: UUID, work: SignedInDep, response: Response) -> RequestFull:
    """Read a request with its batches; that somebody else than its own people did so is written down."""
    found = _visible(work, request_id)
    tag(response, found.version)
    batches = [RequestBatch.model_validate(batch) for batch in batches_of(work.session, work.subject, found.id)]
    columns = {name: getattr(found, name) for name in RequestFull.model_fields if name != "batches"}
    return RequestFull(**columns, batches=batches)


@router.get("/requests/{request_id}/eligibility", responses=answers("not-authenticated", "not-found", "invalid-input"))
def read_eligibility(request_id: UUID, work: SignedInDep) -> Eligibility:
    """Read what every rule said about the request and each suite, and how many suites each rule excludes."""
    found = _visible(work, request_id)
    lines = newest_verdicts(work.session, work.subject, found.id)
    mask = Mask(work.subject)
    pairs = [
        PairVerdict(
            facility=mask.facility(line.facility_id, line.facility),
            suite=mask.suite(line.facility_id, line.suite_id),
            status=line.status,
            failing=list(line.failing),
            results=mask.results(line.results),
        )
        for line in lines
    ]
    excluded = Counter(rule for line in lines for rule in line.failing)
    funnel = [FunnelStep(rule=rule, suites=count) for rule, count in excluded.most_common()]
    return Eligibility(pairs=pairs, funnel=funnel)


def _visible(work: Work, request_id: UUID) -> models.Request:
    found = one_request(work.session, work.subject, request_id)
    if found is None:
        raise NotVisibleError("There is no such request.")
    if found.organisation_id not in work.subject.organisations:
        record_read(work.session, "request", found.id, [found.organisation_id])
    return found
