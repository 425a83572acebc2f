"""Authorisation, scope, hospital exemption, borders."""

from dataclasses import replace
from datetime import date, timedelta

from matcher.facts import Batch, Permit, Place
from registry.vocabulary.facilities import ServiceModel
from registry.vocabulary.periods import Days
from registry.vocabulary.products import BatchKind, Donor, Pathway, ProductClass, Stage, Vector
from registry.vocabulary.regulation import AuthorisationKind, PairStage, PermitKind, ProductType, StageState
from tests.matcher.eligibility.cases.case import (
    CONDITIONAL,
    FAIL,
    PASS,
    UNKNOWN,
    asking,
    at,
    authorisation,
    case,
    licensed,
    making,
    offering,
    until,
)
from tests.matcher.eligibility.good import BARCELONA, LEIPZIG, READY_PAIR, REQUEST, SITE, TODAY

BERN = Place("CH", 46.95, 7.45)
LONDON = Place("GB", 51.51, -0.13)
BELGRADE = Place("RS", 44.8, 20.5)

FIRST, LAST = REQUEST.batches[0].earliest, REQUEST.batches[1].latest
COVER = timedelta(days=REQUEST.product.stay_days + 14)
"""Twelve days of stay and fourteen of quality control."""

NATIONAL = licensed(kind=AuthorisationKind.NATIONAL_HOSPITAL, product_type=ProductType.NATIONAL, codes=frozenset())
MARKET = licensed(kind=AuthorisationKind.MIA, product_type=ProductType.HUMAN)
NAMED = licensed(kind=AuthorisationKind.NAMED_PATIENT, product_type=ProductType.NATIONAL)
EXEMPT = asking(pathway=Pathway.HOSPITAL_EXEMPTION)
NOT_APPROVED = replace(READY_PAIR, hospital_exemption=False)
NEW_STAGES = {**READY_PAIR.stages, PairStage.AUTHORITY_APPROVALS: StageState.OPEN}

STERILITY = frozenset({"sterility"})
CELL = frozenset({"1.3.1.3"})
ENDED = authorisation(validity=Days(date(2015, 1, 1), date(2020, 1, 1)))

KIND = (
    case("authorisation-kind", "trial on MIA(IMP)", PASS),
    case("authorisation-kind", "trial on MIA only", FAIL, site=MARKET),
    case("authorisation-kind", "market on MIA", PASS, request=asking(pathway=Pathway.MARKET), site=MARKET),
    case("authorisation-kind", "market on MIA(IMP) only", FAIL, request=asking(pathway=Pathway.MARKET)),
    case("authorisation-kind", "exemption on a national one", PASS, request=EXEMPT, site=NATIONAL),
    case("authorisation-kind", "exemption on MIA(IMP) only", FAIL, request=EXEMPT),
    case("authorisation-kind", "named patient", PASS, request=asking(pathway=Pathway.NAMED_PATIENT), site=NAMED),
    case("authorisation-kind", "named patient on MIA(IMP)", FAIL, request=asking(pathway=Pathway.NAMED_PATIENT)),
    case("authorisation-kind", "vector as starting material", PASS, request=asking(stage=Stage.STARTING_MATERIAL), site=at(authorisations=())),
    case("authorisation-kind", "vector in vivo", FAIL, request=replace(making(product_class=ProductClass.GTMP_IN_VIVO), stage=Stage.IN_VIVO_PRODUCT), site=at(authorisations=())),
    case("authorisation-kind", "testing only", PASS, request=asking(stage=Stage.QC_ONLY)),
    case("authorisation-kind", "certification only, none", FAIL, request=asking(stage=Stage.CERTIFICATION_ONLY), site=at(authorisations=())),
    case("authorisation-kind", "storage only, none", FAIL, request=asking(stage=Stage.STORAGE), site=at(authorisations=())),
    case("authorisation-kind", "kind without its product type", FAIL, site=licensed(product_type=ProductType.HUMAN)),
    case("authorisation-kind", "nothing, never confirmed", UNKNOWN, site=at(authorisations=()), facility=offering(legal_confirmed_on=None)),
)  # fmt: skip

HOLDER = (
    case("authorisation-holder", "own", PASS),
    case("authorisation-holder", "the requester as tenant", PASS, site=licensed(holder="SP1")),
    case("authorisation-holder", "another tenant", FAIL, site=licensed(holder="O2")),
    case("authorisation-holder", "owner of premises for tenants", CONDITIONAL, facility=offering(service_model=ServiceModel.PREMISES_FOR_TENANTS)),
    case("authorisation-holder", "tenant in such premises", PASS, facility=offering(service_model=ServiceModel.PREMISES_FOR_TENANTS), site=licensed(holder="SP1")),
    case("authorisation-holder", "nothing on record", UNKNOWN, site=at(authorisations=())),
    case("authorisation-rooms", "the whole site", PASS),
    case("authorisation-rooms", "this suite", PASS, site=licensed(suites=frozenset({"S1"}))),
    case("authorisation-rooms", "another suite", FAIL, site=licensed(suites=frozenset({"S2"}))),
    case("authorisation-rooms", "nothing on record", UNKNOWN, site=at(authorisations=())),
)  # fmt: skip

VALIDITY = (
    case("authorisation-validity", "until the last result", PASS, site=licensed(validity=until(LAST + COVER))),
    case("authorisation-validity", "a day less", CONDITIONAL, site=licensed(validity=until(LAST + COVER - timedelta(1))), by=LAST + COVER - timedelta(1)),
    case("authorisation-validity", "only the earliest start", CONDITIONAL, site=licensed(validity=until(FIRST + COVER)), by=FIRST + COVER),
    case("authorisation-validity", "no start at all", FAIL, site=licensed(validity=until(FIRST + COVER - timedelta(1))), by=FIRST + COVER - timedelta(1)),
    case("authorisation-validity", "until the last result, which comes three days late", CONDITIONAL, site=licensed(validity=until(LAST + COVER)), facility=offering(qc_days=(("sterility", 17),)), by=LAST + COVER),
    case("authorisation-validity", "three days longer", PASS, site=licensed(validity=until(LAST + COVER + timedelta(3))), facility=offering(qc_days=(("sterility", 17),))),
    case("authorisation-validity", "late results of a method not needed", PASS, site=licensed(validity=until(LAST + COVER)), facility=offering(qc_days=(("endotoxin", 99),))),
    case("authorisation-validity", "results planned nowhere, three days after the stay", CONDITIONAL, request=making(loads=()), site=licensed(validity=until(LAST + timedelta(14))), facility=offering(qc_days=(("sterility", 3),)), by=LAST + timedelta(14)),
    case("authorisation-validity", "a day more", PASS, request=making(loads=()), site=licensed(validity=until(LAST + timedelta(15))), facility=offering(qc_days=(("sterility", 3),))),
    case("authorisation-validity", "no end, not confirmed", UNKNOWN, site=licensed(open_ended_confirmed=False)),
    case("authorisation-validity", "begins on the first start", PASS, site=licensed(validity=Days(FIRST, None))),
    case("authorisation-validity", "begins a day later", CONDITIONAL, site=licensed(validity=Days(FIRST + timedelta(1), None))),
    case("authorisation-validity", "begins after the last start", FAIL, site=licensed(validity=Days(LAST + timedelta(1), None)), by=LAST + timedelta(1)),
    case("authorisation-validity", "renewed without a gap", PASS, site=at(authorisations=(
        authorisation(validity=until(FIRST)), authorisation(id="L2", validity=Days(FIRST, None))))),
    case("authorisation-validity", "renewed after a gap in which a stay lies", CONDITIONAL, site=at(authorisations=(
        authorisation(validity=until(FIRST + timedelta(7))), authorisation(id="L2", validity=Days(FIRST + timedelta(8), None))))),
    case("authorisation-validity", "the code on one that has ended, the current one open", UNKNOWN, site=at(authorisations=(ENDED, authorisation(id="L2", codes=CELL, complete=False)))),
    case("authorisation-validity", "the code on one that has ended, the current one complete", FAIL, site=at(authorisations=(ENDED, authorisation(id="L2", codes=CELL)))),
    case("authorisation-validity", "the code on one that has ended, the open one too", FAIL, site=at(authorisations=(ENDED, replace(ENDED, id="L2", codes=CELL, complete=False)))),
    case("authorisation-validity", "the code on one that has ended, the current one with a heading", UNKNOWN, site=at(authorisations=(ENDED, authorisation(id="L2", codes=frozenset({"1.3"}))))),
    case("authorisation-validity", "renewed, end of the renewal not confirmed", UNKNOWN, site=at(authorisations=(
        authorisation(validity=until(FIRST)), authorisation(id="L2", validity=Days(FIRST, None), open_ended_confirmed=False)))),
    case("authorisation-validity", "renewed, end not confirmed, after the last start", FAIL, site=at(authorisations=(
        authorisation(validity=until(FIRST)), authorisation(id="L2", validity=Days(LAST + timedelta(1), None), open_ended_confirmed=False)))),
    case("authorisation-validity", "some starts covered, the rest by one without confirmed end", CONDITIONAL, site=at(authorisations=(
        authorisation(validity=until(FIRST + COVER)), authorisation(id="L2", validity=Days(FIRST, None), open_ended_confirmed=False))), by=FIRST + COVER),
    case("authorisation-validity", "begins after the last start, end not confirmed", FAIL, site=licensed(validity=Days(LAST + timedelta(1), None), open_ended_confirmed=False)),
    case("authorisation-validity", "starting material", PASS, request=asking(stage=Stage.STARTING_MATERIAL), site=at(authorisations=())),
    case("authorisation-validity", "nothing on record", UNKNOWN, site=at(authorisations=())),
)  # fmt: skip

SCOPE = (
    case("scope-codes", "gene therapy on 1.3.1.4", PASS),
    case("scope-codes", "gene therapy on 1.3.1.3 of a complete record", FAIL, site=licensed(codes=frozenset({"1.3.1.3"}))),
    case("scope-codes", "the same, record not complete", UNKNOWN, site=licensed(codes=frozenset({"1.3.1.3"}), complete=False)),
    case("scope-codes", "the code on one that has ended, the current one open", UNKNOWN, site=at(authorisations=(ENDED, authorisation(id="L2", codes=CELL, complete=False)))),
    case("scope-codes", "the code on one that has ended, the current one complete", FAIL, site=at(authorisations=(ENDED, authorisation(id="L2", codes=CELL)))),
    case("scope-codes", "the code on one that ends tomorrow", PASS, site=at(authorisations=(replace(ENDED, validity=until(TODAY + timedelta(1))), authorisation(id="L2", codes=CELL)))),
    case("scope-codes", "the code on one that ended today", FAIL, site=at(authorisations=(replace(ENDED, validity=until(TODAY)), authorisation(id="L2", codes=CELL)))),
    case("scope-codes", "the only one has ended", PASS, site=at(authorisations=(ENDED,))),
    case("scope-codes", "a heading above, record complete", UNKNOWN, site=licensed(codes=frozenset({"1.3.1"}))),
    case("scope-codes", "another heading, record complete", FAIL, site=licensed(codes=frozenset({"1.3.2"}))),
    case("scope-codes", "cells on 1.3.1.3", PASS, request=making(product_class=ProductClass.SCTMP), site=licensed(codes=frozenset({"1.3.1.3"}))),
    case("scope-codes", "tissue on 1.3.1.7", PASS, request=making(product_class=ProductClass.TEP), site=licensed(codes=frozenset({"1.3.1.7"}))),
    case("scope-codes", "tissue on 1.3.1.3", FAIL, request=making(product_class=ProductClass.TEP), site=licensed(codes=frozenset({"1.3.1.3"}))),
    case("scope-codes", "testing only on 1.6.4", PASS, request=asking(stage=Stage.QC_ONLY), site=licensed(codes=frozenset({"1.6.4"}))),
    case("scope-codes", "testing only on 1.3.1.4", FAIL, request=asking(stage=Stage.QC_ONLY), site=licensed(codes=frozenset({"1.3.1.4"}))),
    case("scope-codes", "certification only on 1.3.2.4", PASS, request=asking(stage=Stage.CERTIFICATION_ONLY), site=licensed(codes=frozenset({"1.3.2.4"}))),
    case("scope-codes", "certification only on 1.3.1.4", FAIL, request=asking(stage=Stage.CERTIFICATION_ONLY)),
    case("scope-codes", "storage only, whatever the code", PASS, request=asking(stage=Stage.STORAGE), site=licensed(codes=frozenset({"1.5.2"}))),
    case("scope-codes", "storage only, nothing on record", UNKNOWN, request=asking(stage=Stage.STORAGE), site=at(authorisations=())),
    case("scope-codes", "fill and finish on 1.1.1.4", PASS, request=asking(stage=Stage.FILL_FINISH), site=licensed(codes=frozenset({"1.1.1.4"}))),
    case("scope-codes", "starting material", PASS, request=asking(stage=Stage.STARTING_MATERIAL), site=at(authorisations=())),
    case("scope-codes", "national approval without codes", PASS, request=EXEMPT, site=NATIONAL),
    case("scope-codes", "nothing on record", UNKNOWN, site=at(authorisations=())),
    case("qc-methods", "in house", PASS),
    case("qc-methods", "one missing", CONDITIONAL, facility=offering(qc_methods=frozenset())),
    case("qc-methods", "contracted", CONDITIONAL, facility=offering(qc_methods=frozenset(), qc_contracted=STERILITY)),
    case("qc-methods", "in house or contracted, nobody has said", UNKNOWN, facility=offering(qc_methods=frozenset(), qc_unclear=STERILITY)),
    case("qc-methods", "results as late as planned", PASS, facility=offering(qc_days=(("sterility", 14),))),
    case("qc-methods", "results a day later", CONDITIONAL, facility=offering(qc_days=(("sterility", 15),))),
    case("qc-methods", "late results of a method not needed", PASS, facility=offering(qc_days=(("endotoxin", 99),))),
    case("qc-methods", "testing only, contracted", FAIL, request=asking(stage=Stage.QC_ONLY), facility=offering(qc_methods=frozenset(), qc_contracted=STERILITY)),
    case("qc-methods", "testing only, nobody has said", UNKNOWN, request=asking(stage=Stage.QC_ONLY), facility=offering(qc_methods=frozenset(), qc_unclear=STERILITY)),
    case("qc-methods", "testing only, one missing", FAIL, request=asking(stage=Stage.QC_ONLY), facility=offering(qc_methods=frozenset())),
)  # fmt: skip

EXEMPTION = (
    case("hospital-exemption-state", "same Member State", PASS, request=EXEMPT),
    case("hospital-exemption-state", "one of two", CONDITIONAL, request=replace(EXEMPT, treating=(LEIPZIG, BARCELONA))),
    case("hospital-exemption-state", "another Member State", FAIL, request=replace(EXEMPT, treating=(BARCELONA,))),
    case("hospital-exemption-state", "no hospital stated", UNKNOWN, request=replace(EXEMPT, treating=())),
    case("hospital-exemption-state", "a trial", PASS, request=asking(treating=(BARCELONA,))),
    case("hospital-exemption-approval", "approved", PASS, request=EXEMPT),
    case("hospital-exemption-approval", "another product's", FAIL, request=replace(EXEMPT, pairs=(NOT_APPROVED,))),
    case("hospital-exemption-approval", "no pair", FAIL, request=replace(EXEMPT, pairs=())),
    case("hospital-exemption-approval", "a trial", PASS, request=asking(pairs=())),
)  # fmt: skip

SWISS, UK, SERBIAN = at(country="CH"), at(country="GB"), at(country="RS")
PERMIT = Permit("P2", PermitKind.TISSUE_IMPORT_EXPORT, Days(date(2020, 1, 1), None))
TO_SOHO = Batch("B1", BatchKind.PATIENT, date(2027, 8, 1), date(2027, 8, 7), 1)

BORDERS = (
    case("import", "inside the EU", PASS, request=asking(treating=(BARCELONA,))),
    case("import", "from Norway", PASS, site=at(country="NO")),
    case("import", "from Switzerland, trial", CONDITIONAL, site=SWISS),
    case("import", "from Switzerland, market", CONDITIONAL, request=asking(pathway=Pathway.MARKET), site=SWISS),
    case("import", "from the UK, market", CONDITIONAL, request=asking(pathway=Pathway.MARKET), site=UK),
    case("import", "from a country without a pack", UNKNOWN, site=SERBIAN),
    case("import", "from the UK to Switzerland", UNKNOWN, request=asking(treating=(BERN,)), site=UK),
    case("import", "from the EU to the UK", CONDITIONAL, request=asking(treating=(LONDON,))),
    case("import", "within Switzerland", PASS, request=asking(treating=(BERN,)), site=SWISS),
    case("import", "from the EU to Serbia", UNKNOWN, request=asking(treating=(BELGRADE,))),
    case("import", "named patient across", UNKNOWN, request=asking(pathway=Pathway.NAMED_PATIENT), site=UK),
    case("import", "testing only", PASS, request=asking(stage=Stage.QC_ONLY), site=UK),
    case("tissue-border", "inside the EU", PASS, request=asking(collection=(BARCELONA,))),
    case("tissue-border", "into the UK", CONDITIONAL, site=UK),
    case("tissue-border", "into the UK with a permit", PASS, site=replace(UK, permits=(*SITE.permits, PERMIT))),
    case("tissue-border", "with a permit that has ended", CONDITIONAL, site=replace(UK, permits=(replace(PERMIT, validity=until(date(2026, 11, 25))),))),
    case("tissue-border", "no cells", PASS, request=making(donor=Donor.NONE), site=UK),
    case("collection-law", "before the change", PASS, request=asking(batches=(replace(TO_SOHO, latest=date(2027, 8, 6)),))),
    case("collection-law", "on its day", CONDITIONAL, request=asking(batches=(TO_SOHO,)), by=date(2027, 8, 7)),
    case("gmo-trial", "approvals on record", PASS),
    case("gmo-trial", "approvals open", CONDITIONAL, request=asking(pairs=(replace(READY_PAIR, stages=NEW_STAGES),))),
    case("gmo-trial", "a new pair", CONDITIONAL, request=asking(pairs=())),
    case("national-pathway", "a trial", PASS),
    case("national-pathway", "exemption, pack silent", CONDITIONAL, request=EXEMPT),
    case("national-pathway", "exemption, pack known", PASS, request=EXEMPT, site=at(country="ES")),
    case("national-pathway", "named patient, pack known", PASS, request=asking(pathway=Pathway.NAMED_PATIENT)),
    case("national-pathway", "named patient, no pack", CONDITIONAL, request=asking(pathway=Pathway.NAMED_PATIENT), site=SERBIAN),
    case("gmo-trial", "no vector, class 2 stated", CONDITIONAL, request=replace(making(vector=Vector.NONE, gmo_class=2), pairs=())),
    case("gmo-trial", "no vector, nothing stated", PASS, request=replace(making(vector=Vector.NONE, gmo_class=None), pairs=())),
    case("gmo-trial", "stated to be no GMO", PASS, request=replace(making(vector=Vector.LENTIVIRAL, gmo_class=0), pairs=())),
    case("gmo-trial", "not in a trial", PASS, request=asking(pairs=(), pathway=Pathway.MARKET)),
)  # fmt: skip

CASES = (*KIND, *HOLDER, *VALIDITY, *SCOPE, *EXEMPTION, *BORDERS)
