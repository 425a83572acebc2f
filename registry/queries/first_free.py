"""What stands in the way of days in a facility, and the first day on which nothing does."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import Booking, Closure, Opening, Suite
from registry.queries.closed_days import LONGEST_LOOK, occurrences
from registry.vocabulary.lifecycle import BookingKind, BookingState
from registry.vocabulary.periods import Days, minus

LOOK_AHEAD_DAYS = 730
LIVE = (BookingState.HELD, BookingState.CONFIRMED)
CLOSED, NOT_OPEN, TAKEN, NO_START = "closed", "not open", "taken", "no day of starts"


@dataclass(frozen=True, slots=True)
class Block:
    """Something in the way from `starts` (in) to `ends` (out, None = without end); it names no other party.

    `what` is the kind of a stay (held, reservation, call_off, own) for the facility's own people, for overseers
    *taken* where it is the facility's own use; or closed, not open, no day of starts.
    """

    what: str
    suite_id: UUID | None
    starts: date
    ends: date | None


@dataclass(frozen=True, slots=True)
class FirstStart:
    """The first day on which a stay can start, None within two years; and what stands in its way on the day asked for."""

    day: date | None
    blocking: tuple[Block, ...]


def stays_in_the_way(
    session: Session, subject: Subject, facility_id: UUID, suite_id: UUID | None, periods: Sequence[Days]
) -> list[Block]:
    """Return the live stays in a suite, or without one in the facility, that share a day with the periods."""
    question = select(Booking).where(
        visibility.bookings(subject), Booking.facility_id == facility_id, Booking.state.in_(LIVE)
    )
    if suite_id is not None:
        question = question.where(Booking.suite_id == suite_id)
    stays = {
        stay.stay_id: _stay(subject, stay)
        for stay in session.scalars(question.order_by(Booking.lane))
        if any(days.overlaps(Days(stay.starts, stay.ends)) for days in periods)
    }
    return sorted(stays.values(), key=lambda block: (block.starts, block.what, str(block.suite_id)))


def live_stays(session: Session, subject: Subject, facility_id: UUID, suite_id: UUID | None) -> list[Block]:
    """Return every live stay in a suite, or without one in the facility."""
    return stays_in_the_way(session, subject, facility_id, suite_id, [Days(date.min, None)])


def closed_in_the_way(
    session: Session, subject: Subject, facility_id: UUID, suite_id: UUID | None, wanted: Days
) -> list[Block]:
    """Return the closures of a suite, and of the whole facility, that share a day with the days wanted."""
    rows = session.scalars(
        select(Closure).where(visibility.inside_facility(subject, Closure), Closure.facility_id == facility_id)
    )
    until = wanted.end or wanted.start + LONGEST_LOOK
    found = [
        Block(CLOSED, row.suite_id, days.start, days.end)
        for row in rows
        if row.suite_id in (None, suite_id)
        for days in occurrences(row, until)
        if days.overlaps(wanted)
    ]
    return sorted(found, key=lambda block: (block.starts, str(block.suite_id)))


def first_clear(wanted: Days, blocks: Iterable[Block]) -> date | None:
    """Return the first day, from the beginning of the days wanted on, from which as many days are free of all blocks."""
    day, length = wanted.start, None if wanted.end is None else wanted.end - wanted.start
    for block in sorted(blocks, key=lambda block: block.starts):
        asked = Days(day, None if length is None else day + length)
        if Days(block.starts, block.ends).overlaps(asked):
            if block.ends is None:
                return None
            day = max(day, block.ends)
    return day


def first_start(
    session: Session, subject: Subject, suite_id: UUID, earliest: date, stay_days: int
) -> FirstStart | None:
    """Return when a stay of so many days can first start in a suite; None when the suite is not the subject's to see.

    A day will do when the suite is open for the whole stay, not closed on any day of it, starts on that weekday, and
    one of its places is free, clearance included.
    """
    suite = session.scalars(
        select(Suite).where(visibility.inside_facility(subject, Suite), Suite.id == suite_id)
    ).one_or_none()
    if suite is None:
        return None
    look = Days(earliest, earliest + timedelta(days=LOOK_AHEAD_DAYS + stay_days))
    closed = closed_in_the_way(session, subject, suite.facility_id, suite.id, look)
    opened = _opened(session, subject, suite)
    places = _places(session, subject, suite)
    for number in range(LOOK_AHEAD_DAYS):
        day = earliest + timedelta(days=number)
        blocking = _against(suite, day, stay_days, opened, closed, places)
        if number == 0:
            asked = blocking
        if not blocking:
            return FirstStart(day, asked)
    return FirstStart(None, asked)


def _against(
    suite: Suite,
    day: date,
    stay_days: int,
    opened: Sequence[Days],
    closed: Sequence[Block],
    places: Sequence[Sequence[Block]],
) -> tuple[Block, ...]:
    """What stands in the way of a stay that starts on a day."""
    stay = Days(day, day + timedelta(days=stay_days))
    hold = Days(day, day + timedelta(days=stay_days + suite.clearance_days))
    found = [block for block in closed if Days(block.starts, block.ends).overlaps(stay)]
    found += [Block(NOT_OPEN, suite.id, days.start, days.end) for days in minus(stay, opened)]
    if suite.start_weekdays and day.isoweekday() not in suite.start_weekdays:
        found.append(Block(NO_START, suite.id, day, day + timedelta(days=1)))
    clearance = timedelta(days=suite.clearance_days)
    holding = [[one for one in place if Days(one.starts, _after(one) + clearance).overlaps(hold)] for place in places]
    if all(holding):
        found += [one for place in holding for one in place]
    return tuple(found)


def _after(stay: Block) -> date:
    assert stay.ends is not None
    return stay.ends


def _opened(session: Session, subject: Subject, suite: Suite) -> list[Days]:
    rows = session.scalars(
        select(Opening).where(visibility.inside_facility(subject, Opening), Opening.facility_id == suite.facility_id)
    )
    return [Days(row.starts, row.ends) for row in rows if row.suite_id in (None, suite.id)]


def _places(session: Session, subject: Subject, suite: Suite) -> list[list[Block]]:
    """The stays on each place of a suite."""
    places: list[list[Block]] = [[] for _ in range(suite.places)]
    question = select(Booking).where(
        visibility.bookings(subject), Booking.suite_id == suite.id, Booking.state.in_(LIVE)
    )
    for stay in session.scalars(question):
        if stay.lane <= suite.places:
            places[stay.lane - 1].append(_stay(subject, stay))
    return places


def _stay(subject: Subject, stay: Booking) -> Block:
    what = BookingState.HELD.value if stay.state is BookingState.HELD else stay.kind.value
    own_use = stay.kind is BookingKind.OWN and stay.organisation_id not in subject.organisations
    return Block(TAKEN if own_use else what, stay.suite_id, stay.starts, stay.ends)
