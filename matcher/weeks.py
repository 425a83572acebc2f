"""From days to the weeks of a round, always on the safe side.

Week w begins on Monday `origin` + 7 w. A start in week w means the suite's first start weekday of that week; a stay,
with its clearance, holds every week it touches; a week counts as open, or as covered by a statement, only as a whole.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from matcher.eligibility.dated import joined
from matcher.facts import Batch, Suite
from matcher.problem import Interval
from registry.vocabulary.periods import Days


@dataclass(frozen=True, slots=True)
class Weeks:
    """The weeks of a round: `horizon` of them from Monday `origin`."""

    origin: date
    horizon: int

    def day(self, week: int, offset: int = 0) -> date:
        """The day `offset` days after the Monday of a week."""
        return self.origin + timedelta(days=7 * week + offset)

    def holding(self, day: date) -> int:
        """The week a day lies in; negative before the round."""
        return (day - self.origin).days // 7

    def first_from(self, day: date) -> int:
        """The first week whose Monday is not before the day."""
        return -(-(day - self.origin).days // 7)

    def whole(self, periods: Iterable[Days]) -> tuple[Interval, ...]:
        """The runs [first, last) of weeks of the horizon that lie wholly in one of the periods."""
        runs = []
        for period in joined(periods):
            first = max(0, self.first_from(period.start))
            last = self.horizon if period.end is None else min(self.horizon, self.holding(period.end))
            if first < last:
                runs.append((first, last))
        return tuple(runs)

    def windows(self, days: Iterable[Days], offset: int) -> tuple[Interval, ...]:
        """The runs [first, last] of weeks whose start day lies in one of the periods."""
        runs = []
        for period in joined(days):
            first = max(0, self.first_from(period.start - timedelta(days=offset)))
            end = None if period.end is None else period.end - timedelta(days=offset)
            last = self.horizon - 1 if end is None else min(self.horizon - 1, self.first_from(end) - 1)
            if first <= last:
                runs.append((first, last))
        return tuple(runs)

    def starts(self, batch: Batch, offset: int) -> Interval:
        """First and last start week of a batch when suites start at most `offset` days after Monday.

        A window too short for a whole week keeps the week that holds its first day; the dating in days decides there.
        """
        first = max(0, self.first_from(batch.earliest))
        last = self.holding(batch.latest - timedelta(days=offset))
        if first <= last:
            return first, last
        holding = max(0, self.holding(batch.earliest))
        return holding, holding


def start_offset(suite: Suite) -> int:
    """Days from Monday to the suite's first start weekday; 0 where any day will do."""
    return min(suite.start_weekdays) - 1 if suite.start_weekdays else 0


def weeks_held(suite: Suite, stay_days: int) -> int:
    """Weeks that a stay with its clearance touches when it begins on the first start weekday."""
    return -(-(start_offset(suite) + stay_days + suite.clearance_days) // 7)


def slack_days(suite: Suite, stay_days: int) -> int:
    """Days of the last week held that are free again after the clearance."""
    return 7 * weeks_held(suite, stay_days) - start_offset(suite) - stay_days - suite.clearance_days


def delay_weeks(suite: Suite, stay_days: int, delay_days: int) -> int:
    """Weeks from the last week held to the week in which a load `delay_days` after the last day of the stay falls."""
    week_of_load = (start_offset(suite) + stay_days - 1 + delay_days) // 7
    return max(0, week_of_load - weeks_held(suite, stay_days) + 1)
