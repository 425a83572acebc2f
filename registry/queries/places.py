"""How many starts of a week fit into rooms: by their places, the days they are open, and the stays they hold."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from registry.vocabulary.periods import Days

INSTALLED = "places installed"
OPENED = "openings"
OPEN = "days open"
TAKEN = "own use or reserve for repeats"
FREE = "places free of stays"
ALWAYS = (Days(date.min, None),)


@dataclass(slots=True)
class Lane:
    """One place of a room and the days it is held, clearance included."""

    held: list[Days] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Room:
    """A suite: days stated as open, days left of them after closures, ISO weekdays of starts, its places.

    `open` are the days left before own use and the reserve for repeats are taken off; None = nobody tells them apart.
    """

    name: str
    stated: tuple[Days, ...]
    left: tuple[Days, ...]
    weekdays: frozenset[int]
    clearance_days: int
    lanes: Sequence[Lane]
    open: tuple[Days, ...] | None = None


@dataclass(frozen=True, slots=True)
class Rooms:
    """All suites of a facility."""

    rooms: Sequence[Room]

    def possible(self, monday: date, stay_days: int) -> tuple[tuple[str, int], ...]:
        """Return how many starts of the week are left by places alone, then openings, closures, own use and stays held.

        A place can start again in the same week when stay and clearance are over.
        """
        found = dict.fromkeys((INSTALLED, OPENED, OPEN, TAKEN, FREE), 0)
        for room in self.rooms:
            days = {
                INSTALLED: ALWAYS,
                OPENED: room.stated,
                OPEN: room.left if room.open is None else room.open,
                TAKEN: room.left,
            }
            for lane in room.lanes:
                for name, opened in days.items():
                    found[name] += len(_starts(room, opened, [], monday, stay_days))
                found[FREE] += len(_starts(room, room.left, lane.held, monday, stay_days))
        return tuple(found.items())

    def hold(self, monday: date, stay_days: int, starts: int) -> None:
        """Take places for so many starts of the week, the first rooms first."""
        for room in self.rooms:
            for lane in room.lanes:
                taken = _starts(room, room.left, lane.held, monday, stay_days)[:starts]
                length = timedelta(days=stay_days + room.clearance_days)
                lane.held.extend(Days(day, day + length) for day in taken)
                starts -= len(taken)


def _starts(room: Room, open_days: Sequence[Days], held: Sequence[Days], monday: date, stay_days: int) -> list[date]:
    """Return days of the week on which one place can start, one stay after the other."""
    days: list[date] = []
    again = monday
    for offset in range(7):
        day = monday + timedelta(days=offset)
        stay = Days(day, day + timedelta(days=stay_days))
        hold = Days(day, day + timedelta(days=stay_days + room.clearance_days))
        fits = (
            day >= again
            and day.isoweekday() in room.weekdays
            and any(part.contains(stay) for part in open_days)
            and not any(days_held.overlaps(hold) for days_held in held)
        )
        if fits:
            days.append(day)
            assert hold.end is not None
            again = hold.end
    return days
