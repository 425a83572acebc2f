"""The start days of a plan: kept with the calculation, read back, and used wherever the plan is shown.

The plan itself stays in weeks, which is what the verifier checks; a day only says where in its week a start lies.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pydantic import TypeAdapter

from matcher.eligibility.verdicts import Verdicts
from matcher.facts import Facts
from matcher.outcome import Placement

KEY = "days"
"""Where the summary of a run keeps them."""


@dataclass(frozen=True, slots=True)
class StartDay:
    """A start with its day; `end` is the first day after the stay, `free_again` after its clearance."""

    request: str
    batch: str
    suite: str
    start: date
    end: date
    free_again: date


@dataclass(frozen=True, slots=True)
class NoDay:
    """A start that stays placed in the week of `monday` although no day of it could be settled, and why."""

    request: str
    batch: str
    suite: str
    monday: date
    why: str


@dataclass(frozen=True, slots=True)
class PlanDays:
    """The days of a plan: every placement is in one of the two lists, sorted by request and batch."""

    dated: tuple[StartDay, ...] = ()
    undated: tuple[NoDay, ...] = ()

    def starts(self) -> Mapping[tuple[str, str], date]:
        """The start day of each (request, batch) that has one."""
        return {(stay.request, stay.batch): stay.start for stay in self.dated}

    def reasons(self) -> Mapping[tuple[str, str], str]:
        """Why a (request, batch) has no day."""
        return {(one.request, one.batch): one.why for one in self.undated}


def days_of_plan(facts: Facts, verdicts: Verdicts, placements: Iterable[Placement]) -> PlanDays:
    """Settle the days of a plan in weeks, as far as the conditions with dates leave them; the same input, the same days."""
    from matcher.dating import date_plan  # noqa: PLC0415 - loads a solver

    plan = tuple(placements)
    pairs = sorted({(placement.request, placement.suite) for placement in plan})
    left = ((pair, verdicts.allowed_starts(*pair)) for pair in pairs)
    found = date_plan(facts, plan, {pair: days for pair, days in left if days is not None})
    return PlanDays(
        tuple(
            StartDay(stay.request, stay.batch, stay.suite, stay.start, stay.end, stay.free_again)
            for stay in found.dated
        ),
        tuple(
            NoDay(one.request, one.batch, one.suite, facts.origin + timedelta(weeks=one.week), one.why)
            for one in found.undated
        ),
    )


def read_days(summary: Mapping[str, Any]) -> PlanDays:
    """Return the days the summary of a run keeps; empty for a calculation made before days were kept."""
    return TypeAdapter(PlanDays).validate_python(summary.get(KEY, {}), strict=False)
