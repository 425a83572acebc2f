"""A Qualified Person for the class of product, here or at another EU site under agreement."""

from collections.abc import Hashable

from matcher.eligibility.finding import Finding, fails, from_general_knowledge, passes, unknown
from matcher.eligibility.rule import Round, Rule, Tie, Where
from matcher.facts import QpCover, Request
from registry.vocabulary.products import Pathway, ProductClass, Stage

CERTIFICATION = from_general_knowledge(
    "Directive 2001/83/EC Articles 48, 49, 51; Regulation (EU) No 536/2014 Article 62"
)

WITHOUT_QP = frozenset({Stage.STARTING_MATERIAL, Stage.QC_ONLY, Stage.STORAGE})
UNDER_NATIONAL_RULES = frozenset({Pathway.HOSPITAL_EXEMPTION, Pathway.NAMED_PATIENT})


def class_to_certify(request: Request, _circle: Round, _tie: Tie) -> Hashable:
    """The class that needs certification, None where nothing is certified there by a Qualified Person."""
    if request.stage in WITHOUT_QP or request.pathway in UNDER_NATIONAL_RULES:
        return None
    return request.product.product_class


def cover_of(where: Where, _circle: Round) -> Hashable:
    """The classes certified for the facility."""
    return where.facility.qp


def check_qp(product_class: ProductClass | None, cover: QpCover | None) -> Finding:
    """A Qualified Person certifies this class, here or elsewhere in the EU under agreement."""
    if product_class is None:
        return passes("no certification by a Qualified Person asked for")
    required = f"a Qualified Person for {product_class}"
    if cover is None:
        return unknown("not recorded", required, ask=f"who certifies {product_class} for the facility?")
    if product_class not in cover.classes:
        named = ", ".join(sorted(cover.classes)) or "none"
        return fails(f"classes covered: {named}", required)
    place = "here" if cover.here else "at another EU site under agreement"
    absence = "absence covered" if cover.absence_cover else "absence not covered"
    return passes(f"{place}; {absence}", required)


RULES = (
    Rule(
        "qualified-person",
        "A Qualified Person certifies this class of product",
        CERTIFICATION,
        class_to_certify,
        cover_of,
        check_qp,
    ),
)
