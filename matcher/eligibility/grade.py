"""Clean-room grade of the background and the way of working, step by step."""

from collections.abc import Hashable, Iterable

from matcher.eligibility.finding import ATMP_GMP, Finding, conditional, fails, from_general_knowledge, passes, unknown
from matcher.eligibility.rule import Round, Rule, Tie, Where
from matcher.facts import Request, Step
from registry.vocabulary.facilities import Grade
from registry.vocabulary.products import Stage, WorkingMode

PREMISES = from_general_knowledge(
    "Guidelines on GMP specific to ATMPs (C(2017) 7694), chapter 4: open aseptic steps in grade A with background B; "
    "isolator with background D at least; closed systems C or D by risk assessment"
)

ORDER = {Grade.A: 0, Grade.B: 1, Grade.C: 2, Grade.D: 3}
LEAST = {WorkingMode.OPEN: Grade.B, WorkingMode.CLOSED: Grade.D, WorkingMode.ISOLATOR: Grade.D}
WAIVED = Grade.C
"""The background in which open steps are made with a waiver; there is none for D."""
WAIVER = "authority, in the trial dossier (open steps in grade A with background C)"

PAPER_WORK = frozenset({Stage.CERTIFICATION_ONLY, Stage.QC_ONLY, Stage.STORAGE})
"""Stages that make nothing in a clean room."""

NO_STEPS = unknown(
    "no step of the process stated",
    "every step with its protection and its equipment",
    ask="which steps has the process, and how is each of them protected?",
)

Protection = tuple[WorkingMode | None, Grade | None]
"""How a step is protected: its mode, and the background it states itself."""


def steps_of(request: Request, _circle: Round, _tie: Tie) -> Hashable:
    """Mode and background of the steps, each pair once; None where a making states none."""
    steps = making_steps(request)
    return None if steps is None else frozenset([(step.mode, step.background) for step in steps])


def modes_of(request: Request, _circle: Round, _tie: Tie) -> Hashable:
    """Modes of the steps; None where a making states none."""
    steps = making_steps(request)
    return None if steps is None else frozenset([step.mode for step in steps])


def making_steps(request: Request) -> tuple[Step, ...] | None:
    """The steps in a clean room: none for stages that make nothing, None where something is made and no step stated."""
    if request.stage in PAPER_WORK:
        return ()
    return request.product.steps or None


def room_of(where: Where, _circle: Round) -> Hashable:
    """Grade of the background and working mode of the suite."""
    return where.suite.grade, where.suite.mode


def background_needed(step: Protection, mode: WorkingMode | None) -> Grade | None:
    """The stricter of the stated and the least background of a step in a suite of this mode; None where not stated.

    An open step inside an isolator counts as isolator.
    """
    own, background = step
    if own is None:
        return None
    protected = WorkingMode.ISOLATOR if mode is WorkingMode.ISOLATOR else own
    least = LEAST[protected]
    return least if background is None or protected is not own else _stricter((background, least))


def background_waived(step: Protection, mode: WorkingMode | None) -> Grade | None:
    """The same, where an open step that states a lower background than the least gets its waiver."""
    own, background = step
    needed = background_needed(step, mode)
    open_step = own is WorkingMode.OPEN and mode is not WorkingMode.ISOLATOR
    lower = background is not None and ORDER[background] > ORDER[LEAST[WorkingMode.OPEN]]
    return WAIVED if open_step and lower else needed


def _stricter(grades: Iterable[Grade]) -> Grade:
    return min(grades, key=ORDER.__getitem__)


def check_grade(steps: frozenset[Protection] | None, room: tuple[Grade | None, WorkingMode | None]) -> Finding:
    """The background is at least what the most demanding step needs, open steps B; one in C only with its waiver."""
    grade, mode = room
    if steps is None:
        return NO_STEPS
    if not steps:
        return passes("no step in a clean room")
    needed = [one for one in (background_needed(step, mode) for step in steps) if one is not None]
    waived = [one for one in (background_waived(step, mode) for step in steps) if one is not None]
    required = f"background {_stricter(needed)} or better" if needed else "protection of every step stated"
    if grade is None:
        return unknown("grade not recorded", required, ask="which grade is the background of the suite?")
    if waived and ORDER[grade] > ORDER[_stricter(waived)]:
        margin = float(ORDER[_stricter(needed)] - ORDER[grade])
        return fails(f"background {grade}", required, margin=margin, unit="grades")
    if len(needed) < len(steps) and ORDER[grade] > ORDER[Grade.B]:
        ask = "is every step open, closed or in an isolator?"
        return unknown(f"background {grade}; a step whose protection is not stated", required, ask=ask)
    if needed and ORDER[grade] > ORDER[_stricter(needed)]:
        words = f"the authority accepts open steps in background {grade} in the trial dossier (the waiver)"
        margin = float(ORDER[_stricter(needed)] - ORDER[grade])
        return conditional(f"background {grade}", required, condition=words, margin=margin, unit="grades")
    return passes(f"background {grade}", required)


def check_mode(wanted: frozenset[WorkingMode | None] | None, room: tuple[Grade | None, WorkingMode | None]) -> Finding:
    """Open steps need a suite for open work or an isolator; steps in an isolator need one."""
    mode = room[1]
    if wanted is None:
        return NO_STEPS
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
    if mode is WorkingMode.CLOSED and WorkingMode.OPEN in wanted:
        return fails("suite for closed work only", required)
    if None in wanted:
        return unknown(
            "a step whose protection is not stated", required, ask="is every step open, closed or in an isolator?"
        )
    return passes("open suite", required)


RULES = (
    Rule(
        "background-grade",
        "Background grade for the steps",
        PREMISES,
        steps_of,
        room_of,
        check_grade,
        overridable_by=WAIVER,
        in_force=ATMP_GMP,
    ),
    Rule("working-mode", "Open, closed or isolator work", PREMISES, modes_of, room_of, check_mode, in_force=ATMP_GMP),
)
