"""Vectors: segregation of the rooms, containment class of the suite, and the permit for contained use of GMOs."""

from collections.abc import Hashable

from matcher.eligibility.dated import Basis, joined
from matcher.eligibility.finding import ATMP_GMP, Finding, fails, from_general_knowledge, passes, unknown
from matcher.eligibility.needs import VIRAL, whole_stay
from matcher.eligibility.rule import Round, Rule, Tie, Where
from matcher.facts import Permit, Request
from registry.vocabulary.products import Stage, Vector
from registry.vocabulary.regulation import PermitKind

SEGREGATION = from_general_knowledge(
    "Guidelines on GMP specific to ATMPs (C(2017) 7694), chapters 4 and 9: segregation of work with infectious vectors"
)
CONTAINED_USE = from_general_knowledge("Directive 2009/41/EC: contained use, classes 1 to 4, notification of premises")

HANDS_OFF = frozenset({Stage.CERTIFICATION_ONLY})
"""Stages in which nobody opens a container."""

Modified = tuple[Vector, int | None]


def vector_of(request: Request, _circle: Round, _tie: Tie) -> Hashable:
    """The vector that is handled; none where nothing is handled."""
    return Vector.NONE if request.stage in HANDS_OFF else request.product.vector


def vector_work_of(where: Where, _circle: Round) -> Hashable:
    """Whether the suite is meant for work with vectors."""
    return where.suite.vector_work


def check_segregation(vector: Vector, vector_work: bool | None) -> Finding:
    """Work with an infectious vector needs a suite meant for it."""
    required = "a suite segregated for work with vectors"
    if vector is Vector.UNKNOWN:
        return unknown(
            "nobody has said which vector is used", required, ask="which vector does the process use, if any?"
        )
    if vector not in VIRAL:
        return passes("no infectious vector")
    if vector_work is None:
        return unknown("not recorded", required, ask="may the suite be used for work with vectors?")
    if vector_work:
        return passes("meant for work with vectors", required)
    return fails("not meant for work with vectors", required)


def modified_of(request: Request, circle: Round, tie: Tie) -> Hashable:
    """The vector and the class of contained use: as stated, 0 where there is no vector and nothing is stated."""
    vector, stated = vector_of(request, circle, tie), request.product.gmo_class
    if request.stage in HANDS_OFF or (vector is Vector.NONE and stated is None):
        return Vector.NONE, 0
    return vector, stated


def containment_of(where: Where, _circle: Round) -> Hashable:
    """The containment class the suite is built for."""
    return where.suite.containment_class


def check_containment(modified: Modified, containment: int | None) -> Finding:
    """The suite's containment class is at least the class of the material; unknown stays unknown."""
    early = _not_modified(modified)
    if early is not None:
        return early
    needed = modified[1] or 0
    required = f"containment class {needed} or higher"
    if containment is None:
        return unknown(
            "containment class not recorded", required, ask="for which containment class is the suite built?"
        )
    margin = float(containment - needed)
    if margin >= 0:
        return passes(f"class {containment}", required, margin=margin, unit="classes")
    return fails(f"class {containment}", required, margin=margin, unit="classes")


def _not_modified(modified: Modified) -> Finding | None:
    vector, gmo_class = modified
    if gmo_class is None:
        ask = "which class of contained use does the material have in this process (0 when it is not a GMO)?"
        return unknown(f"vector {vector}, class of contained use not stated", "a stated class", ask=ask)
    return passes("not genetically modified") if gmo_class == 0 else None


def permits_of(where: Where, _circle: Round) -> Hashable:
    """Permits of the site for contained use."""
    return tuple(p for p in where.site.permits if p.kind is PermitKind.GMO_CONTAINED_USE)


def check_permit(modified: Modified, permits: tuple[Permit, ...]) -> Finding | Basis:
    """A permit for contained use of this class is valid over the whole stay."""
    early = _not_modified(modified)
    if early is not None:
        return early
    needed = modified[1] or 0
    required = f"a permit for contained use of class {needed} over the whole stay"
    enough = [p for p in permits if p.gmo_class is not None and p.gmo_class >= needed]
    if enough:
        last = max(enough, key=lambda p: (p.validity.end is None, p.validity.end or p.validity.start))
        return Basis(
            joined(p.validity for p in enough),
            hard=True,
            actual=f"class {last.gmo_class}, valid from {last.validity.start} to {last.validity.end or 'no end'}",
            required=required,
            condition="only starts whose whole stay is covered, unless the permit is renewed",
            source=f"permit {last.id}",
        )
    if not permits or any(p.gmo_class is None for p in permits):
        words = "no permit on record" if not permits else "a permit whose class is not recorded"
        return unknown(words, required, ask=f"does the site hold a permit for contained use of class {needed}?")
    best = max(permits, key=lambda p: p.gmo_class or 0)
    margin = float((best.gmo_class or 0) - needed)
    return fails(f"class {best.gmo_class}", required, margin=margin, unit="classes", source=f"permit {best.id}")


RULES = (
    Rule(
        "vector-segregation",
        "Segregation for work with vectors",
        SEGREGATION,
        vector_of,
        vector_work_of,
        check_segregation,
        in_force=ATMP_GMP,
    ),
    Rule(
        "containment-class",
        "Containment class of the suite",
        CONTAINED_USE,
        modified_of,
        containment_of,
        check_containment,
    ),
    Rule(
        "gmo-permit",
        "Permit for contained use over the stay",
        CONTAINED_USE,
        modified_of,
        permits_of,
        check_permit,
        demand=whole_stay,
    ),
)
