"""Figures about many facilities that everybody may see, and nothing about one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.disclosure import Published, members, old_enough, published
from registry.access.subject import Subject
from registry.models import Facility, StartsStatement
from registry.queries.starts import Stated, of_week, standing
from registry.vocabulary.facilities import StartsClass
from registry.vocabulary.lifecycle import DataSet, Publication

WEEK = timedelta(weeks=1)
FIRST_SHOWN = date(2026, 10, 1)
"""Quarters before this day are never shown; cells are compared with what was shown from here on."""


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """Where and on which platform."""

    country: str
    platform: str


def published_starts(
    session: Session, subject: Subject, data_set: DataSet, quarter: date, today: date
) -> Published[Cell] | None:
    """Return the starts offered in the quarter that begins on a day, by country and platform; None while it is too young.

    To be asked as the machine, which sees every statement: whoever sees fewer gets fewer cells, never a smaller one.
    The cells are fixed: there is no other division to compare them with.
    """
    if quarter < FIRST_SHOWN or (quarter.month - 1) % 3 or quarter.day != 1:
        return None
    if not old_enough(_next(quarter) - timedelta(days=1), today):
        return None
    offers = _offers(session, subject, data_set)
    shown: dict[Cell, frozenset[UUID]] = {}
    looked_at = FIRST_SHOWN
    while True:
        table = _table(offers, looked_at)
        answer = published(table, shown)
        if looked_at == quarter:
            return answer
        shown.update({cell: members(table[cell]) for cell in answer.cells})
        looked_at = _next(looked_at)


@dataclass(frozen=True, slots=True)
class _Offer:
    organisation: UUID
    country: str
    stated: Sequence[Stated]


def _offers(session: Session, subject: Subject, data_set: DataSet) -> list[_Offer]:
    facilities = session.scalars(
        select(Facility)
        .where(
            visibility.facilities(subject), Facility.data_set == data_set, Facility.publication == Publication.PUBLISHED
        )
        .order_by(Facility.code)
    ).all()
    rows: dict[UUID, list[StartsStatement]] = defaultdict(list)
    for row in session.scalars(
        select(StartsStatement).where(
            visibility.inside_facility(subject, StartsStatement),
            StartsStatement.facility_id.in_(facility.id for facility in facilities),
        )
    ):
        rows[row.facility_id].append(row)
    return [_Offer(one.organisation_id, one.country, standing(rows[one.id])) for one in facilities if rows[one.id]]


def _table(offers: Sequence[_Offer], quarter: date) -> Mapping[Cell, Mapping[UUID, int]]:
    table: dict[Cell, dict[UUID, int]] = defaultdict(lambda: defaultdict(int))
    first = quarter + timedelta(days=-quarter.weekday() % 7)
    mondays = [first + number * WEEK for number in range(14) if first + number * WEEK < _next(quarter)]
    for offer in offers:
        for platform in {part.platform for part in offer.stated}:
            stated = [of_week(offer.stated, platform, monday) for monday in mondays]
            starts = sum(
                part.starts_per_week for part in stated if part and part.starts_class is not StartsClass.ON_ENQUIRY
            )
            table[Cell(offer.country, platform)][offer.organisation] += starts
    return table


def _next(quarter: date) -> date:
    return date(quarter.year + (quarter.month + 2) // 12, (quarter.month + 2) % 12 + 1, 1)
