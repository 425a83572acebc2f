"""Equipment by class: present in the suite, qualified over the stay; and one product at a time, for information."""

from collections.abc import Hashable

from matcher.eligibility.dated import Basis
from matcher.eligibility.finding import Finding, fails, from_general_knowledge, passes, unknown
from matcher.eligibility.grade import steps_of
from matcher.eligibility.needs import whole_stay
from matcher.eligibility.rule import Round, Rule, Tie, Where
from matcher.facts import Equipment, Request, Step
from registry.vocabulary.periods import Days

EQUIPMENT = from_general_knowledge(
    "Guidelines on GMP specific to ATMPs (C(2017) 7694), chapter 5: suitable, qualified equipment"
)
PARALLEL = from_general_knowledge(
    "Guidelines on GMP specific to ATMPs (C(2017) 7694), chapter 9: no parallel open processing in one room; line clearance"
)


def equipment_of(where: Where, _circle: Round) -> Hashable:
    """Equipment of the suite."""
    return where.suite.equipment


def check_present(steps: tuple[Step, ...], equipment: tuple[Equipment, ...]) -> Finding:
    """For each step at least one of the classes that serve it is there."""
    needed = [step.equipment for step in steps if step.equipment]
    if not needed:
        return passes("no equipment asked for")
    required = "; ".join(" or ".join(sorted(one)) for one in needed)
    if not equipment:
        return unknown("no equipment recorded", required, ask="which equipment does the suite have?")
    there = {item.equipment_class for item in equipment if item.count > 0}
    missing = [" or ".join(sorted(one)) for one in needed if not one & there]
    if missing:
        return fails("not there: " + "; ".join(missing), required, margin=-float(len(missing)), unit="classes")
    return passes(", ".join(sorted(there)), required)


def check_qualified(steps: tuple[Step, ...], equipment: tuple[Equipment, ...]) -> Finding | Basis:
    """For each step a class that serves it stays qualified over the stay; else on condition of requalification."""
    required = "equipment qualified over the whole stay"
    until = []
    for step in steps:
        serving = [item for item in equipment if item.count > 0 and item.equipment_class in step.equipment]
        dated = [item.qualified_until for item in serving if item.qualified_until is not None]
        if dated:
            until.append(max(dated))
        elif serving:
            ask = f"until when is the {serving[0].equipment_class} qualified?"
            return unknown("end of the qualification not recorded", required, ask=ask)
    if not until:
        return passes("no equipment to look at", required)
    end = min(until)
    return Basis(
        (Days(end.min, end),),
        hard=False,
        actual=f"qualified until {end} (that day not included)",
        required=required,
        condition="the equipment is requalified",
    )


def nothing_asked(_request: Request, _circle: Round, _tie: Tie) -> Hashable:
    """For rules about the suite alone."""
    return None


def sharing_of(where: Where, _circle: Round) -> Hashable:
    """Whether the suite takes one product at a time, and how many days lie between two."""
    return where.suite.one_product, where.suite.changeover_days


def check_sharing(_asked: None, sharing: tuple[bool, int]) -> Finding:
    """For information: the plan keeps products apart and inserts the changeover."""
    one, days = sharing
    if one:
        return passes(f"one product at a time, {days} days between two products", "kept by the plan")
    return passes("products may share the suite", "kept by the plan")


RULES = (
    Rule(
        "equipment-present",
        "The suite has the equipment the steps need",
        EQUIPMENT,
        steps_of,
        equipment_of,
        check_present,
    ),
    Rule(
        "equipment-qualified",
        "The equipment stays qualified",
        EQUIPMENT,
        steps_of,
        equipment_of,
        check_qualified,
        demand=whole_stay,
        overridable_by="QA of the facility",
    ),
    Rule("one-product", "Products are kept apart", PARALLEL, nothing_asked, sharing_of, check_sharing),
)
