"""A request and a suite that suit each other in every way, to be spoiled one fact at a time."""

from dataclasses import replace
from datetime import date

from matcher.facts import (
    Authorisation,
    Batch,
    Certificate,
    Equipment,
    Facility,
    Facts,
    Load,
    Material,
    Pair,
    Permit,
    Place,
    Product,
    QpCover,
    Request,
    Site,
    StartsStatement,
    Step,
    Suite,
)
from registry.vocabulary.facilities import (
    Grade,
    LimitKind,
    OrganisationKind,
    PlaceKind,
    Rhythm,
    ServiceModel,
    StartsClass,
)
from registry.vocabulary.periods import Days
from registry.vocabulary.products import (
    BatchKind,
    Donor,
    InputState,
    Pathway,
    ProductClass,
    Stage,
    Vector,
    WorkingMode,
)
from registry.vocabulary.regulation import AuthorisationKind, PairStage, PermitKind, ProductType, StageState

TODAY = date(2026, 11, 25)
ORIGIN = date(2026, 11, 30)
LEIPZIG = Place("DE", 51.34, 12.37)
BARCELONA = Place("ES", 41.39, 2.17)

SUITE = Suite(
    id="S1",
    grade=Grade.C,
    mode=WorkingMode.CLOSED,
    containment_class=2,
    vector_work=True,
    places=2,
    place_kind=PlaceKind.DEVICE,
    one_product=False,
    clearance_days=1,
    changeover_days=2,
    start_weekdays=frozenset({1, 2}),
    equipment=(Equipment("closed_cell_processor", 2, date(2028, 1, 1)),),
    open=(Days(ORIGIN, date(2027, 12, 31)),),
)

SITE = Site(
    id="F1-A",
    country="DE",
    latitude=52.52,
    longitude=13.40,
    authorisations=(
        Authorisation(
            id="L1",
            kind=AuthorisationKind.MIA_IMP,
            holder="O1",
            product_type=ProductType.IMP,
            codes=frozenset({"1.3.1.4", "1.6.1"}),
            validity=Days(date(2020, 1, 1), None),
            open_ended_confirmed=True,
            complete=True,
            confirmed_on=date(2026, 6, 1),
        ),
    ),
    certificates=(Certificate("C1", frozenset({"1.3.1.4"}), date(2026, 3, 1)),),
    non_compliances=(),
    permits=(Permit("P1", PermitKind.GMO_CONTAINED_USE, Days(date(2022, 1, 1), None), gmo_class=2),),
    suites=(SUITE,),
)

FACILITY = Facility(
    id="F1",
    label="Rehearsal facility DE-01",
    organisation="O1",
    organisation_kind=OrganisationKind.HOSPITAL,
    country="DE",
    service_model=ServiceModel.CONTRACT,
    families=None,
    smallest_campaign=1,
    largest_campaign=None,
    notice_days=14,
    open_to_companies=True,
    languages=frozenset({"de", "en"}),
    experience=frozenset({"car_t_autologous"}),
    qc_methods=frozenset({"sterility"}),
    qp=QpCover(frozenset({ProductClass.GTMP_EX_VIVO}), here=True, absence_cover=True),
    rhythm=Rhythm.MONTHLY,
    calendar_confirmed_on=date(2026, 11, 20),
    calendar_clock_stopped_days=0,
    legal_confirmed_on=date(2026, 6, 1),
    starts=(StartsStatement("closed_automated", Days(ORIGIN, date(2027, 12, 31)), 2, StartsClass.FIRM, pooled=True),),
    limits=(),
    sites=(SITE,),
)

PRODUCT = Product(
    id="PR1",
    product_class=ProductClass.GTMP_EX_VIVO,
    donor=Donor.AUTOLOGOUS,
    vector=Vector.LENTIVIRAL,
    gmo_class=2,
    family="car_t_autologous",
    platform="closed_automated",
    steps=(Step(WorkingMode.CLOSED, Grade.C, frozenset({"closed_cell_processor"})),),
    stay_days=12,
    qc_methods=frozenset({"sterility"}),
    loads=(Load(LimitKind.QC_RESULTS, 1, "end", 14),),
)

READY_PAIR = Pair("F1-A", dict.fromkeys(PairStage, StageState.DONE), None, hospital_exemption=True)

REQUEST = Request(
    id="R1",
    label="Request 001, CAR-T, sponsor in DE",
    sponsor="SP1",
    sponsor_kind=OrganisationKind.UNIVERSITY,
    product=PRODUCT,
    stage=Stage.CELL_PRODUCT,
    pathway=Pathway.TRIAL,
    phase="1",
    treating=(LEIPZIG,),
    collection=(LEIPZIG,),
    input_state=InputState.FRESH,
    hours_fresh=24,
    product_fresh=False,
    shelf_life_hours=None,
    batches=(
        Batch("B1", BatchKind.PATIENT, date(2027, 1, 4), date(2027, 1, 25), 1),
        Batch("B2", BatchKind.PATIENT, date(2027, 2, 1), date(2027, 2, 22), 1),
    ),
    urgency=1,
    max_sites=1,
    all_or_nothing=False,
    languages=frozenset({"en"}),
    excluded=frozenset(),
    materials=(Material("V1", date(2026, 12, 1), 7, 10, date(2028, 1, 1)),),
    pairs=(READY_PAIR,),
    preferences={},
    group="DE",
)

FACTS = Facts(
    origin=ORIGIN,
    horizon_weeks=26,
    known_on=TODAY,
    facilities=(FACILITY,),
    requests=(REQUEST,),
    tiers=({"placed": 1}, {"waiting": 1}),
)


def with_parts(
    *, request: Request = REQUEST, facility: Facility = FACILITY, site: Site | None = None, suite: Suite | None = None
) -> Facts:
    """The good facts with one request, and one facility of one site and one suite."""
    site = facility.sites[0] if site is None else site
    site = site if suite is None else replace(site, suites=(suite,))
    return replace(FACTS, requests=(request,), facilities=(replace(facility, sites=(site,)),))
