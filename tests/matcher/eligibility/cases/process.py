"""Grade, working mode, containment, equipment: what the process needs of the room."""

from dataclasses import replace
from datetime import date, timedelta

from matcher.facts import Equipment, Permit, Request, Step
from registry.vocabulary.facilities import Grade
from registry.vocabulary.periods import Days
from registry.vocabulary.products import Stage, Vector, WorkingMode
from registry.vocabulary.regulation import PermitKind
from tests.matcher.eligibility.cases.case import (
    CONDITIONAL,
    FAIL,
    PASS,
    UNKNOWN,
    asking,
    at,
    built,
    case,
    making,
    until,
)
from tests.matcher.eligibility.cases.legal import COVER, FIRST, LAST

NOTHING: frozenset[str] = frozenset()
OPEN = making(steps=(Step(WorkingMode.OPEN, None, NOTHING),))
CLOSED = making(steps=(Step(WorkingMode.CLOSED, None, NOTHING),))
ISOLATED = making(steps=(Step(WorkingMode.ISOLATOR, None, NOTHING),))
UNSAID = making(steps=(Step(None, None, NOTHING),))
STEPLESS = making(steps=())
MIXED = making(steps=(Step(WorkingMode.CLOSED, None, NOTHING), Step(WorkingMode.OPEN, None, NOTHING)))


def opened(background: Grade) -> Request:
    """The good request with one open step that states its background."""
    return making(steps=(Step(WorkingMode.OPEN, background, NOTHING),))


GRADE = (
    case("background-grade", "open in B", PASS, request=OPEN, suite=built(grade=Grade.B)),
    case("background-grade", "open in C", FAIL, request=OPEN, suite=built(grade=Grade.C)),
    case("background-grade", "open in an isolator in D", PASS, request=OPEN, suite=built(grade=Grade.D, mode=WorkingMode.ISOLATOR)),
    case("background-grade", "closed in D", PASS, request=CLOSED, suite=built(grade=Grade.D)),
    case("background-grade", "closed, C asked, in D", FAIL, suite=built(grade=Grade.D)),
    case("background-grade", "isolator in D", PASS, request=ISOLATED, suite=built(grade=Grade.D)),
    case("background-grade", "one of two steps open, in C", FAIL, request=MIXED, suite=built(grade=Grade.C)),
    case("background-grade", "one of two steps open, in B", PASS, request=MIXED, suite=built(grade=Grade.B)),
    case("background-grade", "open, D stated, in D", FAIL, request=opened(Grade.D), suite=built(grade=Grade.D)),
    case("background-grade", "open, D stated, in C", CONDITIONAL, request=opened(Grade.D), suite=built(grade=Grade.C)),
    case("background-grade", "open, C stated, in C", CONDITIONAL, request=opened(Grade.C), suite=built(grade=Grade.C)),
    case("background-grade", "open, C stated, in B", PASS, request=opened(Grade.C), suite=built(grade=Grade.B)),
    case("background-grade", "open, A stated, in B", FAIL, request=opened(Grade.A), suite=built(grade=Grade.B)),
    case("background-grade", "open, C stated, in an isolator in D", PASS, request=opened(Grade.C), suite=built(grade=Grade.D, mode=WorkingMode.ISOLATOR)),
    case("background-grade", "open, C stated, beside one without, in C", FAIL, request=making(steps=(Step(WorkingMode.OPEN, Grade.C, NOTHING), Step(WorkingMode.OPEN, None, NOTHING))), suite=built(grade=Grade.C)),
    case("background-grade", "open, C stated, beside one not stated, in C", UNKNOWN, request=making(steps=(Step(WorkingMode.OPEN, Grade.C, NOTHING), Step(None, None, NOTHING))), suite=built(grade=Grade.C)),
    case("background-grade", "no step stated", UNKNOWN, request=STEPLESS),
    case("background-grade", "no step stated, storage", PASS, request=replace(STEPLESS, stage=Stage.STORAGE)),
    case("background-grade", "not recorded", UNKNOWN, suite=built(grade=None)),
    case("background-grade", "a step not stated, in C", UNKNOWN, request=UNSAID, suite=built(grade=Grade.C)),
    case("background-grade", "a step not stated, in B", PASS, request=UNSAID, suite=built(grade=Grade.B)),
    case("background-grade", "testing only", PASS, request=asking(stage=Stage.QC_ONLY), suite=built(grade=None)),
    case("working-mode", "closed in a closed suite", PASS),
    case("working-mode", "open in an open suite", PASS, request=OPEN, suite=built(mode=WorkingMode.OPEN)),
    case("working-mode", "open in a closed suite", FAIL, request=OPEN, suite=built(mode=WorkingMode.CLOSED)),
    case("working-mode", "open in an isolator", PASS, request=OPEN, suite=built(mode=WorkingMode.ISOLATOR)),
    case("working-mode", "isolator in an open suite", FAIL, request=ISOLATED, suite=built(mode=WorkingMode.OPEN)),
    case("working-mode", "open, not recorded", UNKNOWN, request=OPEN, suite=built(mode=None)),
    case("working-mode", "a step not stated, open suite", UNKNOWN, request=UNSAID, suite=built(mode=WorkingMode.OPEN)),
    case("working-mode", "a step not stated, isolator", PASS, request=UNSAID, suite=built(mode=WorkingMode.ISOLATOR)),
    case("working-mode", "no step stated", UNKNOWN, request=STEPLESS),
    case("working-mode", "no step stated, testing only", PASS, request=replace(STEPLESS, stage=Stage.QC_ONLY)),
    case("working-mode", "a step not stated, closed suite", UNKNOWN, request=UNSAID, suite=built(mode=WorkingMode.CLOSED)),
)  # fmt: skip


def handling(vector: Vector, gmo_class: int | None) -> Request:
    """The good request with another vector."""
    return making(vector=vector, gmo_class=gmo_class)


CONTAINMENT = (
    case("vector-segregation", "lentiviral in a suite for vectors", PASS),
    case("vector-segregation", "lentiviral in another suite", FAIL, suite=built(vector_work=False)),
    case("vector-segregation", "not recorded", UNKNOWN, suite=built(vector_work=None)),
    case("vector-segregation", "no vector", PASS, request=handling(Vector.NONE, None), suite=built(vector_work=False)),
    case("vector-segregation", "edited without virus", PASS, request=handling(Vector.CRISPR, 0), suite=built(vector_work=False)),
    case("vector-segregation", "vector not stated", UNKNOWN, request=handling(Vector.UNKNOWN, 1)),
    case("vector-segregation", "certification only", PASS, request=asking(stage=Stage.CERTIFICATION_ONLY), suite=built(vector_work=False)),
    case("containment-class", "class 2 in class 2", PASS),
    case("containment-class", "class 2 in class 1", FAIL, suite=built(containment_class=1)),
    case("containment-class", "suite not recorded", UNKNOWN, suite=built(containment_class=None)),
    case("containment-class", "material not stated", UNKNOWN, request=handling(Vector.AAV, None)),
    case("containment-class", "no vector, class 2 stated", FAIL, request=handling(Vector.NONE, 2), suite=built(containment_class=1)),
    case("containment-class", "a vector, stated to be no GMO", PASS, request=handling(Vector.CRISPR, 0), suite=built(containment_class=None)),
    case("containment-class", "certification only", PASS, request=asking(stage=Stage.CERTIFICATION_ONLY), suite=built(containment_class=1)),
    case("containment-class", "not modified", PASS, request=handling(Vector.NONE, None), suite=built(containment_class=None)),
)  # fmt: skip


def permitted(gmo_class: int | None, validity: Days) -> Permit:
    """A permit for contained use."""
    return Permit("P1", PermitKind.GMO_CONTAINED_USE, validity, gmo_class)


WITHOUT_END = Days(date(2020, 1, 1), None)
PERMITS = (
    case("gmo-permit", "class 2 for class 2", PASS),
    case("gmo-permit", "class 1 for class 2", FAIL, site=at(permits=(permitted(1, WITHOUT_END),))),
    case("gmo-permit", "class not recorded", UNKNOWN, site=at(permits=(permitted(None, WITHOUT_END),))),
    case("gmo-permit", "none on record", UNKNOWN, site=at(permits=())),
    case("gmo-permit", "until the last result", PASS, site=at(permits=(permitted(2, until(LAST + COVER)),))),
    case("gmo-permit", "a day less", CONDITIONAL, site=at(permits=(permitted(2, until(LAST + COVER - timedelta(1))),)), by=LAST + COVER - timedelta(1)),
    case("gmo-permit", "no start at all", FAIL, site=at(permits=(permitted(2, until(FIRST + COVER - timedelta(1))),))),
    case("gmo-permit", "no vector, class 2 stated", UNKNOWN, request=handling(Vector.NONE, 2), site=at(permits=())),
    case("gmo-permit", "a vector, stated to be no GMO", PASS, request=handling(Vector.CRISPR, 0), site=at(permits=())),
    case("gmo-permit", "not modified", PASS, request=handling(Vector.NONE, None), site=at(permits=())),
    case("gmo-permit", "material not stated", UNKNOWN, request=handling(Vector.CRISPR, None)),
)  # fmt: skip

DEVICE = Equipment("closed_cell_processor", 1, date(2028, 1, 1))
EITHER = making(steps=(Step(WorkingMode.CLOSED, None, frozenset({"closed_cell_processor", "incubator"})),))

EQUIPMENT = (
    case("equipment-present", "there", PASS),
    case("equipment-present", "another class", FAIL, suite=built(equipment=(replace(DEVICE, equipment_class="isolator"),))),
    case("equipment-present", "one of two that serve", PASS, request=EITHER, suite=built(equipment=(replace(DEVICE, equipment_class="incubator"),))),
    case("equipment-present", "none of it", FAIL, suite=built(equipment=(replace(DEVICE, count=0),))),
    case("equipment-present", "nothing recorded", UNKNOWN, suite=built(equipment=())),
    case("equipment-present", "no step stated", UNKNOWN, request=STEPLESS),
    case("equipment-present", "no step stated, certification only", PASS, request=replace(STEPLESS, stage=Stage.CERTIFICATION_ONLY)),
    case("equipment-present", "nothing asked", PASS, request=OPEN, suite=built(equipment=())),
    case("equipment-qualified", "until the last result", PASS, suite=built(equipment=(replace(DEVICE, qualified_until=LAST + COVER),))),
    case("equipment-qualified", "a day less", CONDITIONAL, suite=built(equipment=(replace(DEVICE, qualified_until=LAST + COVER - timedelta(1)),)), by=LAST + COVER - timedelta(1)),
    case("equipment-qualified", "ended before any start", CONDITIONAL, suite=built(equipment=(replace(DEVICE, qualified_until=FIRST),)), by=FIRST),
    case("equipment-qualified", "not recorded", UNKNOWN, suite=built(equipment=(replace(DEVICE, qualified_until=None),))),
    case("equipment-qualified", "one of two qualified", PASS, suite=built(equipment=(replace(DEVICE, qualified_until=date(2026, 1, 1)), DEVICE))),
    case("one-product", "one at a time", PASS, suite=built(one_product=True)),
    case("one-product", "shared", PASS, suite=built(one_product=False)),
)  # fmt: skip

CASES = (*GRADE, *CONTAINMENT, *PERMITS, *EQUIPMENT)
