"""Organisations as everybody may know them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import Network, Organisation
from registry.vocabulary.facilities import OrganisationKind
from registry.vocabulary.lifecycle import DataSet


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    """Name, kind and country (ISO 3166-1 alpha-2)."""

    id: UUID
    name: str
    kind: OrganisationKind
    country: str


@dataclass(frozen=True, slots=True)
class OrganisationFilter:
    """What a list is narrowed to; None = not narrowed."""

    country: str | None = None
    kind: OrganisationKind | None = None
    text: str | None = None


EVERY_ORGANISATION = OrganisationFilter()


def list_organisations(
    session: Session,
    subject: Subject,
    data_set: DataSet,
    narrowed: OrganisationFilter = EVERY_ORGANISATION,
    *,
    after: tuple[str, UUID] | None,
    limit: int,
) -> list[OrganisationLine]:
    """Return organisations of a data set by name, those after the key (name, id) if one is given."""
    question = _lines(subject).where(Organisation.data_set == data_set)
    if narrowed.country is not None:
        question = question.where(Organisation.country == narrowed.country)
    if narrowed.kind is not None:
        question = question.where(Organisation.kind == narrowed.kind)
    if narrowed.text is not None:
        question = question.where(Organisation.name.icontains(narrowed.text, autoescape=True))
    if after is not None:
        question = question.where(tuple_(Organisation.name, Organisation.id) > tuple_(*after))
    rows = session.execute(question.order_by(Organisation.name, Organisation.id).limit(limit))
    return [OrganisationLine(*row) for row in rows]


def one_organisation(session: Session, subject: Subject, organisation_id: UUID) -> OrganisationLine | None:
    """Return an organisation, None when there is none."""
    row = session.execute(_lines(subject).where(Organisation.id == organisation_id)).one_or_none()
    return None if row is None else OrganisationLine(*row)


def full_organisation(session: Session, subject: Subject, organisation_id: UUID) -> Organisation | None:
    """Return all that is recorded of an organisation, for its own people, overseers and administrators; else None."""
    question = select(Organisation).where(Organisation.id == organisation_id, visibility.whole_organisations(subject))
    return session.scalars(question).one_or_none()


def list_networks(session: Session) -> Sequence[Network]:
    """Return every network by name; names are public."""
    return session.scalars(select(Network).order_by(Network.name, Network.id)).all()


def _lines(subject: Subject) -> Select[UUID, str, OrganisationKind, str]:
    return select(Organisation.id, Organisation.name, Organisation.kind, Organisation.country).where(
        visibility.organisations(subject)
    )
