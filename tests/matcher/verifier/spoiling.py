"""For every hard rule of the catalogue, facts in which it refuses the pair that suits in every way."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from matcher.facts import Facts, Limit, NonCompliance, Place, QpCover, Step
from registry.vocabulary.facilities import Grade, LimitKind, OrganisationKind, ServiceModel, StartsClass
from registry.vocabulary.periods import Days
from registry.vocabulary.products import InputState, Pathway, ProductClass, Stage, Vector, WorkingMode
from registry.vocabulary.regulation import AuthorisationKind, PairStage, PermitKind, ProductType, StageState
from tests.matcher.eligibility.good import FACILITY, FACTS, PRODUCT, READY_PAIR, REQUEST, SITE, SUITE

Spoil = Callable[[], Facts]
OLD = date(2020, 1, 1)
LICENCE, LOT = SITE.authorisations[0], REQUEST.materials[0]
FAR = Place("DE", -33.87, 151.21)


def request(**changes: Any) -> Spoil:
    return lambda: replace(FACTS, requests=(replace(REQUEST, **changes),))


def product(**changes: Any) -> Spoil:
    return request(product=replace(PRODUCT, **changes))


def facility(**changes: Any) -> Spoil:
    return lambda: replace(FACTS, facilities=(replace(FACILITY, **changes),))


def site(**changes: Any) -> Spoil:
    return facility(sites=(replace(SITE, **changes),))


def suite(**changes: Any) -> Spoil:
    return site(suites=(replace(SUITE, **changes),))


def licence(**changes: Any) -> Spoil:
    return site(authorisations=(replace(LICENCE, **changes),))


def lot(**changes: Any) -> Spoil:
    return request(materials=(replace(LOT, **changes),))


def pair(*, ready_by: date | None = None, hospital_exemption: bool = False, **stages: StageState) -> Spoil:
    states = {**READY_PAIR.stages, **{PairStage(name): state for name, state in stages.items()}}
    changed = replace(READY_PAIR, stages=states, ready_by=ready_by, hospital_exemption=hospital_exemption)
    return request(pairs=(changed,))


def both(one: Spoil, other: Spoil) -> Spoil:
    """The request of one and the facility of the other."""
    return lambda: replace(FACTS, requests=one().requests, facilities=other().facilities)


def exempted(*, approved: bool, country: str) -> Spoil:
    national = licence(kind=AuthorisationKind.NATIONAL_HOSPITAL, product_type=ProductType.NATIONAL, codes=frozenset())
    asked = request(
        pathway=Pathway.HOSPITAL_EXEMPTION,
        pairs=(replace(READY_PAIR, hospital_exemption=approved),),
        treating=(replace(REQUEST.treating[0], country=country),),
    )
    return both(asked, national)


COMPANY = request(sponsor_kind=OrganisationKind.COMPANY)
OPEN_STEP = product(steps=(Step(WorkingMode.OPEN, None, frozenset()),))
STATEMENT = FACILITY.starts[0]

SPOILED: Mapping[str, tuple[str, tuple[Spoil, ...]]] = {
    "service-model": (
        "V10 service",
        (
            facility(service_model=ServiceModel.CAPTIVE),
            facility(service_model=ServiceModel.UNKNOWN),
            both(COMPANY, facility(service_model=ServiceModel.ACADEMIC_COLLABORATION)),
        ),
    ),
    "open-to-companies": (
        "V10 service",
        (both(COMPANY, facility(open_to_companies=False)), both(COMPANY, facility(open_to_companies=None))),
    ),
    "family-wanted": ("V10 family", (facility(families=frozenset()),)),
    "campaign-size": (
        "V10 campaign",
        (
            facility(smallest_campaign=3),
            facility(largest_campaign=0),
            both(request(all_or_nothing=True), facility(largest_campaign=1)),
        ),
    ),
    "notice": ("V06 notice", (facility(notice_days=200),)),
    "excluded-by-requester": ("V09 excluded", (request(excluded=frozenset({"F1"})),)),
    "calendar-freshness": ("V10 calendar", (facility(calendar_confirmed_on=OLD), facility(calendar_confirmed_on=None))),
    "legal-attestation": ("V10 attestation", (facility(legal_confirmed_on=OLD), facility(legal_confirmed_on=None))),
    "authorisation-kind": ("V07 scope", (licence(kind=AuthorisationKind.MIA), site(authorisations=()))),
    "authorisation-holder": ("V07 scope", (licence(holder="O9"),)),
    "authorisation-rooms": ("V07 scope", (licence(suites=frozenset({"S9"})),)),
    "authorisation-validity": (
        "V07 validity",
        (licence(validity=Days(OLD, date(2027, 1, 20))), licence(open_ended_confirmed=False)),
    ),
    "scope-codes": (
        "V07 scope",
        (licence(codes=frozenset({"1.3.1.3"})), licence(codes=frozenset({"1.3.1.3"}), complete=False)),
    ),
    "qc-methods": (
        "V08 methods",
        (
            both(request(stage=Stage.QC_ONLY), facility(qc_methods=frozenset())),
            facility(qc_methods=frozenset(), qc_unclear=frozenset({"sterility"})),
        ),
    ),
    "certificate-withdrawn": (
        "V07 certificate",
        (site(certificates=(replace(SITE.certificates[0], withdrawn_on=date(2026, 5, 1)),)),),
    ),
    "non-compliance": (
        "V07 non-compliance",
        tuple(
            site(non_compliances=(NonCompliance("N1", codes, Days(OLD, None)),))
            for codes in (frozenset[str](), frozenset({"1.3.1.4"}))
        ),
    ),
    "hospital-exemption-state": ("V09 country", (exempted(approved=True, country="FR"),)),
    "hospital-exemption-approval": ("V09 exemption", (exempted(approved=False, country="DE"),)),
    "import": ("V09 import", (site(country="US"), request(treating=(replace(FAR, country="AU"),)))),
    "background-grade": (
        "V08 grade",
        (
            suite(grade=Grade.D),
            suite(grade=None),
            both(OPEN_STEP, suite(grade=Grade.D, mode=WorkingMode.OPEN)),
            product(steps=(Step(None, None, frozenset()),)),
            both(product(steps=(Step(WorkingMode.OPEN, Grade.D, frozenset()),)), suite(grade=Grade.D)),
        ),
    ),
    "working-mode": (
        "V08 mode",
        (
            both(OPEN_STEP, suite(grade=Grade.B)),
            both(OPEN_STEP, suite(grade=Grade.B, mode=None)),
            product(steps=(Step(WorkingMode.ISOLATOR, None, frozenset()),)),
            both(product(steps=(Step(None, None, frozenset()),)), suite(grade=Grade.B)),
            both(product(steps=(Step(None, None, frozenset()),)), suite(grade=Grade.B, mode=WorkingMode.OPEN)),
        ),
    ),
    "vector-segregation": (
        "V08 vector",
        (suite(vector_work=False), suite(vector_work=None), product(vector=Vector.UNKNOWN)),
    ),
    "containment-class": (
        "V08 containment",
        (
            suite(containment_class=1),
            suite(containment_class=None),
            product(gmo_class=None),
            product(vector=Vector.NONE, gmo_class=3),
        ),
    ),
    "gmo-permit": (
        "V08 permit",
        (
            site(permits=()),
            site(permits=(replace(SITE.permits[0], gmo_class=1),)),
            site(permits=(replace(SITE.permits[0], gmo_class=None),)),
            site(permits=(replace(SITE.permits[0], kind=PermitKind.TISSUE_ESTABLISHMENT),)),
            site(permits=(replace(SITE.permits[0], validity=Days(OLD, date(2027, 1, 20))),)),
        ),
    ),
    "equipment-present": (
        "V08 equipment",
        (suite(equipment=()), suite(equipment=(replace(SUITE.equipment[0], equipment_class="incubator"),))),
    ),
    "equipment-qualified": (
        "V08 qualification",
        (suite(equipment=(replace(SUITE.equipment[0], qualified_until=None),)),),
    ),
    "qualified-person": (
        "V07 qualified person",
        (
            facility(qp=None),
            facility(qp=QpCover(frozenset({ProductClass.TEP}), here=True)),
            facility(qp=QpCover(frozenset({ProductClass.GTMP_EX_VIVO}), here=True, valid_to=date(2027, 1, 20))),
        ),
    ),
    "material-release": (
        "V09 material release",
        (lot(released_on=date(2027, 3, 1)), lot(transport_days=200), lot(released_on=None)),
    ),
    "material-expiry": ("V09 material expiry", (lot(expires_on=date(2026, 12, 20)), lot(expires_on=None))),
    "material-doses": (
        "V09 material doses",
        (
            lot(doses=0),
            lot(doses=None),
            request(materials=(replace(LOT, doses=1),), all_or_nothing=True),
        ),
    ),
    "fresh-material": (
        "V09 way in",
        (
            request(collection=(FAR,)),
            request(hours_fresh=1),
            request(hours_fresh=None),
            request(input_state=InputState.UNKNOWN),
            site(latitude=None),
        ),
    ),
    "shelf-life": (
        "V09 way back",
        (
            request(product_fresh=None),
            request(product_fresh=True),
            request(product_fresh=True, shelf_life_hours=1),
            request(product_fresh=True, shelf_life_hours=24, treating=(FAR,)),
        ),
    ),
    "provisional-certification": ("V09 way back", (request(product_fresh=None), request(product_fresh=True))),
    "pair-ready": ("V10 pair", (pair(ready=StageState.OPEN, ready_by=date(2027, 3, 1)),)),
    "new-products": (
        "V10 new product",
        tuple(
            both(
                pair(ready=StageState.OPEN, transfer=StageState.OPEN),
                facility(limits=(Limit(LimitKind.NEW_PRODUCTS, 26, amount, weekly),)),
            )
            for amount, weekly in ((0, None), (5, (0,) * 26))
        ),
    ),
    "starts-stated": (
        "V06 offered",
        (
            facility(starts=()),
            product(platform="adherent_expansion"),
            facility(starts=(replace(STATEMENT, pooled=False),)),
            facility(starts=(replace(STATEMENT, starts_per_week=0),)),
            facility(starts=(replace(STATEMENT, starts_class=StartsClass.INDICATIVE),)),
            facility(starts=(replace(STATEMENT, period=Days(date(2027, 3, 1), None)),)),
        ),
    ),
}
"""Rule → the check of the verifier, and ways in which facts break the rule."""

ONLY_CONDITIONS: Mapping[str, str] = {
    "process-simulation": "a family not made yet is simulated first: work is put before the first start",
    "certificate-reliance": "a certificate that reaches three years is renewed: the start waits for nothing",
    "tissue-border": "an importing tissue establishment can always take the cells in",
    "collection-law": "says which law holds on the day of collection",
    "gmo-trial": "approvals that are not on record are an open point of the sponsor",
    "national-pathway": "the authority is asked where no source was found",
    "one-product": "for information: that products are kept apart is a rule of the plan, checked as V04",
    "language": "a language is agreed on, or records are translated",
}
"""Rules that refuse nothing, with the reason: the verifier has nothing to refuse either."""
