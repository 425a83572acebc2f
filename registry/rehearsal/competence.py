"""What a rehearsal facility can do beside its rooms: families, tests, certification, private limits. All invented."""

from collections.abc import Sequence

from matcher.facts import Limit, QpCover
from registry.rehearsal.chance import Stream
from registry.rehearsal.rules import rules
from registry.vocabulary.facilities import LimitKind
from registry.vocabulary.products import ProductClass

CLASS_OF_CODE = {
    "1.3.1.3": (ProductClass.SCTMP, ProductClass.COMBINED),
    "1.3.1.4": (ProductClass.GTMP_EX_VIVO, ProductClass.GTMP_IN_VIVO),
    "1.3.1.7": (ProductClass.TEP, ProductClass.COMBINED),
}


def experience_of(platforms: Sequence[str]) -> frozenset[str]:
    """Return the process families of the platforms."""
    return frozenset(family.key for family in rules().families.values() if family.platform in platforms)


def qc_methods_of(platforms: Sequence[str], draws: Stream) -> frozenset[str]:
    """Return the tests done in house: what the families need, less what is contracted out."""
    families = [family for family in rules().families.values() if family.platform in platforms]
    methods = sorted(frozenset().union(*(family.qc_methods for family in families)))
    contracted = rules().facilities.number("contracted_qc_share")
    return frozenset(method for method in methods if not draws.happens(contracted))


def qp_of(codes: frozenset[str], draws: Stream) -> QpCover:
    """Return who certifies: somebody for every class made, here or at another site under agreement."""
    figures = rules().facilities
    return QpCover(
        classes=frozenset(kind for code in sorted(codes) for kind in CLASS_OF_CODE.get(code, ())),
        here=not draws.happens(figures.number("qp_elsewhere_share")),
        absence_cover=draws.happens(figures.number("absence_cover_share")),
    )


def limits_of(places: int, newcomers: int, draws: Stream) -> tuple[Limit, ...]:
    """Return the private limits a facility states: new products (at least `newcomers`), for some quality control, operators."""
    figures = rules().facilities
    limits = [Limit(LimitKind.NEW_PRODUCTS, 26, max(newcomers, draws.between(figures.span("new_products"))))]
    if draws.happens(figures.number("qc_limit_share")):
        results = figures.whole("qc_base") + round(figures.number("qc_per_place") * places)
        limits.append(Limit(LimitKind.QC_RESULTS, 1, results))
    if draws.happens(figures.number("operators_limit_share")):
        limits.append(Limit(LimitKind.OPERATORS, 1, 2 * places))
    return tuple(sorted(limits, key=lambda limit: limit.kind.value))
