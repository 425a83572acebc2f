"""What a rule found about one pair, before the rule puts its name to it."""

from dataclasses import dataclass
from datetime import date

from registry.vocabulary.periods import Days
from registry.vocabulary.results import Citation, Status

GENERAL_KNOWLEDGE_ON = date(2026, 11, 22)
"""The day of the survey: texts known in general but not read in the source are dated with it."""


ATMP_GMP = Days(date(2018, 5, 22), None)
"""Guidelines on GMP specific to ATMPs: adopted on 22 November 2017, applied by 22 May 2018 at the latest."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Status, the fact, what it needs and how far apart they are; see `RuleResult` for the fields."""

    status: Status
    actual: str
    required: str = ""
    margin: float | None = None
    unit: str = ""
    condition: str = ""
    condition_by: date | None = None
    source: str = ""
    source_date: date | None = None


def passes(
    actual: str,
    required: str = "",
    *,
    margin: float | None = None,
    unit: str = "",
    source: str = "",
    source_date: date | None = None,
) -> Finding:
    """The requirement is met."""
    return Finding(Status.PASS, actual, required, margin, unit, source=source, source_date=source_date)


def fails(
    actual: str,
    required: str,
    *,
    margin: float | None = None,
    unit: str = "",
    source: str = "",
    source_date: date | None = None,
) -> Finding:
    """The requirement is missed."""
    return Finding(Status.FAIL, actual, required, margin, unit, source=source, source_date=source_date)


def unknown(actual: str, required: str, *, ask: str, source: str = "", source_date: date | None = None) -> Finding:
    """Nobody has said; `ask` is the question that settles it."""
    return Finding(Status.UNKNOWN, actual, required, condition=ask, source=source, source_date=source_date)


def conditional(
    actual: str,
    required: str,
    *,
    condition: str,
    by: date | None = None,
    margin: float | None = None,
    unit: str = "",
    source: str = "",
    source_date: date | None = None,
) -> Finding:
    """Met once `condition` is, by the day `by` where one is known."""
    return Finding(Status.CONDITIONAL, actual, required, margin, unit, condition, by, source, source_date)


def from_general_knowledge(text: str) -> Citation:
    """A citation from general knowledge: shown as unconfirmed until somebody reads the clause."""
    return Citation(text, GENERAL_KNOWLEDGE_ON, confirmed=False)


def own_rule(text: str) -> Citation:
    """A rule of the platform itself, not of law."""
    return Citation(f"Rule of this platform: {text}", GENERAL_KNOWLEDGE_ON, confirmed=True)
