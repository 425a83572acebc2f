"""V08: rooms, equipment, vectors and methods are those the steps need; what is not recorded is no yes."""

from matcher.verifier.bundle.case import ON_PAPER, Case, Wrong
from matcher.verifier.bundle.facts import Record, period

VIRAL = {"lentiviral", "retroviral", "aav", "other"}
LOWEST = {"open": "B", "closed": "D", "isolator": "D"}
"""The least background of a step that states none."""


def check_technical(case: Case) -> Wrong:
    """Yield what the rooms cannot do."""
    yield from _equipment(case)
    if case.stage not in ON_PAPER and not case.steps():
        yield "V08 steps", "no step of the process is stated", "none", "every step with its protection"
    if case.steps():
        yield from _grade(case)
        yield from _mode(case)
    if case.stage != "certification_only":
        yield from _vector(case)
    missing = set(case.product["qc_methods"]) - set(case.facility["qc_methods"])
    if case.stage == "qc_only" and missing:
        yield "V08 methods", "testing is asked for and not done in house", str(sorted(missing)), "every method in house"
    unclear = sorted(missing & set(case.facility.get("qc_unclear", ())))
    if unclear:
        yield "V08 methods", "nobody has said who runs a method", str(unclear), "in house or contracted"


def _equipment(case: Case) -> Wrong:
    there = [item for item in case.suite["equipment"] if item["count"] > 0]
    for step in case.steps():
        serving = [item for item in there if item["equipment_class"] in step["equipment"]]
        required = f"one of {sorted(step['equipment'])}"
        if step["equipment"] and not serving:
            found = str(sorted({item["equipment_class"] for item in there}))
            yield "V08 equipment", "a step finds no equipment", found, required
        elif step["equipment"] and all(item["qualified_until"] is None for item in serving):
            yield "V08 qualification", "the end of the qualification is not recorded", "not recorded", required


def background(step: Record, suite_mode: str | None) -> str | None:
    """Return the least grade around a step, None where its protection is not stated; in an isolator all are closed.

    An open step that states less than B may be made in C where the authority accepts it, and never in D.
    """
    mode = step["mode"]
    if mode is None:
        return None
    protected = "isolator" if suite_mode == "isolator" else mode
    stated: str | None = step["background"]
    if stated is None or protected != mode:
        return LOWEST[protected]
    return min(stated, "C") if protected == "open" else stated


def _grade(case: Case) -> Wrong:
    grade = case.suite["grade"]
    needed = [background(step, case.suite["mode"]) for step in case.steps()]
    if grade is None:
        yield "V08 grade", "the grade of the suite is not recorded", "not recorded", "a grade"
        return
    strictest = min((one for one in needed if one is not None), default="D")
    if grade > strictest:
        yield "V08 grade", "a step in a lower grade than it needs", grade, f"{strictest} or better"
    elif None in needed and grade > "B":
        yield "V08 grade", "a step whose protection is not stated", grade, "B or better"


def _mode(case: Case) -> Wrong:
    mode, wanted = case.suite["mode"], {step["mode"] for step in case.steps()}
    if wanted == {"closed"} or mode == "isolator":
        return
    if mode is None or None in wanted or "isolator" in wanted or mode == "closed":
        found = str(sorted(str(one) for one in wanted))
        yield "V08 mode", f"the suite is recorded for {mode or 'no'} work", found, "a suite for such steps"


def _vector(case: Case) -> Wrong:
    vector, needed = case.product["vector"], case.product["gmo_class"]
    if vector == "unknown" or (vector in VIRAL and case.suite["vector_work"] is not True):
        yield "V08 vector", "no suite recorded for work with this vector", vector, "a suite for vectors"
    if needed == 0 or (vector == "none" and needed is None):
        return
    if needed is None:
        yield "V08 containment", "the class of contained use is not stated", vector, "a class"
        return
    contained = case.suite["containment_class"]
    if contained is None or needed > contained:
        yield "V08 containment", "the vector needs more", f"containment class {contained}", f"at least {needed}"
    permits = [
        period(permit["validity"])
        for permit in case.site["permits"]
        if permit["kind"] == "gmo_contained_use" and (permit["gmo_class"] or 0) >= needed
    ]
    if not case.stays_in(permits):
        yield "V08 permit", "no permit for contained use over the stay", f"{len(permits)} permits", f"class {needed}"
