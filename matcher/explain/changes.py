"""What could be changed: kinds of change of the sponsor's and of the facility's side, and how large each is."""

from dataclasses import dataclass
from enum import StrEnum

from matcher.outcome import Placement
from matcher.problem import Problem


class Side(StrEnum):
    """Who could make the change."""

    SPONSOR = "sponsor"
    FACILITY = "facility"


class Kind(StrEnum):
    """What would be changed; `amount` of a change counts weeks, facilities, batches or units.

    Earlier and later move every window; sooner too and waits longer widen it at one end.
    """

    EARLIER = "earlier"
    LATER = "later"
    SOONER_TOO = "sooner-too"
    WAITS_LONGER = "waits-longer"
    MORE_FACILITIES = "more-facilities"
    PARTIAL = "partial"
    FEWER_BATCHES = "fewer-batches"
    FROZEN_MATERIAL = "frozen-material"
    FROZEN_PRODUCT = "frozen-product"
    FROZEN_BOTH = "frozen-both"
    OPERATORS = "operators"
    QC = "qc"
    CERTIFICATIONS = "certifications"
    TRANSFER = "transfer"
    NEW_PRODUCT = "new-product"
    STARTS = "starts"
    OPENING = "opening"
    SCOPE_LINE = "scope-line"
    RENEWED_AUTHORISATION = "renewed-authorisation"
    RENEWED_CERTIFICATE = "renewed-certificate"


EFFORT = {
    Kind.EARLIER: 1,
    Kind.LATER: 1,
    Kind.SOONER_TOO: 1,
    Kind.WAITS_LONGER: 1,
    Kind.PARTIAL: 2,
    Kind.FEWER_BATCHES: 3,
    Kind.MORE_FACILITIES: 4,
    Kind.FROZEN_MATERIAL: 9,
    Kind.FROZEN_PRODUCT: 9,
    Kind.FROZEN_BOTH: 12,
    Kind.STARTS: 1,
    Kind.QC: 2,
    Kind.CERTIFICATIONS: 2,
    Kind.OPERATORS: 3,
    Kind.OPENING: 3,
    Kind.TRANSFER: 4,
    Kind.NEW_PRODUCT: 4,
    Kind.RENEWED_CERTIFICATE: 8,
    Kind.RENEWED_AUTHORISATION: 8,
    Kind.SCOPE_LINE: 9,
}
"""How large one unit of each change is, in weeks of moved dates: the sequence in which changes are shown. Our assumption."""


class Meaning(StrEnum):
    """What was proved: beside the plan as it is, or in a new calculation of the whole round."""

    BESIDE_THE_PLAN = "beside-the-plan"
    NEW_CALCULATION = "new-calculation"


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `weeks` of the round in which a facility's limit or opening would be wider; `detail` an operation code."""

    side: Side
    kind: Kind
    amount: int = 1
    facility: str | None = None
    weeks: tuple[int, ...] = ()
    detail: str = ""

    @property
    def size(self) -> int:
        """How large the change is; small comes first."""
        return EFFORT[self.kind] * self.amount


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """With `change`, `starts` of the `asked` starts fit, at `placements`; without it `now`, and no more, would.

    `proof` is the problem of the changed request alone beside the plan: `placements` keep all of its rules.
    """

    request: str
    change: Change
    meaning: Meaning
    asked: int
    now: int
    starts: int
    placements: tuple[Placement, ...]
    proof: Problem

    @property
    def whole(self) -> bool:
        """Whether every start that is asked for then fits."""
        return self.starts == self.asked


def rank(one: Counterfactual) -> tuple[bool, int, int, str, str]:
    """The sequence of showing: whole requests first, then small changes, then more starts."""
    return not one.whole, one.change.size, -one.starts, one.change.kind, one.change.facility or ""
