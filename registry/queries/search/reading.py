"""What only some may know, read through `registry.access.visibility`: one question a table, in columns."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, ColumnElement, Date, Text, Uuid, any_, bindparam, cast, func, or_, select, true

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
from registry.queries.search.asking import (
    QUESTIONS_KEPT,
    TODAY,
    Asking,
    Question,
    Texts,
    answer,
    as_text,
    in_columns,
    joined,
    whole_number,
)
from registry.vocabulary.facilities import FRESHNESS_DAYS, TAKEN
from registry.vocabulary.lifecycle import DataSet

AMONG = bindparam("among", type_=Text())
"""Keys of facilities, joined by commas."""


@dataclass(frozen=True, slots=True)
class Sites:
    """Sites in columns; a city that is not recorded is empty, a place that is not is no number (NaN)."""

    facilities: Sequence[str] = ()
    cities: Sequence[str] = ()
    latitudes: Sequence[float] = ()
    longitudes: Sequence[float] = ()


class Closed(NamedTuple):
    """A closure of a whole facility."""

    starts: date
    ends: date | None
    kind: str
    recurrence: str | None


def read_sites(asking: Asking) -> Sites:
    """Return every site of a facility of the data set."""
    facilities, cities, *angles = answer(asking, sites_question(asking.subject, asking.data_set))
    return Sites(facilities, cities, *([float(one or "nan") for one in column] for column in angles))


@lru_cache(maxsize=QUESTIONS_KEPT)
def sites_question(subject: Subject, data_set: DataSet) -> Question:
    """Return the question for the columns of `Sites`, about the facilities of a data set the subject may see."""
    return in_columns(
        select(as_text(Site.facility_id), Site.city, as_text(Site.latitude), as_text(Site.longitude))
        .join(Facility, Facility.id == Site.facility_id)
        .where(Facility.data_set == data_set, visibility.facilities(subject))
    )


def read_suites(asking: Asking, *, narrowed: bool) -> Texts:
    """Return facility, grade, mode and the classes of equipment that are there and qualified, of every suite."""
    return answer(asking, suites_question(asking.subject, narrowed=narrowed), today=asking.today)


@lru_cache(maxsize=QUESTIONS_KEPT)
def suites_question(subject: Subject, *, narrowed: bool) -> Question:
    """Return the question for facility, grade, mode and qualified equipment of every suite the subject may see.

    `narrowed`: only of the facilities whose keys are given as `among`.
    """
    qualified = or_(Equipment.qualified_until.is_(None), Equipment.qualified_until > TODAY)
    held = (
        select(Equipment.suite_id, joined(Equipment.equipment_class))
        .where(
            visibility.inside_facility(subject, Equipment), Equipment.count > 0, qualified, _among(Equipment, narrowed)
        )
        .group_by(Equipment.suite_id)
        .subquery("held")
    )
    return in_columns(
        select(as_text(Suite.facility_id), as_text(Suite.grade), as_text(Suite.mode), held.c.joined)
        .outerjoin(held, held.c.suite_id == Suite.id)
        .where(visibility.inside_facility(subject, Suite), _among(Suite, narrowed))
    )


def read_licences(asking: Asking, *, narrowed: bool) -> Texts:
    """Return facility, kind and scope codes of every authorisation that is valid today."""
    return answer(asking, licences_question(asking.subject, narrowed=narrowed), today=asking.today)


@lru_cache(maxsize=QUESTIONS_KEPT)
def licences_question(subject: Subject, *, narrowed: bool) -> Question:
    """Return the question for facility, kind and scope codes of every valid authorisation the subject may see.

    Scope lines are reached through their authorisation only, which is seen by the same rule.
    """
    covered = (
        select(ScopeLine.authorisation_id, joined(ScopeLine.operation))
        .where(_among(ScopeLine, narrowed))
        .group_by(ScopeLine.authorisation_id)
        .subquery("covered")
    )
    begun = or_(Authorisation.valid_from.is_(None), Authorisation.valid_from <= TODAY)
    lasting = or_(Authorisation.valid_to.is_(None), Authorisation.valid_to > TODAY)
    return in_columns(
        select(as_text(Authorisation.facility_id), as_text(Authorisation.kind), covered.c.joined)
        .outerjoin(covered, covered.c.authorisation_id == Authorisation.id)
        .where(visibility.shown_to_developers(subject, Authorisation), begun, lasting, _among(Authorisation, narrowed))
    )


def read_experience(asking: Asking, *, narrowed: bool) -> dict[str, str]:
    """Return the families each facility has made."""
    return dict(zip(*answer(asking, experience_question(asking.subject, narrowed=narrowed)), strict=True))


@lru_cache(maxsize=QUESTIONS_KEPT)
def experience_question(subject: Subject, *, narrowed: bool) -> Question:
    """Return the question for each facility and the families it has made, as far as the subject may know."""
    return in_columns(
        select(as_text(ProcessExperience.facility_id), joined(ProcessExperience.family))
        .where(visibility.shown_to_developers(subject, ProcessExperience), _among(ProcessExperience, narrowed))
        .group_by(ProcessExperience.facility_id)
    )


def _among(table: type[Any], narrowed: bool) -> ColumnElement[bool]:
    if not narrowed:
        return true()
    among: ColumnElement[bool] = table.facility_id == any_(cast(func.string_to_array(AMONG, ","), ARRAY(Uuid())))
    return among


def read_closures(asking: Asking) -> dict[str, tuple[Closed, ...]]:
    """Return the closures of whole facilities that may have stopped a clock, by facility; older ones save no calendar."""
    found: defaultdict[str, tuple[Closed, ...]] = defaultdict(tuple)
    values = {"today": asking.today, "oldest": oldest_end(asking.today)}
    for facility, starts, ends, kind, recurrence in zip(
        *answer(asking, closures_question(asking.subject), **values), strict=True
    ):
        last = whole_number(ends)
        found[facility] += (
            Closed(
                asking.today + timedelta(days=int(starts)),
                None if last is None else asking.today + timedelta(days=last),
                kind,
                recurrence or None,
            ),
        )
    return found


def oldest_end(today: date) -> date:
    """Return the day after which a closure must have ended to save a calendar of the slowest rhythm."""
    return today - timedelta(days=max(excluded for _, _, excluded in FRESHNESS_DAYS.values()))


@lru_cache(maxsize=QUESTIONS_KEPT)
def closures_question(subject: Subject) -> Question:
    """Return the question for closures of whole facilities the subject may see: facility, days from today, kind, repetition."""
    lasting = or_(
        Closure.recurrence.is_not(None), Closure.ends.is_(None), Closure.ends > bindparam("oldest", type_=Date())
    )
    return in_columns(
        select(
            as_text(Closure.facility_id),
            as_text(Closure.starts - TODAY),
            as_text(Closure.ends - TODAY),
            as_text(Closure.kind),
            Closure.recurrence,
        ).where(
            visibility.inside_facility(subject, Closure),
            Closure.suite_id.is_(None),
            Closure.kind.not_in(sorted(TAKEN)),
            Closure.starts <= TODAY,
            lasting,
        )
    )
