"""Sites, suites, licences and experience, read through `registry.access.visibility`: each table as it is, in columns.

Rows come with the key of what they belong to; what belongs to nothing that was found counts nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Text, Uuid, any_, bindparam, cast, func, or_, select, true

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import Authorisation, Equipment, ProcessExperience, ScopeLine, Site, Suite
from registry.queries.search.asking import QUESTIONS_KEPT, TODAY, Asking, answer
from registry.queries.search.cells import Question, Reals, as_text, in_columns

AMONG = bindparam("among", type_=Text())
"""Keys of facilities, joined by commas."""


@dataclass(frozen=True, slots=True)
class Sites:
    """Sites in columns; a city that is not recorded is empty, a place that is not is no number (NaN)."""

    facilities: Sequence[str]
    cities: Sequence[str]
    latitudes: Reals
    longitudes: Reals


@dataclass(frozen=True, slots=True)
class Parts:
    """Suites or authorisations with their facts (one column each), and the values listed under them."""

    keys: Sequence[str]
    facilities: Sequence[str]
    facts: Sequence[Sequence[str]]
    parents: Sequence[str]
    values: Sequence[str]


def read_sites(asking: Asking) -> Sites:
    """Return every site; it is seen wherever its facility is, and counts only at a facility that was found."""
    return Sites(*answer(asking, SITES))


SITES = in_columns(select(as_text(Site.facility_id), Site.city, Site.latitude, Site.longitude))


def read_suites(asking: Asking, *, narrowed: bool) -> Parts:
    """Return every suite with grade and mode, and the classes of equipment that are there and qualified."""
    keys, facilities, *facts = answer(asking, suites_question(asking.subject, narrowed=narrowed))
    held = answer(asking, equipment_question(asking.subject, narrowed=narrowed), today=asking.today)
    return Parts(keys, facilities, facts, *held)


@lru_cache(maxsize=QUESTIONS_KEPT)
def suites_question(subject: Subject, *, narrowed: bool) -> Question:
    """Return the question for key, facility, grade and mode of every suite the subject may see.

    `narrowed`, here and below: only of the facilities whose keys are given as `among`.
    """
    return in_columns(
        select(as_text(Suite.id), as_text(Suite.facility_id), as_text(Suite.grade), as_text(Suite.mode)).where(
            visibility.inside_facility(subject, Suite), _among(Suite, narrowed)
        )
    )


@lru_cache(maxsize=QUESTIONS_KEPT)
def equipment_question(subject: Subject, *, narrowed: bool) -> Question:
    """Return the question for suite and class of every device that is there and qualified."""
    qualified = or_(Equipment.qualified_until.is_(None), Equipment.qualified_until > TODAY)
    return in_columns(
        select(as_text(Equipment.suite_id), Equipment.equipment_class).where(
            visibility.inside_facility(subject, Equipment), Equipment.count > 0, qualified, _among(Equipment, narrowed)
        )
    )


def read_licences(asking: Asking, *, narrowed: bool) -> Parts:
    """Return every authorisation that is valid today with its kind, and scope codes."""
    keys, facilities, *facts = answer(asking, licences_question(asking.subject, narrowed=narrowed), today=asking.today)
    return Parts(keys, facilities, facts, *answer(asking, scope_question(narrowed=narrowed)))


@lru_cache(maxsize=QUESTIONS_KEPT)
def licences_question(subject: Subject, *, narrowed: bool) -> Question:
    """Return the question for key, facility and kind of every valid authorisation the subject may see."""
    begun = or_(Authorisation.valid_from.is_(None), Authorisation.valid_from <= TODAY)
    lasting = or_(Authorisation.valid_to.is_(None), Authorisation.valid_to > TODAY)
    return in_columns(
        select(as_text(Authorisation.id), as_text(Authorisation.facility_id), as_text(Authorisation.kind)).where(
            visibility.shown_to_developers(subject, Authorisation), begun, lasting, _among(Authorisation, narrowed)
        )
    )


@lru_cache(maxsize=QUESTIONS_KEPT)
def scope_question(*, narrowed: bool) -> Question:
    """Return the question for authorisation and operation of every scope line; it counts only at one that was found."""
    return in_columns(
        select(as_text(ScopeLine.authorisation_id), ScopeLine.operation).where(_among(ScopeLine, narrowed))
    )


def read_experience(asking: Asking, *, narrowed: bool) -> tuple[Sequence[str], Sequence[str]]:
    """Return facilities and families they have made, pair by pair."""
    facilities, families = answer(asking, experience_question(asking.subject, narrowed=narrowed))
    return facilities, families


@lru_cache(maxsize=QUESTIONS_KEPT)
def experience_question(subject: Subject, *, narrowed: bool) -> Question:
    """Return the question for facility and family of everything made, as far as the subject may know."""
    return in_columns(
        select(as_text(ProcessExperience.facility_id), ProcessExperience.family).where(
            visibility.shown_to_developers(subject, ProcessExperience), _among(ProcessExperience, narrowed)
        )
    )


def _among(table: type[Any], narrowed: bool) -> ColumnElement[bool]:
    if not narrowed:
        return true()
    among: ColumnElement[bool] = table.facility_id == any_(cast(func.string_to_array(AMONG, ","), ARRAY(Uuid())))
    return among
