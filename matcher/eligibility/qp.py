"""A Qualified Person for the class of product, here or at another EU site under agreement."""

from collections.abc import Hashable
from datetime import date

from matcher.eligibility.dated import Basis
from matcher.eligibility.finding import Finding, fails, from_general_knowledge, passes, unknown
from matcher.eligibility.needs import whole_stay
from matcher.eligibility.rule import Round, Rule, Tie, Where
from matcher.facts import QpCover, Request
from registry.vocabulary.periods import Days
from registry.vocabulary.products import Pathway, ProductClass, Stage

CERTIFICATION = from_general_knowledge(
    "Directive 2001/83/EC Articles 48, 49, 51; Regulation (EU) No 536/2014 Article 62"
)

WITHOUT_QP = frozenset({Stage.STARTING_MATERIAL, Stage.QC_ONLY, Stage.STORAGE})
ABSENCE = {True: "absence covered", False: "absence not covered", None: "absence cover not stated"}
UNDER_NATIONAL_RULES = frozenset({Pathway.HOSPITAL_EXEMPTION, Pathway.NAMED_PATIENT})


def class_to_certify(request: Request, _circle: Round, _tie: Tie) -> Hashable:
    """The class that needs certification, None where nothing is certified there by a Qualified Person."""
    if request.stage in WITHOUT_QP or request.pathway in UNDER_NATIONAL_RULES:
        return None
    return request.product.product_class


def cover_of(where: Where, _circle: Round) -> Hashable:
    """The classes certified for the facility."""
    return where.facility.qp


def check_qp(product_class: ProductClass | None, cover: QpCover | None) -> Finding | Basis:
    """A Qualified Person certifies this class, here or elsewhere in the EU under agreement, until certification has ended."""
    if product_class is None:
        return passes("no certification by a Qualified Person asked for")
    required = f"a Qualified Person for {product_class}"
    if cover is None:
        return unknown("not recorded", required, ask=f"who certifies {product_class} for the facility?")
    if product_class not in cover.classes:
        named = ", ".join(sorted(cover.classes)) or "none"
        return fails(f"classes covered: {named}", required)
    place = "here" if cover.here else "at another EU site under agreement"
    words = f"{place}; {ABSENCE[cover.absence_cover]}"
    if cover.valid_to is None:
        return passes(words, required)
    return Basis(
        (Days(date.min, cover.valid_to),),
        hard=True,
        actual=f"{words}; until {cover.valid_to} (that day not included)",
        required=f"{required} over the whole stay, quality control and certification included",
        condition="only starts whose whole stay is covered, unless the cover is renewed",
        source="QP cover",
    )


RULES = (
    Rule(
        "qualified-person",
        "Qualified Person for the class of product",
        CERTIFICATION,
        class_to_certify,
        cover_of,
        check_qp,
        demand=whole_stay,
    ),
)
