"""Free starts of facilities whose calendar the searcher may see: what is declared less what is taken."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select

from registry.access import visibility
from registry.models import Booking, Closure, StartsStatement
from registry.queries.closed_days import occurrences
from registry.queries.search.filters import FreeStarts
from registry.queries.search.reading import Asking
from registry.queries.starts import Stated, of_week, standing
from registry.vocabulary.facilities import StartsClass
from registry.vocabulary.lifecycle import BookingKind, BookingState
from registry.vocabulary.periods import Days, minus

WEEK = timedelta(weeks=1)
WORKING_DAYS = timedelta(days=5)


def free_starts(asking: Asking, asked: FreeStarts) -> dict[str, int]:
    """Return the free starts of each facility that declares some, by facility.

    For each whole week (from Monday) of the period: starts declared for it, firm or indicative, on the platform asked
    for or on all together, less every stay that begins in it, whatever its platform; never below zero, and zero where
    the facility is closed from Monday to Friday. On enquiry is no number. What suites, limits and people allow may lower it further.
    """
    taken = _taken(asking, asked)
    closed = _closed(asking, asked)
    weeks = list(whole_weeks(asked))
    free = {}
    for facility, rows in _declared(asking, asked).items():
        stated = [part for part in standing(rows) if part.starts_class is not StartsClass.ON_ENQUIRY]
        holes = closed.get(facility, [])
        free[str(facility)] = sum(
            max(0, declared - taken[facility, week])
            for week in weeks
            if (declared := _declared_in(stated, week)) and not (holes and _shut(week, holes))
        )
    return free


def whole_weeks(asked: FreeStarts) -> Iterator[date]:
    """Yield the Mondays of the weeks that lie wholly in the period."""
    monday = asked.first + timedelta(days=-asked.first.weekday() % 7)
    while monday + WEEK <= asked.end:
        yield monday
        monday += WEEK


def _declared_in(stated: Sequence[Stated], monday: date) -> int:
    platforms = sorted({part.platform for part in stated})
    weeks = (of_week(stated, platform, monday) for platform in platforms)
    return sum(part.starts_per_week for part in weeks if part is not None)


def _shut(monday: date, closed: Iterable[Days]) -> bool:
    return minus(Days(monday, monday + WORKING_DAYS), closed) == []


def _declared(asking: Asking, asked: FreeStarts) -> dict[UUID, list[StartsStatement]]:
    statement = StartsStatement
    question = select(statement).where(
        visibility.inside_facility(asking.subject, statement),
        statement.starts < asked.end,
        or_(statement.ends.is_(None), statement.ends > asked.first),
    )
    if asked.platform is not None:
        question = question.where(statement.platform == asked.platform)
    rows: defaultdict[UUID, list[StartsStatement]] = defaultdict(list)
    for row in asking.session.scalars(question):
        rows[row.facility_id].append(row)
    return rows


def _taken(asking: Asking, asked: FreeStarts) -> Counter[tuple[UUID, date]]:
    """Count the stays of others that begin in each week, by facility and Monday."""
    rows = asking.session.execute(
        select(Booking.facility_id, func.min(Booking.starts))
        .where(
            visibility.inside_facility(asking.subject, Booking),
            Booking.data_set == asking.data_set,
            Booking.state.in_((BookingState.HELD, BookingState.CONFIRMED)),
            Booking.kind != BookingKind.OWN,
            Booking.starts >= asked.first,
            Booking.starts < asked.end,
        )
        .group_by(Booking.facility_id, Booking.stay_id)
    )
    return Counter((facility, day - timedelta(days=day.weekday())) for facility, day in rows)


def _closed(asking: Asking, asked: FreeStarts) -> dict[UUID, list[Days]]:
    rows = asking.session.scalars(
        select(Closure).where(
            visibility.inside_facility(asking.subject, Closure),
            Closure.suite_id.is_(None),
            Closure.starts < asked.end,
            or_(Closure.recurrence.is_not(None), Closure.ends.is_(None), Closure.ends > asked.first),
        )
    )
    closed: defaultdict[UUID, list[Days]] = defaultdict(list)
    for row in rows:
        closed[row.facility_id] += occurrences(row, asked.end)
    return closed
