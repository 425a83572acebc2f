"""Hospital exemption: one product at one manufacturer, used in the same Member State."""

from collections.abc import Hashable

from matcher.eligibility.finding import Finding, conditional, fails, from_general_knowledge, passes, unknown
from matcher.eligibility.rule import Round, Rule, Tie, Where
from matcher.facts import Request
from registry.vocabulary.products import Pathway

EXEMPTION = from_general_knowledge(
    "Directive 2001/83/EC Article 3(7), inserted by Regulation (EC) No 1394/2007 Article 28(2): used in a hospital in the "
    "same Member State; in most of them the approval is for one product at one manufacturer"
)


def hospitals_of(request: Request, _circle: Round, _tie: Tie) -> Hashable:
    """Countries of the treating hospitals; None on other pathways."""
    if request.pathway is not Pathway.HOSPITAL_EXEMPTION:
        return None
    return frozenset(place.country for place in request.treating)


def country_of(where: Where, _circle: Round) -> Hashable:
    """Country of the site."""
    return where.site.country


def check_same_state(hospitals: frozenset[str] | None, country: str) -> Finding:
    """The hospitals lie in the Member State of the site."""
    if hospitals is None:
        return passes("no hospital exemption")
    required = f"treating hospitals in {country}"
    if not hospitals:
        return unknown("no treating hospital stated", required, ask="in which country is the product used?")
    named = ", ".join(sorted(hospitals))
    if hospitals == {country}:
        return passes(named, required)
    if country in hospitals:
        return conditional(named, required, condition=f"only for the hospitals in {country}")
    return fails(named, required)


def approval_of(request: Request, _circle: Round, tie: Tie) -> Hashable:
    """Whether the pair has its own approval; None on other pathways."""
    if request.pathway is not Pathway.HOSPITAL_EXEMPTION:
        return None
    return tie.pair is not None and tie.pair.hospital_exemption


def anywhere(_where: Where, _circle: Round) -> Hashable:
    """For rules about the tie alone."""
    return None


def check_approval(approved: bool | None, _offered: None) -> Finding:
    """The authority has approved this product at this manufacturer."""
    if approved is None:
        return passes("no hospital exemption")
    required = "the pair's own approval under the hospital exemption"
    return passes("on record", required) if approved else fails("none on record", required)


RULES = (
    Rule(
        "hospital-exemption-state",
        "Hospital exemption: Member State of site and hospital",
        EXEMPTION,
        hospitals_of,
        country_of,
        check_same_state,
    ),
    Rule(
        "hospital-exemption-approval",
        "Hospital exemption: approval of this product at this site",
        EXEMPTION,
        approval_of,
        anywhere,
        check_approval,
        tied=True,
    ),
)
