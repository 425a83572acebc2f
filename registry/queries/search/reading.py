"""The rows a search rests on, read through `registry.access.visibility`: one question a table, in columns of text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Integer, Row, Text, cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import InstrumentedAttribute, Session

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import (
    Authorisation,
    Closure,
    Confirmation,
    Equipment,
    Facility,
    Organisation,
    ProcessExperience,
    ScopeLine,
    Site,
    Suite,
)
from registry.queries.search.columns import SEPARATOR
from registry.vocabulary.facilities import FRESHNESS_DAYS, TAKEN, ServiceModel
from registry.vocabulary.lifecycle import ConfirmationSubject, DataSet

ANY_FAMILY = "*"
FACTS_COUNTED = 9
"""Public facts whose presence makes a record complete; nothing of a calendar is among them."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks about which data set on which day."""

    session: Session
    subject: Subject
    data_set: DataSet
    today: date


@dataclass(frozen=True, slots=True)
class Line:
    """What everybody may know of a facility; lists are joined by a bar, `facts` counts what is recorded."""

    id: str
    name: str
    organisation: str
    city: str | None
    country: str
    service_model: str
    publication: str
    rhythm: str
    product_classes: str
    languages: str
    families: str
    facts: int
    confirmed_on: date | None


def read_lines(asking: Asking) -> list[Line]:
    """Return every facility of the data set that the subject may see, with the day its calendar was last confirmed."""
    confirmed = (
        select(Confirmation.facility_id, func.max(Confirmation.confirmed_on).label("day"))
        .where(Confirmation.subject == ConfirmationSubject.CALENDAR, Confirmation.confirmed_on <= asking.today)
        .group_by(Confirmation.facility_id)
        .subquery("confirmed")
    )
    rows = asking.session.execute(
        select(
            _text(Facility.id),
            Facility.name,
            Organisation.name,
            Facility.city,
            shown_country_in(asking.data_set),
            _text(Facility.service_model),
            _text(Facility.publication),
            _text(Facility.rhythm),
            func.array_to_string(Facility.product_classes, SEPARATOR),
            func.array_to_string(Facility.languages, SEPARATOR),
            func.coalesce(func.array_to_string(Facility.families, SEPARATOR), ANY_FAMILY),
            _facts(),
            confirmed.c.day,
        )
        .join(Organisation, Organisation.id == Facility.organisation_id)
        .outerjoin(confirmed, confirmed.c.facility_id == Facility.id)
        .where(Facility.data_set == asking.data_set, visibility.facilities(asking.subject))
    )
    return [Line(*row) for row in rows]


def shown_country_in(data_set: DataSet) -> ColumnElement[str]:
    """The word of `registry.queries.facilities.shown_country`, in the database."""
    if data_set is DataSet.REHEARSAL:
        return func.regexp_replace(Facility.code, "-[^-]*$", "")
    return Facility.country.expression


def _facts() -> ColumnElement[int]:
    stated = (
        Facility.city,
        Facility.notice_days,
        Facility.largest_campaign,
        Facility.new_products_a_year,
        Facility.open_to_companies,
        Facility.confirmed_on,
    )
    filled = (
        func.cardinality(Facility.languages) > 0,
        func.cardinality(Facility.product_classes) > 0,
        Facility.service_model != ServiceModel.UNKNOWN,
    )
    count: ColumnElement[int] = func.num_nonnulls(*stated)
    for fact in filled:
        count = count + cast(fact, Integer)
    return count


def read_sites(asking: Asking) -> Sequence[Row[str, str | None, float | None, float | None]]:
    """Return facility, city, latitude and longitude of every site."""
    return asking.session.execute(
        select(_text(Site.facility_id), Site.city, Site.latitude, Site.longitude)
        .join(Facility, Facility.id == Site.facility_id)
        .where(Facility.data_set == asking.data_set, visibility.facilities(asking.subject))
    ).all()


def read_suites(asking: Asking) -> Sequence[Row[str, str | None, str | None, str | None]]:
    """Return facility, grade, mode and the classes of equipment that are there and qualified, of every suite."""
    qualified = or_(Equipment.qualified_until.is_(None), Equipment.qualified_until > asking.today)
    held = (
        select(Equipment.suite_id, _joined(Equipment.equipment_class))
        .where(visibility.inside_facility(asking.subject, Equipment), Equipment.count > 0, qualified)
        .group_by(Equipment.suite_id)
        .subquery("held")
    )
    return asking.session.execute(
        select(_text(Suite.facility_id), _text(Suite.grade), _text(Suite.mode), held.c.joined)
        .outerjoin(held, held.c.suite_id == Suite.id)
        .where(visibility.inside_facility(asking.subject, Suite))
    ).all()


def read_licences(asking: Asking) -> Sequence[Row[str, str, str | None]]:
    """Return facility, kind and scope codes of every authorisation that is valid today."""
    covered = (
        select(ScopeLine.authorisation_id, _joined(ScopeLine.operation))
        .where(visibility.shown_to_developers(asking.subject, ScopeLine))
        .group_by(ScopeLine.authorisation_id)
        .subquery("covered")
    )
    begun = or_(Authorisation.valid_from.is_(None), Authorisation.valid_from <= asking.today)
    lasting = or_(Authorisation.valid_to.is_(None), Authorisation.valid_to > asking.today)
    return asking.session.execute(
        select(_text(Authorisation.facility_id), _text(Authorisation.kind), covered.c.joined)
        .outerjoin(covered, covered.c.authorisation_id == Authorisation.id)
        .where(visibility.shown_to_developers(asking.subject, Authorisation), begun, lasting)
    ).all()


def read_experience(asking: Asking) -> Sequence[Row[str, str]]:
    """Return facility and the families it has made."""
    return asking.session.execute(
        select(_text(ProcessExperience.facility_id), _joined(ProcessExperience.family))
        .where(visibility.shown_to_developers(asking.subject, ProcessExperience))
        .group_by(ProcessExperience.facility_id)
    ).all()


def read_closures(asking: Asking) -> Sequence[Closure]:
    """Return the closures of whole facilities that may have stopped a clock: older ones cannot save a calendar."""
    longest = max(excluded for _, _, excluded in FRESHNESS_DAYS.values())
    recent = or_(
        Closure.recurrence.is_not(None), Closure.ends.is_(None), Closure.ends > asking.today - timedelta(days=longest)
    )
    return asking.session.scalars(
        select(Closure).where(
            visibility.inside_facility(asking.subject, Closure),
            Closure.suite_id.is_(None),
            Closure.kind.not_in(sorted(TAKEN)),
            Closure.starts <= asking.today,
            recent,
        )
    ).all()


def _text(column: InstrumentedAttribute[object]) -> ColumnElement[str]:
    """A value as text, which is read faster than its own type."""
    return cast(column, Text)


def _joined(column: InstrumentedAttribute[str]) -> ColumnElement[str]:
    ordered = aggregate_order_by(literal(SEPARATOR), column.asc())
    return func.string_agg(column.distinct(), ordered).label("joined")
