"""Facilities as a reader may find them; a list holds one data set, never two."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, any_, exists, literal, or_, select, true, tuple_
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import Facility, Organisation, Site
from registry.vocabulary.facilities import ServiceModel
from registry.vocabulary.lifecycle import DataSet, FacilityStatus


@dataclass(frozen=True, slots=True)
class FacilityLine:
    """What everybody may know of a facility; places are of city level, None = unknown."""

    id: UUID
    name: str
    organisation: str
    kind: str
    service_model: ServiceModel
    status: FacilityStatus
    country: str
    city: str | None
    product_classes: tuple[str, ...]
    latitude: float | None
    longitude: float | None
    source_note: str | None
    confirmed: bool
    invented: bool


@dataclass(frozen=True, slots=True)
class FacilityFilter:
    """What a list is narrowed to; None = not narrowed."""

    country: str | None = None
    product_class: str | None = None
    service_model: ServiceModel | None = None
    text: str | None = None
    matchable: bool = False
    """Only those a round may propose: they serve others, and their own QA stands for the record."""


NO_FILTER = FacilityFilter()


def shown_data_set(session: Session) -> DataSet:
    """Return which facilities this installation shows: the rehearsal while one is loaded, else those in real use."""
    rehearsing = session.scalar(select(exists().where(Facility.data_set == DataSet.REHEARSAL)))
    return DataSet.REHEARSAL if rehearsing else DataSet.LIVE


def list_facilities(
    session: Session,
    subject: Subject,
    data_set: DataSet,
    narrowed: FacilityFilter = NO_FILTER,
    *,
    after: tuple[str, UUID] | None = None,
    limit: int | None = None,
) -> list[FacilityLine]:
    """Return the facilities the subject may see, by name, those after the key (name, id) if one is given."""
    return _listed(session, subject, (Facility.data_set == data_set, *_conditions(narrowed)), after, limit)


def facilities_of(
    session: Session, subject: Subject, organisation_id: UUID, *, after: tuple[str, UUID] | None, limit: int
) -> list[FacilityLine]:
    """Return the facilities of an organisation that the subject may see, by name, those after the key (name, id)."""
    return _listed(session, subject, (Facility.organisation_id == organisation_id,), after, limit)


def _listed(
    session: Session,
    subject: Subject,
    conditions: Iterable[ColumnElement[bool]],
    after: tuple[str, UUID] | None,
    limit: int | None,
) -> list[FacilityLine]:
    page = select(Facility.id).where(visibility.facilities(subject), *conditions)
    if after is not None:
        page = page.where(tuple_(Facility.name, Facility.id) > tuple_(*after))
    rows = session.execute(lines_of(page.order_by(Facility.name, Facility.id).limit(limit)))
    return [line_of(*row) for row in rows]


def one_facility(session: Session, subject: Subject, facility_id: UUID) -> FacilityLine | None:
    """Return a facility the subject may see, None when there is none."""
    found = select(Facility.id).where(visibility.facilities(subject), Facility.id == facility_id)
    row = session.execute(lines_of(found)).one_or_none()
    return None if row is None else line_of(*row)


def owner_of_facility(session: Session, subject: Subject, facility_id: UUID) -> UUID | None:
    """Return the organisation of a facility the subject may see, None when there is none."""
    question = select(Facility.organisation_id).where(visibility.facilities(subject), Facility.id == facility_id)
    return session.scalars(question).one_or_none()


def lines_of(page: Select[UUID]) -> Select[Facility, str, float | None, float | None]:
    """Facilities by name, each with its organisation's name and the place of its first site.

    `page` are their keys: the rest is looked up for these only, not for all they were taken from.
    """
    first_site = (
        select(Site.latitude, Site.longitude)
        .where(Site.facility_id == Facility.id)
        .order_by(Site.code)
        .limit(1)
        .lateral("first_site")
    )
    return (
        select(Facility, Organisation.name, first_site.c.latitude, first_site.c.longitude)
        .join(Organisation, Organisation.id == Facility.organisation_id)
        .outerjoin(first_site, onclause=true())
        .where(Facility.id.in_(page.correlate(None)))
        .order_by(Facility.name, Facility.id)
    )


def _conditions(narrowed: FacilityFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if narrowed.country is not None:
        aliased = Facility.code.startswith(f"{narrowed.country}-", autoescape=True)
        conditions.append(
            or_(
                and_(Facility.data_set == DataSet.REHEARSAL, aliased),
                and_(Facility.data_set != DataSet.REHEARSAL, Facility.country == narrowed.country),
            )
        )
    if narrowed.product_class is not None:
        conditions.append(literal(narrowed.product_class) == any_(Facility.product_classes))
    if narrowed.service_model is not None:
        conditions.append(Facility.service_model == narrowed.service_model)
    if narrowed.text is not None:
        conditions.append(Facility.name.icontains(narrowed.text, autoescape=True))
    if narrowed.matchable:
        conditions += [
            Facility.data_set != DataSet.DIRECTORY,
            Facility.service_model.not_in((ServiceModel.CAPTIVE, ServiceModel.UNKNOWN)),
            Facility.confirmed_on.is_not(None),
        ]
    return conditions


def shown_country(facility: Facility) -> str:
    """Return where a facility is said to be: in a rehearsal the word of its alias, which may be a region."""
    return facility.code.rsplit("-", 1)[0] if facility.data_set is DataSet.REHEARSAL else facility.country


def line_of(facility: Facility, organisation: str, latitude: float | None, longitude: float | None) -> FacilityLine:
    """Return what everybody may know of a facility; its place is that of its first site."""
    return FacilityLine(
        id=facility.id,
        name=facility.name,
        organisation=organisation,
        kind=facility.kind,
        service_model=facility.service_model,
        status=facility.status,
        country=shown_country(facility),
        city=facility.city,
        product_classes=tuple(facility.product_classes),
        latitude=latitude,
        longitude=longitude,
        source_note=facility.source_note,
        confirmed=facility.confirmed_on is not None,
        invented=facility.invented,
    )
