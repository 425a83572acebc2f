"""The trail: all of it for auditors, for others what they did and what happened to their organisations' records."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from api.dependencies import SignedInDep
from api.paging import PageAsked, PageDep, link_next, one_number
from api.problems import answers
from api.schemas.audit_events import Event
from api.schemas.page import Page
from api.trail_pages import link_earlier, reached_by
from registry.access.permissions import Permission, may
from registry.queries.trail import list_events

router = APIRouter(tags=["trail"])


@router.get("/audit-events", responses=answers("not-authenticated", "invalid-input"))
def list_audit_events(
    request: Request,
    response: Response,
    work: SignedInDep,
    page: PageDep,
    record_type: Annotated[str | None, Query(max_length=60, pattern="^[a-z_]+$")] = None,
    record_id: UUID | None = None,
) -> Page[Event]:
    """List events, newest first."""
    whole = may(work.subject, Permission.READ_TRAIL)
    found = list_events(
        work.session,
        work.subject,
        record_type=record_type,
        record_id=record_id,
        before=_before(page) if whole else reached_by(page),
        limit=page.limit + 1,
    )
    shown = found[: page.limit]
    if len(found) > page.limit and whole:
        link_next(request, response, (str(shown[-1].sequence),))
    elif len(found) > page.limit:
        link_earlier(request, response, page, [event.occurred_at for event in shown])
    hidden = {} if whole else {"sequence": None, "previous_hash": None}
    return Page[Event](items=[Event.model_validate(event).model_copy(update=hidden) for event in shown])


def _before(page: PageAsked) -> int | None:
    return None if page.after is None else one_number(page.after)
