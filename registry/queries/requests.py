"""Requests as their own people, their collaborators and overseers read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import Batch, Request, RequestAttachment, RequestCollaborator, RequestPlace
from registry.vocabulary.lifecycle import DataSet, RequestState
from registry.vocabulary.products import Pathway, Stage


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """What a list is narrowed to; None = not narrowed."""

    state: RequestState | None = None
    sponsor: UUID | None = None
    product: UUID | None = None
    stage: Stage | None = None
    pathway: Pathway | None = None


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
    question = _narrowed(subject, data_set, narrowed)
    if after is not None:
        question = question.where(tuple_(Request.label, Request.id) > tuple_(*after))
    return session.scalars(question.order_by(Request.label, Request.id).limit(limit)).all()


def newest_requests(
    session: Session,
    subject: Subject,
    data_set: DataSet,
    narrowed: RequestFilter,
    *,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[Request]:
    """Return the same, the last changed first, those before the key (change, id) if one is given."""
    question = _narrowed(subject, data_set, narrowed)
    if before is not None:
        question = question.where(tuple_(Request.changed_at, Request.id) < tuple_(*before))
    return session.scalars(question.order_by(Request.changed_at.desc(), Request.id.desc()).limit(limit)).all()


def _narrowed(subject: Subject, data_set: DataSet, narrowed: RequestFilter) -> Select[Request]:
    wanted = {
        Request.state: narrowed.state,
        Request.organisation_id: narrowed.sponsor,
        Request.product_id: narrowed.product,
        Request.stage: narrowed.stage,
        Request.pathway: narrowed.pathway,
    }
    chosen = [column == value for column, value in wanted.items() if value is not None]
    return select(Request).where(visibility.requests(subject), Request.data_set == data_set, *chosen)


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
