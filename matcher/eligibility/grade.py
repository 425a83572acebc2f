"""Clean-room grade of the background and the way of working, step by step."""

from collections.abc import Hashable

from matcher.eligibility.finding import Finding, fails, from_general_knowledge, passes, unknown
from matcher.eligibility.rule import Round, Rule, Tie, Where
from matcher.facts import Request
from registry.vocabulary.facilities import Grade
from registry.vocabulary.products import Stage, WorkingMode

PREMISES = from_general_knowledge(
    "Guidelines on GMP specific to ATMPs (C(2017) 7694), chapter 4: open aseptic steps in grade A with background B; "
    "isolator with background D at least; closed systems C or D by risk assessment"
)

ORDER = {Grade.A: 0, Grade.B: 1, Grade.C: 2, Grade.D: 3}
LEAST = {WorkingMode.OPEN: Grade.B, WorkingMode.CLOSED: Grade.D, WorkingMode.ISOLATOR: Grade.D}
WAIVER = "authority, in the trial dossier (open steps in grade A with background C)"

PAPER_WORK = frozenset({Stage.CERTIFICATION_ONLY, Stage.QC_ONLY, Stage.STORAGE})
"""Stages that make nothing in a clean room."""

Protection = tuple[WorkingMode | None, Grade | None]
"""How a step is protected: its mode, and the background it states itself."""


def steps_of(request: Request, _circle: Round, _tie: Tie) -> Hashable:
    """Mode and background of the steps, each pair once; none for stages that need no clean room."""
    steps = () if request.stage in PAPER_WORK else request.product.steps
    return frozenset([(step.mode, step.background) for step in steps])


def modes_of(request: Request, _circle: Round, _tie: Tie) -> Hashable:
    """Modes of the steps; none for stages that need no clean room."""
    steps = () if request.stage in PAPER_WORK else request.product.steps
    return frozenset([step.mode for step in steps])


def room_of(where: Where, _circle: Round) -> Hashable:
    """Grade of the background and working mode of the suite."""
    return where.suite.grade, where.suite.mode


def background_needed(step: Protection, mode: WorkingMode | None) -> Grade | None:
    """The least background of a step in a suite of this mode; an open step inside an isolator counts as isolator."""
    own, background = step
    if own is None:
        return None
    protected = WorkingMode.ISOLATOR if mode is WorkingMode.ISOLATOR else own
    if background is not None and protected is own:
        return background
    return LEAST[protected]


def check_grade(steps: frozenset[Protection], room: tuple[Grade | None, WorkingMode | None]) -> Finding:
    """The background is at least what the most demanding step needs."""
    grade, mode = room
    if not steps:
        return passes("no step in a clean room")
    needed = [background_needed(step, mode) for step in steps]
    known = [one for one in needed if one is not None]
    strictest = min(known, key=ORDER.__getitem__, default=None)
    required = "protection of every step stated" if strictest is None else f"background {strictest} or better"
    if grade is None:
        return unknown("grade not recorded", required, ask="which grade is the background of the suite?")
    if strictest is not None and ORDER[grade] > ORDER[strictest]:
        margin = float(ORDER[strictest] - ORDER[grade])
        return fails(f"background {grade}", required, margin=margin, unit="grades")
    if len(known) < len(needed) and grade is not Grade.A and ORDER[grade] > ORDER[Grade.B]:
        ask = "is every step open, closed or in an isolator?"
        return unknown(f"background {grade}; a step whose protection is not stated", required, ask=ask)
    return passes(f"background {grade}", required)


def check_mode(wanted: frozenset[WorkingMode | None], room: tuple[Grade | None, WorkingMode | None]) -> Finding:
    """Open steps need a suite for open work or an isolator; steps in an isolator need one."""
    mode = room[1]
    if not wanted or wanted == {WorkingMode.CLOSED}:
        return passes("closed steps, or none: any way of working")
    required = "a suite for work: " + ", ".join(sorted(str(m) if m else "not stated" for m in wanted))
    if mode is None:
        return unknown(
            "way of working not recorded", required, ask="is the suite for open or closed work, or an isolator?"
        )
    if mode is WorkingMode.ISOLATOR:
        return passes("isolator", required)
    if WorkingMode.ISOLATOR in wanted:
        return fails(f"{mode} suite, no isolator", required)
    if mode is WorkingMode.OPEN:
        return passes("open suite", required)
    if WorkingMode.OPEN in wanted:
        return fails("suite for closed work only", required)
    return unknown(
        "a step whose protection is not stated", required, ask="is every step open, closed or in an isolator?"
    )


RULES = (
    Rule(
        "background-grade",
        "The background grade suits open and closed steps",
        PREMISES,
        steps_of,
        room_of,
        check_grade,
        overridable_by=WAIVER,
    ),
    Rule("working-mode", "The suite can work the way the steps ask", PREMISES, modes_of, room_of, check_mode),
)
