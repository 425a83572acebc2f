"""What only some may know, read through `registry.access.visibility`: one question a table, in columns."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Date, bindparam, or_, select

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import (
    Authorisation,
    Closure,
    Equipment,
    Facility,
    ProcessExperience,
    ScopeLine,
    Site,
    Suite,
)
from registry.queries.search.asking import QUESTIONS_KEPT, TODAY, Asking, Question, answer, as_text, in_columns, joined
from registry.vocabulary.facilities import FRESHNESS_DAYS, TAKEN
from registry.vocabulary.lifecycle import DataSet

Texts = tuple[list[str | None], ...]
"""Columns of text; the first holds the facility."""


@dataclass(frozen=True, slots=True)
class Sites:
    """Sites in columns."""

    facilities: Sequence[str]
    cities: Sequence[str | None]
    latitudes: Sequence[float | None]
    longitudes: Sequence[float | None]


class Closed(NamedTuple):
    """A closure of a whole facility."""

    starts: date
    ends: date | None
    kind: str
    recurrence: str | None


def read_sites(asking: Asking) -> Sites:
    """Return every site of a facility of the data set."""
    return Sites(*answer(asking, sites_question(asking.subject, asking.data_set)))


@lru_cache(maxsize=QUESTIONS_KEPT)
def sites_question(subject: Subject, data_set: DataSet) -> Question:
    return in_columns(
        select(as_text(Site.facility_id), Site.city, Site.latitude, Site.longitude)
        .join(Facility, Facility.id == Site.facility_id)
        .where(Facility.data_set == data_set, visibility.facilities(subject))
    )


def read_suites(asking: Asking) -> Texts:
    """Return facility, grade, mode and the classes of equipment that are there and qualified, of every suite."""
    return answer(asking, suites_question(asking.subject), today=asking.today)


@lru_cache(maxsize=QUESTIONS_KEPT)
def suites_question(subject: Subject) -> Question:
    qualified = or_(Equipment.qualified_until.is_(None), Equipment.qualified_until > TODAY)
    held = (
        select(Equipment.suite_id, joined(Equipment.equipment_class))
        .where(visibility.inside_facility(subject, Equipment), Equipment.count > 0, qualified)
        .group_by(Equipment.suite_id)
        .subquery("held")
    )
    return in_columns(
        select(as_text(Suite.facility_id), as_text(Suite.grade), as_text(Suite.mode), held.c.joined)
        .outerjoin(held, held.c.suite_id == Suite.id)
        .where(visibility.inside_facility(subject, Suite))
    )


def read_licences(asking: Asking) -> Texts:
    """Return facility, kind and scope codes of every authorisation that is valid today."""
    return answer(asking, licences_question(asking.subject), today=asking.today)


@lru_cache(maxsize=QUESTIONS_KEPT)
def licences_question(subject: Subject) -> Question:
    """Scope lines are reached through their authorisation only, which is seen by the same rule."""
    covered = (
        select(ScopeLine.authorisation_id, joined(ScopeLine.operation))
        .group_by(ScopeLine.authorisation_id)
        .subquery("covered")
    )
    begun = or_(Authorisation.valid_from.is_(None), Authorisation.valid_from <= TODAY)
    lasting = or_(Authorisation.valid_to.is_(None), Authorisation.valid_to > TODAY)
    return in_columns(
        select(as_text(Authorisation.facility_id), as_text(Authorisation.kind), covered.c.joined)
        .outerjoin(covered, covered.c.authorisation_id == Authorisation.id)
        .where(visibility.shown_to_developers(subject, Authorisation), begun, lasting)
    )


def read_experience(asking: Asking) -> dict[str, str]:
    """Return the families each facility has made."""
    return dict(zip(*answer(asking, experience_question(asking.subject)), strict=True))


@lru_cache(maxsize=QUESTIONS_KEPT)
def experience_question(subject: Subject) -> Question:
    return in_columns(
        select(as_text(ProcessExperience.facility_id), joined(ProcessExperience.family))
        .where(visibility.shown_to_developers(subject, ProcessExperience))
        .group_by(ProcessExperience.facility_id)
    )


def read_closures(asking: Asking) -> dict[str, tuple[Closed, ...]]:
    """Return the closures of whole facilities that may have stopped a clock, by facility; older ones save no calendar."""
    found: defaultdict[str, tuple[Closed, ...]] = defaultdict(tuple)
    for facility, *closed in zip(
        *answer(asking, closures_question(asking.subject), today=asking.today, oldest=oldest_end(asking.today)),
        strict=True,
    ):
        found[facility] += (Closed(*closed),)
    return found


def oldest_end(today: date) -> date:
    """Return the day after which a closure must have ended to save a calendar of the slowest rhythm."""
    return today - timedelta(days=max(excluded for _, _, excluded in FRESHNESS_DAYS.values()))


@lru_cache(maxsize=QUESTIONS_KEPT)
def closures_question(subject: Subject) -> Question:
    lasting = or_(
        Closure.recurrence.is_not(None), Closure.ends.is_(None), Closure.ends > bindparam("oldest", type_=Date())
    )
    return in_columns(
        select(
            as_text(Closure.facility_id), Closure.starts, Closure.ends, as_text(Closure.kind), Closure.recurrence
        ).where(
            visibility.inside_facility(subject, Closure),
            Closure.suite_id.is_(None),
            Closure.kind.not_in(sorted(TAKEN)),
            Closure.starts <= TODAY,
            lasting,
        )
    )
