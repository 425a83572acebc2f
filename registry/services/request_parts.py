"""What belongs to a request besides what it asks for: documents, and organisations that read it."""

from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.subject import Subject
from registry.errors import InvalidInputError
from registry.models import Organisation, Request, RequestAttachment, RequestCollaborator
from registry.services.records import check_version, found, keep
from registry.services.requests import own_request, touch

Row = TypeVar("Row", RequestAttachment, RequestCollaborator)


def add_attachment(
    session: Session,
    subject: Subject,
    request_id: UUID,
    *,
    title: str,
    link: str | None,
    content_sha256: str | None,
    roles: tuple[str, ...],
) -> RequestAttachment:
    """Attach a document by reference."""
    request = own_request(session, subject, request_id)
    row = RequestAttachment(
        organisation_id=request.organisation_id,
        request_id=request.id,
        title=title,
        link=link,
        content_sha256=content_sha256,
        roles=list(roles),
    )
    return _added(session, request, row, "attach document")


def remove_attachment(session: Session, subject: Subject, request_id: UUID, attachment_id: UUID, version: int) -> None:
    """Take a document from a request."""
    request = own_request(session, subject, request_id)
    seen = visibility.with_request(subject, RequestAttachment) & (RequestAttachment.request_id == request_id)
    row = found(session, RequestAttachment, attachment_id, seen)
    check_version(row, version)
    session.delete(row)
    touch(request)
    keep(session, "remove document", "")


def add_collaborator(
    session: Session, subject: Subject, request_id: UUID, collaborator_id: UUID
) -> RequestCollaborator:
    """Let another organisation read a request; whoever reads it already is returned as it stands."""
    request = own_request(session, subject, request_id)
    other = found(session, Organisation, collaborator_id, visibility.organisations(subject))
    if other.id == request.organisation_id:
        raise InvalidInputError(
            "The sponsor reads its own request.", "Name another.", ("organisation_id: this is the sponsor",)
        )
    known = session.scalars(
        select(RequestCollaborator).where(
            RequestCollaborator.request_id == request.id, RequestCollaborator.collaborator_id == other.id
        )
    ).one_or_none()
    if known is not None:
        return known
    row = RequestCollaborator(organisation_id=request.organisation_id, request_id=request.id, collaborator_id=other.id)
    return _added(session, request, row, "add collaborator")


def remove_collaborator(
    session: Session, subject: Subject, request_id: UUID, collaborator_id: UUID, version: int
) -> None:
    """End that an organisation reads a request; it holds from the next call on."""
    request = own_request(session, subject, request_id)
    seen = visibility.collaborators(subject) & (RequestCollaborator.request_id == request_id)
    row = found(session, RequestCollaborator, collaborator_id, seen)
    check_version(row, version)
    session.delete(row)
    touch(request)
    keep(session, "remove collaborator", "")


def _added(session: Session, request: Request, row: Row, action: str) -> Row:
    session.add(row)
    touch(request)
    keep(session, action, "")
    return row
