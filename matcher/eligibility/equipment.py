"""Equipment by class: present in the suite, qualified over the stay; and one product at a time, for information."""

from collections.abc import Hashable
from datetime import date
from functools import cache

from matcher.eligibility.dated import Basis
from matcher.eligibility.finding import ATMP_GMP, Finding, fails, from_general_knowledge, passes, unknown
from matcher.eligibility.grade import NO_STEPS, making_steps
from matcher.eligibility.needs import whole_stay
from matcher.eligibility.rule import Round, Rule, Tie, Where
from matcher.facts import Request
from registry.vocabulary.periods import Days

EQUIPMENT = from_general_knowledge(
    "Guidelines on GMP specific to ATMPs (C(2017) 7694), chapter 5: suitable, qualified equipment"
)
PARALLEL = from_general_knowledge(
    "Guidelines on GMP specific to ATMPs (C(2017) 7694), chapter 9: no parallel open processing in one room; line clearance"
)


Needed = tuple[tuple[str, ...], ...] | None
"""For each step that needs a device: the classes of which any one serves; None where no step is stated."""

Devices = tuple[tuple[str, date | None], ...]
"""The classes in the suite, each with the first day without qualification; None = not recorded."""


def devices_needed(request: Request, _circle: Round, _tie: Tie) -> Hashable:
    """The classes that serve the steps, each set once; None where a making states no step."""
    steps = making_steps(request)
    return None if steps is None else tuple(sorted({tuple(sorted(step.equipment)) for step in steps if step.equipment}))


def classes_there(where: Where, _circle: Round) -> Hashable:
    """The classes of equipment in the suite; None where nothing is recorded."""
    equipment = where.suite.equipment
    return frozenset(item.equipment_class for item in equipment if item.count > 0) if equipment else None


def check_present(needed: Needed, there: frozenset[str] | None) -> Finding:
    """For each step at least one of the classes that serve it is there."""
    if needed is None:
        return NO_STEPS
    if not needed:
        return passes("no equipment asked for")
    required = "; ".join(" or ".join(one) for one in needed)
    if there is None:
        return unknown("no equipment recorded", required, ask="which equipment does the suite have?")
    missing = [" or ".join(one) for one in needed if not there.intersection(one)]
    if missing:
        return fails("not there: " + "; ".join(missing), required, margin=-float(len(missing)), unit="classes")
    return passes(", ".join(sorted(there)), required)


def devices_of(where: Where, _circle: Round) -> Hashable:
    """The classes in the suite with the end of their qualification; of several devices of a class the best counts."""
    until: dict[str, date | None] = {}
    for item in where.suite.equipment:
        if item.count > 0:
            ends = [end for end in (item.qualified_until, until.get(item.equipment_class)) if end is not None]
            until[item.equipment_class] = max(ends, default=None)
    return tuple(sorted(until.items()))


def check_qualified(needed: Needed, devices: Devices) -> Finding | Basis:
    """For each step a class that serves it stays qualified over the stay; else on condition of requalification."""
    ends = []
    for classes in needed or ():
        serving = [end for name, end in devices if name in classes]
        dated = [end for end in serving if end is not None]
        if dated:
            ends.append(max(dated))
        elif serving:
            return _not_recorded(next(name for name, _ in devices if name in classes))
    return _qualified_until(min(ends)) if ends else NOTHING_QUALIFIED


QUALIFIED = "equipment qualified over the whole stay"
NOTHING_QUALIFIED = passes("no equipment to look at", QUALIFIED)


@cache
def _not_recorded(name: str) -> Finding:
    ask = f"until when is the {name} qualified?"
    return unknown("end of the qualification not recorded", QUALIFIED, ask=ask)


@cache
def _qualified_until(end: date) -> Basis:
    return Basis(
        (Days(date.min, end),),
        hard=False,
        actual=f"qualified until {end} (that day not included)",
        required=QUALIFIED,
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
        "Equipment for the steps",
        EQUIPMENT,
        devices_needed,
        classes_there,
        check_present,
        in_force=ATMP_GMP,
    ),
    Rule(
        "equipment-qualified",
        "Qualification of the equipment over the stay",
        EQUIPMENT,
        devices_needed,
        devices_of,
        check_qualified,
        demand=whole_stay,
        overridable_by="QA of the facility",
        in_force=ATMP_GMP,
    ),
    Rule("one-product", "Products side by side", PARALLEL, nothing_asked, sharing_of, check_sharing, in_force=ATMP_GMP),
)
