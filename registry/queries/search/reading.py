"""Sites, suites, licences and experience, read through `registry.access.visibility`: each table as it is.

Rows come with the key of what they belong to; what belongs to nothing that was found counts nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Text, Uuid, any_, cast, func, or_, select, true

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import Authorisation, Equipment, ProcessExperience, ScopeLine, Site, Suite
from registry.queries.search.asking import QUESTIONS_KEPT, TODAY, Asking, answer, parameter
from registry.queries.search.cells import Integers, Keys, Question, as_text, in_columns, in_groups

AMONG = parameter("among", Text())
"""Keys of facilities, joined by commas."""
PLACES = in_columns(select(Site.facility_id, Site.latitude, Site.longitude))
"""Facility and degrees of every site; it is seen wherever its facility is, and counts only at one that was found."""
CITIES = in_columns(select(Site.facility_id, Site.city).where(Site.city.is_not(None)))
"""The same for the cities of sites."""


@dataclass(frozen=True, slots=True)
class Groups:
    """Rows that share their words: the words of each group, its size, and the keys of the rows, group after group."""

    words: Sequence[Sequence[str]]
    sizes: Integers
    keys: Sequence[Keys]


def read_suites(asking: Asking, *, narrowed: bool) -> tuple[Groups, Groups]:
    """Return suites by grade and mode (key, facility), and equipment that is there and qualified by class (suite)."""
    grades, modes, sizes, *keys = answer(asking, suites_question(asking.subject, narrowed=narrowed))
    held = answer(asking, equipment_question(asking.subject, narrowed=narrowed), today=asking.today)
    classes, numbers, suites = held
    return Groups((grades, modes), sizes, keys), Groups((classes,), numbers, (suites,))


@lru_cache(maxsize=QUESTIONS_KEPT)
def suites_question(subject: Subject, *, narrowed: bool) -> Question:
    """Return the question for the suites the subject may see, by grade and mode: key and facility.

    `narrowed`, here and below: only of the facilities whose keys are given as `among`.
    """
    return in_groups(
        select(as_text(Suite.grade), as_text(Suite.mode), Suite.id, Suite.facility_id).where(
            visibility.inside_facility(subject, Suite), _among(Suite, narrowed)
        )
    )


@lru_cache(maxsize=QUESTIONS_KEPT)
def equipment_question(subject: Subject, *, narrowed: bool) -> Question:
    """Return the question for the devices that are there and qualified, by class: their suites."""
    qualified = or_(Equipment.qualified_until.is_(None), Equipment.qualified_until > TODAY)
    return in_groups(
        select(Equipment.equipment_class, Equipment.suite_id).where(
            visibility.inside_facility(subject, Equipment), Equipment.count > 0, qualified, _among(Equipment, narrowed)
        )
    )


def read_licences(asking: Asking, *, narrowed: bool) -> tuple[Groups, Groups]:
    """Return authorisations that are valid today by kind (key, facility), and scope lines by operation (authorisation)."""
    kinds, sizes, *keys = answer(asking, licences_question(asking.subject, narrowed=narrowed), today=asking.today)
    operations, numbers, licences = answer(asking, scope_question(narrowed=narrowed))
    return Groups((kinds,), sizes, keys), Groups((operations,), numbers, (licences,))


@lru_cache(maxsize=QUESTIONS_KEPT)
def licences_question(subject: Subject, *, narrowed: bool) -> Question:
    """Return the question for the valid authorisations the subject may see, by kind: key and facility."""
    begun = or_(Authorisation.valid_from.is_(None), Authorisation.valid_from <= TODAY)
    lasting = or_(Authorisation.valid_to.is_(None), Authorisation.valid_to > TODAY)
    return in_groups(
        select(as_text(Authorisation.kind), Authorisation.id, Authorisation.facility_id).where(
            visibility.shown_to_developers(subject, Authorisation), begun, lasting, _among(Authorisation, narrowed)
        )
    )


@lru_cache(maxsize=QUESTIONS_KEPT)
def scope_question(*, narrowed: bool) -> Question:
    """Return the question for scope lines by operation: their authorisations; they count only at one that was found."""
    return in_groups(select(ScopeLine.operation, ScopeLine.authorisation_id).where(_among(ScopeLine, narrowed)))


def read_experience(asking: Asking, *, narrowed: bool) -> Groups:
    """Return the families made, and the facilities that made them."""
    families, sizes, facilities = answer(asking, experience_question(asking.subject, narrowed=narrowed))
    return Groups((families,), sizes, (facilities,))


@lru_cache(maxsize=QUESTIONS_KEPT)
def experience_question(subject: Subject, *, narrowed: bool) -> Question:
    """Return the question for everything made, by family, as far as the subject may know: the facilities."""
    return in_groups(
        select(ProcessExperience.family, ProcessExperience.facility_id).where(
            visibility.shown_to_developers(subject, ProcessExperience), _among(ProcessExperience, narrowed)
        )
    )


def _among(table: type[Any], narrowed: bool) -> ColumnElement[bool]:
    if not narrowed:
        return true()
    among: ColumnElement[bool] = table.facility_id == any_(cast(func.string_to_array(AMONG, ","), ARRAY(Uuid())))
    return among
