"""Why a request is not wholly placed, in plain words: the rules that exclude facilities, then what was full.

Nothing here says whose stay stands in the way, and no facility is named: only how many.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from matcher.capacities import CAMPAIGN, RULE_OF_LIMIT, STATED
from matcher.eligibility.verdicts import Verdicts
from matcher.explain import obstacles as kinds
from matcher.explain.obstacles import obstacles
from matcher.facts import Facts
from matcher.formulate import Formulated
from matcher.outcome import Placement
from matcher.problem import RequestId
from registry.vocabulary.facilities import LimitKind
from registry.vocabulary.results import Status


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason with its rule id, and how many facilities it excludes or, for a limit, how many were full."""

    rule: str
    text: str
    facilities: int


LIMIT_WORDS: Mapping[str, str] = {
    kinds.NO_ROOM: "full: every place is taken in each week it could start",
    kinds.OTHER_PRODUCT: "another product holds the room, or the change between products leaves no gap",
    kinds.ONE_FACILITY: "the rest of the request is placed elsewhere, and it may not use more facilities",
    kinds.ALL_OR_NOTHING: "single starts would fit, but not all of them, and the request asked for all or none",
    kinds.SEQUENCE: "a start would fit, but not in the sequence of batches the request needs",
    kinds.NO_START: "open too little: no stay fits its windows",
    kinds.OUTWEIGHED: "a start would fit alone, but other placements treat more patients or wait less",
    RULE_OF_LIMIT[LimitKind.QC_RESULTS]: "quality control is fully taken when the results would be due",
    RULE_OF_LIMIT[LimitKind.CERTIFICATIONS]: "the Qualified Person has no certification left when it would be due",
    RULE_OF_LIMIT[LimitKind.OPERATORS]: "no operators left in the weeks it would need them",
    RULE_OF_LIMIT[LimitKind.NEW_PRODUCTS]: "takes no further new product in this period",
    RULE_OF_LIMIT[LimitKind.TRANSFER_WEEKS]: "the transfer team has no weeks left",
    STATED: "the facility offers no further start on this platform in those weeks",
    CAMPAIGN: "the largest campaign the facility takes is reached",
}
"""What each limit says to a person."""


def limit_reason(rule: str, facilities: int) -> Reason:
    """The reason for an obstacle found beside the plan."""
    return Reason(rule, LIMIT_WORDS.get(rule, "a limit of the facility is reached"), facilities)


SET_ASIDE = "set-aside"


def reasons_of(
    facts: Facts, verdicts: Verdicts, formulated: Formulated, plan: tuple[Placement, ...]
) -> dict[str, tuple[Reason, ...]]:
    """Return, for each request not wholly placed, every reason: rules first, then what was full, most facilities first."""
    beside_plan = obstacles(formulated.problem, plan, formulated.resource_rules)
    placed = {(placement.request, placement.batch) for placement in plan}
    found: dict[str, tuple[Reason, ...]] = {
        one.request: tuple(Reason(SET_ASIDE, text, len(facts.facilities)) for text in one.reasons)
        for one in verdicts.quarantined
    }
    for request in verdicts.requests:
        if all((request.id, batch.id) in placed for batch in request.batches):
            continue
        rules = [
            Reason(one.rule, f"{one.title}: {STATUS_WORDS[one.status]}", len(one.facilities))
            for one in verdicts.exclusions(request.id)
        ]
        limits = [limit_reason(one.rule, len(one.facilities)) for one in beside_plan.get(RequestId(request.id), ())]
        found[request.id] = (*limits, *rules)
    return found


STATUS_WORDS: Mapping[Status, str] = {
    Status.FAIL: "not met",
    Status.UNKNOWN: "not recorded, and unknown is never a pass",
}
