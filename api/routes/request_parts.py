"""Documents of a request, and the organisations that read it."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.dependencies import SignedInDep
from api.idempotency import OnceDep
from api.paging import PageDep, as_made, in_pages
from api.preconditions import VersionDep
from api.problems import CHANGING, CREATING, READING, answers
from api.routes.requests import visible_request
from api.schemas.page import Page
from api.schemas.request_bodies import Attachment, Collaborator, NewAttachment, NewCollaborator
from registry.queries.requests import attachments_of, collaborators_of
from registry.services.request_parts import (
    add_attachment,
    add_collaborator,
    remove_attachment,
    remove_collaborator,
)

router = APIRouter(prefix="/requests/{request_id}", tags=["requests"])
REMOVING = tuple(code for code in CHANGING if code not in {"malformed-body", "body-too-large"})


@router.get("/attachments", responses=answers(*READING))
def list_attachments(
    request: Request, response: Response, request_id: UUID, work: SignedInDep, page: PageDep
) -> Page[Attachment]:
    """List the documents of a request that the caller may open."""
    visible_request(work, request_id)
    found = attachments_of(work.session, work.subject, request_id)
    shown = in_pages(request, response, page, found, lambda row: (row.title, str(row.id)))
    return Page[Attachment](items=[Attachment.model_validate(row) for row in shown])


@router.post("/attachments", status_code=201, response_model=Attachment, responses=answers(*CREATING, "not-found"))
def attach(request_id: UUID, body: NewAttachment, once: OnceDep) -> Response:
    """Attach a document by reference; the platform does not keep its content."""

    def make() -> Attachment:
        made = add_attachment(once.work.session, once.work.subject, request_id, **body.model_dump())
        return Attachment.model_validate(made)

    return once.answer(body, make)


@router.delete("/attachments/{attachment_id}", status_code=204, responses=answers(*REMOVING))
def detach(request_id: UUID, attachment_id: UUID, work: SignedInDep, seen: VersionDep) -> None:
    """Take a document from a request."""
    remove_attachment(work.session, work.subject, request_id, attachment_id, seen)


@router.get("/collaborators", responses=answers(*READING))
def list_collaborators(
    request: Request, response: Response, request_id: UUID, work: SignedInDep, page: PageDep
) -> Page[Collaborator]:
    """List the organisations that read a request together with its sponsor."""
    visible_request(work, request_id)
    found = collaborators_of(work.session, work.subject, request_id)
    shown = in_pages(request, response, page, found, as_made)
    return Page[Collaborator](items=[Collaborator.model_validate(row) for row in shown])


@router.post("/collaborators", status_code=201, response_model=Collaborator, responses=answers(*CREATING, "not-found"))
def invite(request_id: UUID, body: NewCollaborator, once: OnceDep) -> Response:
    """Let another organisation read a request."""

    def make() -> Collaborator:
        made = add_collaborator(once.work.session, once.work.subject, request_id, body.organisation_id)
        return Collaborator.model_validate(made)

    return once.answer(body, make)


@router.delete("/collaborators/{collaborator_id}", status_code=204, responses=answers(*REMOVING))
def uninvite(request_id: UUID, collaborator_id: UUID, work: SignedInDep, seen: VersionDep) -> None:
    """End that an organisation reads a request."""
    remove_collaborator(work.session, work.subject, request_id, collaborator_id, seen)
