"""The round a rehearsal is made for."""

from dataclasses import dataclass
from datetime import date, timedelta

from registry.rehearsal.chance import Stream
from registry.rehearsal.rules import rules


@dataclass(frozen=True, slots=True)
class Frame:
    """Seed, day of seeding, first Monday and the Monday after the last week."""

    seed: int
    today: date
    origin: date
    end: date

    def draws(self, *key: object) -> Stream:
        """Return the draws of one record."""
        return Stream(self.seed, *key)

    @property
    def weeks(self) -> int:
        """Weeks of the horizon."""
        return (self.end - self.origin).days // 7


def frame(seed: int, today: date) -> Frame:
    """Return the frame that begins on the Monday after `today`."""
    origin = today + timedelta(days=7 - today.weekday())
    return Frame(seed, today, origin, origin + timedelta(weeks=rules().demand.whole("horizon_weeks")))
