"""Why a request is not wholly placed, in plain words: the rules that exclude facilities, then what was full.

Nothing here says whose stay stands in the way, and no facility is named: only how many.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from matcher.explain import obstacles as kinds
from registry.vocabulary.facilities import LimitKind


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason with its rule id, and how many facilities it excludes or, for a limit, how many were full."""

    rule: str
    text: str
    facilities: int


QC_LIMIT = "qc-limit"

LIMIT_RULES: Mapping[LimitKind, str] = {
    LimitKind.QC_RESULTS: QC_LIMIT,
    LimitKind.CERTIFICATIONS: "certification-limit",
    LimitKind.OPERATORS: "operator-limit",
    LimitKind.NEW_PRODUCTS: "new-products-limit",
    LimitKind.TRANSFER_WEEKS: "transfer-limit",
}
"""The rule id of each kind of facility limit."""

STARTS_LIMIT = "offered-starts"

LIMIT_WORDS: Mapping[str, str] = {
    kinds.NO_ROOM: "full: every place is taken in each week it could start",
    kinds.OTHER_PRODUCT: "another product holds the room, or the change between products leaves no gap",
    kinds.ONE_FACILITY: "the rest of the request is placed elsewhere, and it may not use more facilities",
    kinds.ALL_OR_NOTHING: "single starts would fit, but not all of them, and the request asked for all or none",
    kinds.SEQUENCE: "a start would fit, but not in the sequence of batches the request needs",
    kinds.NO_START: "open too little: no stay fits its windows",
    kinds.OUTWEIGHED: "a start would fit alone, but other placements treat more patients or wait less",
    QC_LIMIT: "quality control is fully taken when the results would be due",
    LIMIT_RULES[LimitKind.CERTIFICATIONS]: "the Qualified Person has no certification left when it would be due",
    LIMIT_RULES[LimitKind.OPERATORS]: "no operators left in the weeks it would need them",
    LIMIT_RULES[LimitKind.NEW_PRODUCTS]: "takes no further new product in this period",
    LIMIT_RULES[LimitKind.TRANSFER_WEEKS]: "the transfer team has no weeks left",
    STARTS_LIMIT: "the facility offers no further start on this platform in those weeks",
}
"""What each limit says to a person."""


def limit_reason(rule: str, facilities: int) -> Reason:
    """The reason for an obstacle found beside the plan."""
    return Reason(rule, LIMIT_WORDS.get(rule, "a limit of the facility is reached"), facilities)
