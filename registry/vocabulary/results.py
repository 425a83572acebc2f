"""The answer of one eligibility rule about one pair of request and suite."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Status(StrEnum):
    """Unknown is never a pass."""

    PASS = "pass"  # noqa: S105 - a verdict, not a secret
    CONDITIONAL = "conditional"
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a rule comes from, the day the text was valid, and whether the clause was confirmed in the text."""

    text: str
    valid_on: date
    confirmed: bool


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What a rule found: the fact, what it needs, how far apart they are, and what would change the answer.

    `margin` is in the rule's own unit (`unit`), negative when the requirement is missed. `condition` and
    `condition_by` say what must happen and by when. `source` names the record the fact rests on.
    """

    rule: str
    title: str
    status: Status
    actual: str
    required: str
    citation: Citation
    margin: float | None = None
    unit: str = ""
    condition: str = ""
    condition_by: date | None = None
    overridable_by: str | None = None
    source: str = ""
    source_date: date | None = None
