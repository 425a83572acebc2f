"""Whom the facility serves and what it wants: service model, families, campaign size, notice, companies, exclusions."""

from collections.abc import Hashable
from datetime import date, timedelta

from matcher.eligibility.dated import Basis
from matcher.eligibility.finding import (
    ATMP_GMP,
    Finding,
    conditional,
    fails,
    from_general_knowledge,
    own_rule,
    passes,
    unknown,
)
from matcher.eligibility.needs import starts_only
from matcher.eligibility.rule import Round, Rule, Tie, Where
from matcher.facts import Request
from registry.vocabulary.facilities import OrganisationKind, ServiceModel
from registry.vocabulary.periods import Days

PROFILE = own_rule(
    "the acceptance profile of a facility comes before any other rule; captive and unknown are never matched"
)
WISHES = own_rule("a requester may exclude facilities without giving reasons; it is never shown to the other side")
SIMULATION = from_general_knowledge(
    "Guidelines on GMP specific to ATMPs (C(2017) 7694), chapter 9: aseptic process simulation at the start and half-yearly"
)


def customer_of(request: Request, _circle: Round, _tie: Tie) -> Hashable:
    """Kind of sponsor, and the countries it treats in."""
    return request.sponsor_kind, frozenset(place.country for place in request.treating)


def service_of(where: Where, _circle: Round) -> Hashable:
    """Service model, and the country where only a national network is served."""
    model = where.facility.service_model
    return model, where.facility.country if model is ServiceModel.NATIONAL_NETWORK else ""


def check_service(customer: tuple[OrganisationKind, frozenset[str]], service: tuple[ServiceModel, str]) -> Finding:
    """Contract: anyone. Academic collaboration: no companies. National network: its own country, others by its consent.

    Captive and unknown are never matched.
    """
    kind, countries = customer
    model, country = service
    required = "a facility that serves such requesters"
    if model in {ServiceModel.CAPTIVE, ServiceModel.UNKNOWN}:
        return fails(f"service model: {model}", required)
    if model is ServiceModel.NATIONAL_NETWORK and country not in countries:
        return conditional(
            f"serves its national network ({country})",
            required,
            condition="the network agrees to serve a requester from outside",
        )
    if model is ServiceModel.ACADEMIC_COLLABORATION and kind is OrganisationKind.COMPANY:
        return fails("serves academic collaborations only", required)
    return passes(f"service model: {model}", required)


def companies_welcome(where: Where, _circle: Round) -> Hashable:
    """Whether companies are served."""
    return where.facility.open_to_companies


def sponsor_kind(request: Request, _circle: Round, _tie: Tie) -> Hashable:
    """Kind of sponsor."""
    return request.sponsor_kind


def check_companies(kind: OrganisationKind, welcome: bool | None) -> Finding:
    """A company needs a facility that is open to companies."""
    if kind is not OrganisationKind.COMPANY:
        return passes("the requester is no company")
    required = "open to companies"
    if welcome is None:
        return unknown("not stated", required, ask="does the facility serve companies?")
    return passes("yes", required) if welcome else fails("no", required)


def family_of(request: Request, _circle: Round, _tie: Tie) -> Hashable:
    """Process family of the product."""
    return request.product.family


def families_wanted(where: Where, _circle: Round) -> Hashable:
    """Families the facility wants; None = any."""
    return where.facility.families


def check_family(family: str, wanted: frozenset[str] | None) -> Finding:
    """A list of families wanted is kept to; an empty list means none at present, no list means any."""
    required = f"wants {family}"
    if wanted is None:
        return passes("takes any process family", required)
    if family in wanted:
        return passes(f"wants {family}", required)
    return fails("wants: " + (", ".join(sorted(wanted)) or "none at present"), required)


def families_done(where: Where, _circle: Round) -> Hashable:
    """Families the facility has made."""
    return where.facility.experience


def check_experience(family: str, done: frozenset[str]) -> Finding:
    """A family made before; otherwise process simulations come first. The age of a media fill never excludes."""
    required = f"experience with {family}, or process simulations before the first start"
    if family in done:
        return passes(f"has made {family}", required)
    words = "three process simulations of this family before the first start"
    return conditional(f"{family} not made there yet", required, condition=words)


def campaign_of(request: Request, _circle: Round, _tie: Tie) -> Hashable:
    """Number of starts asked for, and whether fewer may be placed at one facility."""
    return len(request.batches), request.max_sites > 1 or not request.all_or_nothing


def campaigns_taken(where: Where, _circle: Round) -> Hashable:
    """Smallest and largest campaign."""
    return where.facility.smallest_campaign, where.facility.largest_campaign


def check_campaign(campaign: tuple[int, bool], taken: tuple[int | None, int | None]) -> Finding:
    """The number of starts lies between the smallest and the largest campaign, or a part of it does."""
    starts, divisible = campaign
    smallest, largest = taken
    required = f"{starts} starts"
    if smallest is not None and starts < smallest:
        return fails(f"at least {smallest} starts", required, margin=float(starts - smallest), unit="starts")
    if largest is None or starts <= largest:
        margin = None if largest is None else float(largest - starts)
        return passes(
            "no largest campaign stated" if largest is None else f"at most {largest} starts",
            required,
            margin=margin,
            unit="starts",
        )
    margin = float(largest - starts)
    if divisible and largest > 0:
        words = f"at most {largest} of {starts} starts there"
        return conditional(f"at most {largest} starts", required, condition=words, margin=margin, unit="starts")
    return fails(f"at most {largest} starts", required, margin=margin, unit="starts")


def nobody(_request: Request, _circle: Round, _tie: Tie) -> Hashable:
    """For rules about the facility and the dates alone."""
    return None


def notice_of(where: Where, circle: Round) -> Hashable:
    """First day the facility could start with its notice, None where it states none."""
    days = where.facility.notice_days
    return None if days is None else circle.known_on + timedelta(days=days)


def check_notice(_asked: None, first: date | None) -> Finding | Basis:
    """Notice counts from the day the facts are known; later starts remain."""
    if first is None:
        return passes("no notice stated")
    return Basis(
        (Days(first, None),),
        hard=True,
        actual=f"notice runs until {first}",
        required="starts after the facility's notice",
        condition=f"only starts from {first}",
    )


def wish_of(_request: Request, _circle: Round, tie: Tie) -> Hashable:
    """Whether the requester excludes the facility."""
    return tie.excluded


def anywhere(_where: Where, _circle: Round) -> Hashable:
    """For rules about the tie alone."""
    return None


def check_excluded(excluded: bool, _offered: None) -> Finding:  # the value a rule is asked with
    """Facilities the requester names are left out, without reasons."""
    return fails("excluded by the requester", "not excluded") if excluded else passes("not excluded")


RULES = (
    Rule("service-model", "Service model of the facility", PROFILE, customer_of, service_of, check_service),
    Rule(
        "open-to-companies",
        "Companies as requesters",
        PROFILE,
        sponsor_kind,
        companies_welcome,
        check_companies,
        overridable_by="facility",
    ),
    Rule(
        "family-wanted",
        "Process families the facility takes",
        PROFILE,
        family_of,
        families_wanted,
        check_family,
        overridable_by="facility",
    ),
    Rule(
        "campaign-size",
        "Number of starts",
        PROFILE,
        campaign_of,
        campaigns_taken,
        check_campaign,
        overridable_by="facility",
    ),
    Rule(
        "notice",
        "Notice of the facility",
        PROFILE,
        nobody,
        notice_of,
        check_notice,
        demand=starts_only,
        overridable_by="facility",
    ),
    Rule(
        "excluded-by-requester",
        "Exclusion by the requester",
        WISHES,
        wish_of,
        anywhere,
        check_excluded,
        tied=True,
        overridable_by="requester",
    ),
    Rule(
        "process-simulation",
        "Experience with the process family",
        SIMULATION,
        family_of,
        families_done,
        check_experience,
        in_force=ATMP_GMP,
    ),
)
