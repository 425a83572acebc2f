"""What everybody may know of the facilities of a data set."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import ColumnElement, Integer, cast, collate, func, literal_column, select

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import Confirmation, Facility, Organisation
from registry.queries.search.asking import QUESTIONS_KEPT, TODAY, Asking, answer
from registry.queries.search.cells import Integers, Keys, Question, as_number, as_text, in_columns, values_joined
from registry.queries.search.keys import Index
from registry.vocabulary.facilities import ServiceModel
from registry.vocabulary.lifecycle import ConfirmationSubject, DataSet

ANY_FAMILY = "*"
NEVER = -1
"""Days written for a calendar that was never confirmed."""
FACTS_COUNTED = 9
"""Public facts whose presence makes a record complete; nothing of a calendar is among them."""


@dataclass(frozen=True, slots=True)
class Lines:
    """What everybody may know of each facility, in columns of one length, by name and id.

    Lists are joined by a bar, a city that is not recorded is empty; `facts` counts the public facts recorded, `ages`
    the days since the calendar was confirmed.
    """

    index: Index
    owners: Keys
    names: Sequence[str]
    organisations: Sequence[str]
    cities: Sequence[str]
    countries: Sequence[str]
    service_models: Sequence[str]
    publications: Sequence[str]
    rhythms: Sequence[str]
    product_classes: Sequence[str]
    languages: Sequence[str]
    families: Sequence[str]
    facts: Integers
    ages: Integers


def read_lines(asking: Asking) -> Lines:
    """Return every facility of the data set that the subject may see."""
    keys, *columns = answer(asking, lines_question(asking.subject, asking.data_set), today=asking.today)
    return Lines(Index(keys), *columns)


@lru_cache(maxsize=QUESTIONS_KEPT)
def lines_question(subject: Subject, data_set: DataSet) -> Question:
    """Return the question for the columns of `Lines`, in their sequence, about the facilities the subject may see."""
    confirmed = (
        select(Confirmation.facility_id, func.max(Confirmation.confirmed_on).label("day"))
        .where(Confirmation.subject == ConfirmationSubject.CALENDAR, Confirmation.confirmed_on <= TODAY)
        .group_by(Confirmation.facility_id)
        .subquery("confirmed")
    )
    return in_columns(
        select(
            Facility.id,
            Facility.organisation_id,
            Facility.name,
            Organisation.name,
            Facility.city,
            shown_country_in(data_set),
            as_text(Facility.service_model),
            as_text(Facility.publication),
            as_text(Facility.rhythm),
            values_joined(Facility.product_classes),
            values_joined(Facility.languages),
            func.coalesce(values_joined(Facility.families), literal_column(f"'{ANY_FAMILY}'")),
            as_number(_facts()),
            as_number(func.coalesce(TODAY - confirmed.c.day, NEVER)),
        )
        .join(Organisation, Organisation.id == Facility.organisation_id)
        .outerjoin(confirmed, confirmed.c.facility_id == Facility.id)
        .where(Facility.data_set == data_set, visibility.facilities(subject))
        .order_by(collate(Facility.name, "C"), Facility.id)
    )


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
