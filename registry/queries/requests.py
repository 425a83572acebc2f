"""Requests as their own people, their collaborators and overseers read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import Batch, Request, RequestAttachment, RequestCollaborator, RequestPlace
from registry.vocabulary.lifecycle import DataSet, RequestState


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """What a list is narrowed to; None = not narrowed."""

    state: RequestState | None = None
    sponsor: UUID | None = None


def list_requests(
    session: Session,
    subject: Subject,
    data_set: DataSet,
    narrowed: RequestFilter,
    *,
    after: tuple[str, UUID] | None,
    limit: int,
) -> Sequence[Request]:
    """Return the requests the subject may see, by label, those after the key (label, id) if one is given."""
    question = select(Request).where(visibility.requests(subject), Request.data_set == data_set)
    if narrowed.state is not None:
        question = question.where(Request.state == narrowed.state)
    if narrowed.sponsor is not None:
        question = question.where(Request.organisation_id == narrowed.sponsor)
    if after is not None:
        question = question.where(tuple_(Request.label, Request.id) > tuple_(*after))
    return session.scalars(question.order_by(Request.label, Request.id).limit(limit)).all()


def one_request(session: Session, subject: Subject, request_id: UUID) -> Request | None:
    """Return a request the subject may see, None when there is none."""
    return session.scalars(select(Request).where(visibility.requests(subject), Request.id == request_id)).one_or_none()


def batches_of(session: Session, subject: Subject, request_id: UUID) -> Sequence[Batch]:
    """Return the batches of a request in their order."""
    question = select(Batch).where(visibility.with_request(subject, Batch), Batch.request_id == request_id)
    return session.scalars(question.order_by(Batch.position, Batch.id)).all()


def places_of(session: Session, subject: Subject, request_id: UUID) -> Sequence[RequestPlace]:
    """Return the treating hospitals and places of collection of a request."""
    question = select(RequestPlace).where(
        visibility.with_request(subject, RequestPlace), RequestPlace.request_id == request_id
    )
    return session.scalars(question.order_by(RequestPlace.use, RequestPlace.position)).all()


def attachments_of(session: Session, subject: Subject, request_id: UUID) -> Sequence[RequestAttachment]:
    """Return the documents of a request that the subject may open: its sponsor all, others those for their roles."""
    question = select(RequestAttachment).where(
        visibility.with_request(subject, RequestAttachment), RequestAttachment.request_id == request_id
    )
    found = session.scalars(question.order_by(RequestAttachment.title, RequestAttachment.id)).all()
    return [row for row in found if row.organisation_id in subject.organisations or subject.roles & set(row.roles)]


def collaborators_of(session: Session, subject: Subject, request_id: UUID) -> Sequence[RequestCollaborator]:
    """Return who reads a request together with its sponsor, as far as the subject may know."""
    question = select(RequestCollaborator).where(
        visibility.collaborators(subject), RequestCollaborator.request_id == request_id
    )
    return session.scalars(question.order_by(RequestCollaborator.created_at, RequestCollaborator.id)).all()
