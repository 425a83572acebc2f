"""What a facility can start in a week on a platform: the declared figure, lowered by what its rooms and limits allow.

The declared figure is the upper limit; what is derived may only lower it, and what binds is named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import Booking, Closure, FacilityLimit, Opening, Suite
from registry.models.base import Record
from registry.queries.closed_days import occurrences
from registry.queries.places import Lane, Room, Rooms
from registry.queries.starts import Stated, list_starts, of_week
from registry.vocabulary.facilities import TAKEN, LimitKind, StartsClass
from registry.vocabulary.lifecycle import BookingState
from registry.vocabulary.periods import Days, minus

WEEK = timedelta(weeks=1)
STATED = "stated starts"
Row = TypeVar("Row", bound=Record)


@dataclass(frozen=True, slots=True)
class Need:
    """What one start on a platform takes: days a place is held, and amounts of the facility's limits."""

    stay_days: int = 7
    loads: Mapping[LimitKind, int] | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """How many starts of a week one resource allows."""

    resource: str
    starts: int


@dataclass(frozen=True, slots=True)
class WeekCapacity:
    """A week from `monday` on a platform: what is declared, what each resource allows, and the smallest, by name."""

    platform: str
    monday: date
    declared: int
    starts_class: StartsClass
    pooled: bool
    bounds: tuple[Bound, ...]

    @property
    def binding(self) -> Bound:
        """The resource that allows the fewest; the declared figure where it is one of them."""
        return min((Bound(STATED, self.declared), *self.bounds), key=lambda bound: bound.starts)

    @property
    def offerable(self) -> int:
        """Starts that are left when every resource has had its say; never more than declared."""
        return self.binding.starts


def weekly_capacity(
    session: Session,
    subject: Subject,
    facility_id: UUID,
    *,
    first: date,
    weeks: int,
    needs: Mapping[str, Need] | None = None,
) -> list[WeekCapacity]:
    """Return the capacity of each week from Monday `first` and each platform stated, as far as the subject may know.

    Each platform is looked at as if it had the rooms to itself and every start offered before were taken; changeover
    between products is left to the dating of a plan. The figures are therefore upper bounds of what is possible.
    """
    stated = list_starts(session, subject, facility_id)
    if not stated:
        return []
    limits = _visible(session, subject, FacilityLimit, facility_id)
    horizon = Days(first, first + weeks * WEEK)
    found = []
    for platform in sorted({part.platform for part in stated}):
        need = (needs or {}).get(platform, Need())
        rooms = _rooms(session, subject, facility_id, horizon, need.stay_days)
        found += derive(platform, stated, rooms, limits, need, first, weeks)
    return found


def derive(
    platform: str,
    stated: Sequence[Stated],
    rooms: Rooms,
    limits: Sequence[FacilityLimit],
    need: Need,
    first: date,
    weeks: int,
) -> list[WeekCapacity]:
    """Lower the declared starts of each week by places, closures, stays and limits, week after week."""
    spent: dict[tuple[UUID, int], int] = {}
    loads = need.loads if need.loads is not None else {LimitKind.QC_RESULTS: 1, LimitKind.CERTIFICATIONS: 1}
    found = []
    for number in range(weeks):
        monday = first + number * WEEK
        said = of_week(stated, platform, monday)
        if said is None:
            continue
        bounds = [Bound(name, starts) for name, starts in rooms.possible(monday, need.stay_days)]
        loaded = [limit for limit in limits if loads.get(limit.kind, 0) > 0]
        for limit in loaded:
            left = max(0, _amount(limit, monday) - spent.get(_period(limit, number, monday), 0))
            bounds.append(Bound(limit.kind.value.replace("_", " "), left // loads[limit.kind]))
        week = WeekCapacity(platform, monday, said.starts_per_week, said.starts_class, said.pooled, tuple(bounds))
        rooms.hold(monday, need.stay_days, week.offerable)
        for limit in loaded:
            key = _period(limit, number, monday)
            spent[key] = spent.get(key, 0) + week.offerable * loads[limit.kind]
        found.append(week)
    return found


def _amount(limit: FacilityLimit, monday: date) -> int:
    """What a limit gives in the week of a Monday, or in the period that week lies in."""
    if limit.weekly is None:
        return limit.amount
    week = 0 if limit.weekly_from is None else (monday - limit.weekly_from).days // 7
    return limit.weekly[week] if 0 <= week < len(limit.weekly) else limit.amount


def _period(limit: FacilityLimit, number: int, monday: date) -> tuple[UUID, int]:
    """Which period of the limit a week belongs to: by its own weeks, or counted from the first week asked for."""
    if limit.weekly is not None:
        return limit.id, monday.toordinal()
    return limit.id, number // limit.period_weeks


def _rooms(session: Session, subject: Subject, facility_id: UUID, horizon: Days, stay_days: int) -> Rooms:
    assert horizon.end is not None
    until = horizon.end + timedelta(days=stay_days)
    suites = _visible(session, subject, Suite, facility_id)
    openings = _visible(session, subject, Opening, facility_id)
    closures = _visible(session, subject, Closure, facility_id)
    holding = (BookingState.HELD, BookingState.CONFIRMED)
    stays = [stay for stay in _visible(session, subject, Booking, facility_id) if stay.state in holding]
    rooms = []
    for suite in sorted(suites, key=lambda suite: suite.code):
        here = (None, suite.id)
        stated = [Days(one.starts, one.ends) for one in openings if one.suite_id in here]
        at = [one for one in closures if one.suite_id in here]
        used = [days for one in at if _own_use(subject, one) for days in occurrences(one, until)]
        closed = [days for one in at if not _own_use(subject, one) for days in occurrences(one, until)]
        lanes = [
            Lane([_held(stay, suite) for stay in stays if stay.suite_id == suite.id and stay.lane == lane])
            for lane in range(1, suite.places + 1)
        ]
        opened = [part for days in stated for part in minus(days, closed)]
        left = [part for days in opened for part in minus(days, used)]
        weekdays = frozenset(suite.start_weekdays) or frozenset(range(1, 8))
        rooms.append(Room(suite.name, tuple(stated), tuple(left), weekdays, suite.clearance_days, lanes, tuple(opened)))
    return Rooms(rooms)


def _own_use(subject: Subject, closure: Closure) -> bool:
    """Whether a closure is use, as far as its reader may know: to others its days are closed, without reason."""
    return closure.organisation_id in subject.organisations and closure.kind in TAKEN


def _held(stay: Booking, suite: Suite) -> Days:
    return Days(stay.starts, stay.ends + timedelta(days=suite.clearance_days))


def _visible(session: Session, subject: Subject, table: type[Row], facility_id: UUID) -> list[Row]:
    owned: Any = table
    seen = visibility.bookings(subject) if table is Booking else visibility.inside_facility(subject, table)
    return list(session.scalars(select(table).where(owned.facility_id == facility_id, seen).order_by(table.id)))
