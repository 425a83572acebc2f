"""Seeded facts in any number, with everything that rules look at drawn at random, unknowns among it."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from matcher.bench.suited import FACILITY, FACTS, ORIGIN, PRODUCT, REQUEST, SITE, SUITE, TODAY
from matcher.facts import (
    Authorisation,
    Batch,
    Certificate,
    Equipment,
    Facility,
    Facts,
    Limit,
    Load,
    Material,
    NonCompliance,
    Pair,
    Permit,
    Place,
    QpCover,
    Request,
    Site,
    StartsStatement,
    Step,
    Suite,
)
from registry.vocabulary.facilities import Grade, LimitKind, OrganisationKind, Rhythm, ServiceModel, StartsClass
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

COUNTRIES = ("DE", "DE", "ES", "FR", "IT", "NL", "CH", "GB", "NO", "RS")
FAMILIES = ("car_t_autologous", "tcr_t", "msc_allogeneic", "skin_tep", "dendritic")
PLATFORMS = ("closed_automated", "static_expansion", "adherent_expansion")
DEVICES = ("closed_cell_processor", "incubator", "isolator", "biosafety_cabinet")
CODES = ("1.3", "1.3.1.3", "1.3.1.4", "1.3.1.7", "1.6.1", "1.3.2.4")
METHODS = ("sterility", "endotoxin", "flow_cytometry")
LANGUAGES = ("de", "en", "es", "fr")


def many_facts(requests: int, facilities: int, seed: int) -> Facts:
    """Facts with so many requests and facilities of one or two suites."""
    rng = Random(seed)  # noqa: S311 - a bench needs repeatable chance, not secrecy
    made = tuple(any_facility(rng, number) for number in range(facilities))
    asked = tuple(any_request(rng, number, facilities) for number in range(requests))
    return replace(FACTS, facilities=made, requests=asked)


def some(rng: Random, of: tuple[str, ...]) -> frozenset[str]:
    """Return each of the words with even chance."""
    return frozenset(one for one in of if rng.random() < 0.5)


def a_day(rng: Random, first: int, last: int) -> date:
    """Return a day from so many days after today (before, if negative) to so many."""
    return TODAY + timedelta(days=rng.randint(first, last))


def a_period(rng: Random) -> Days:
    """Return days that may lie behind, around or ahead of today, two in five without end."""
    start = a_day(rng, -900, 60)
    return Days(start, None if rng.random() < 0.4 else start + timedelta(days=rng.randint(1, 1800)))


def any_facility(rng: Random, number: int) -> Facility:
    """Return a facility of one site; now and then a fact is not recorded."""
    code = f"F{number}"
    country = rng.choice(COUNTRIES)
    return replace(
        FACILITY,
        id=code,
        organisation=f"O{number}",
        country=country,
        service_model=rng.choice([*ServiceModel, ServiceModel.CONTRACT, ServiceModel.CONTRACT]),
        families=rng.choice([None, None, some(rng, FAMILIES)]),
        smallest_campaign=rng.choice([None, 1, 2, 3]),
        largest_campaign=rng.choice([None, None, 1, 4]),
        notice_days=rng.choice([None, 0, 14, 28, 90]),
        open_to_companies=rng.choice([None, True, True, False]),
        languages=some(rng, LANGUAGES),
        experience=some(rng, FAMILIES),
        qp=rng.choice([None, any_cover(rng), FACILITY.qp]),
        **some_methods(rng),
        rhythm=rng.choice(list(Rhythm)),
        calendar_confirmed_on=rng.choice([None, a_day(rng, -170, 0), TODAY]),
        calendar_clock_stopped_days=rng.choice([0, 0, 21]),
        legal_confirmed_on=rng.choice([None, a_day(rng, -400, 0), TODAY]),
        starts=tuple(
            StartsStatement(
                platform, a_period(rng), rng.randint(0, 2), rng.choice(list(StartsClass)), pooled=rng.random() < 0.8
            )
            for platform in PLATFORMS
            if rng.random() < 0.8
        ),
        limits=rng.choice([(), (Limit(LimitKind.NEW_PRODUCTS, 26, rng.randint(0, 2)),)]),
        sites=(any_site(rng, code, country, number),),
    )


def any_cover(rng: Random) -> QpCover:
    """Return certification of three classes, two in three without end."""
    classes = frozenset(rng.sample(list(ProductClass), 3))
    return QpCover(classes, here=rng.random() < 0.5, valid_to=rng.choice([None, None, a_day(rng, -100, 600)]))


def some_methods(rng: Random) -> dict[str, Any]:
    """Return methods in house, by contract, unclear or not there, some with days until their results."""
    kept = {method: rng.choice(["qc_methods", "qc_methods", "qc_contracted", "qc_unclear", ""]) for method in METHODS}
    fields = ("qc_methods", "qc_contracted", "qc_unclear")
    days = tuple((method, rng.randint(1, 30)) for method in METHODS if kept[method] and rng.random() < 0.1)
    sets = {field: frozenset(method for method in METHODS if kept[method] == field) for field in fields}
    return {**sets, "qc_days": days}


def any_site(rng: Random, code: str, country: str, number: int) -> Site:
    """Return a site of one or two suites with up to three licences, certificates and permits."""
    suites = tuple(any_suite(rng, f"{code}-S{k}") for k in range(rng.randint(1, 2)))
    return replace(
        SITE,
        id=f"{code}-A",
        country=country,
        latitude=rng.choice([None, *[rng.uniform(37, 60)] * 9]),
        longitude=rng.uniform(-8, 24),
        authorisations=tuple(any_authorisation(rng, f"{code}-L{k}", number, suites) for k in range(rng.randint(0, 3))),
        certificates=tuple(
            Certificate(
                f"{code}-C{k}",
                some(rng, CODES),
                a_day(rng, -1200, 0),
                rng.choice([None, None, a_day(rng, -100, 900)]),
                rng.choice([None, None, None, a_day(rng, -100, 0)]),
            )
            for k in range(rng.randint(0, 2))
        ),
        non_compliances=(NonCompliance(f"{code}-N", some(rng, CODES), a_period(rng)),) if rng.random() < 0.2 else (),
        permits=tuple(
            Permit(f"{code}-P{k}", rng.choice(list(PermitKind)), a_period(rng), rng.choice([None, 1, 2, 3]))
            for k in range(rng.randint(0, 3))
        ),
        suites=suites,
    )


def any_authorisation(rng: Random, code: str, number: int, suites: tuple[Suite, ...]) -> Authorisation:
    """Return an authorisation, most often the facility's own and for the whole site."""
    kind = rng.choice([AuthorisationKind.MIA_IMP, AuthorisationKind.MIA_IMP, *AuthorisationKind])
    own = {AuthorisationKind.MIA: ProductType.HUMAN, AuthorisationKind.MIA_IMP: ProductType.IMP}
    return Authorisation(
        id=code,
        kind=kind,
        holder=rng.choice([f"O{number}", f"O{number}", f"O{number}", f"SP{rng.randint(0, 4)}"]),
        product_type=rng.choice([own.get(kind, ProductType.NATIONAL)] * 4 + list(ProductType)),
        codes=some(rng, CODES),
        validity=a_period(rng),
        open_ended_confirmed=rng.random() < 0.6,
        complete=rng.random() < 0.6,
        confirmed_on=rng.choice([None, TODAY]),
        suites=rng.choice([None, None, frozenset({suites[0].id})]),
    )


def any_suite(rng: Random, code: str) -> Suite:
    """Return a suite with some of the devices, some of them not qualified or not there."""
    return replace(
        SUITE,
        id=code,
        grade=rng.choice([None, *Grade]),
        mode=rng.choice([None, *WorkingMode]),
        containment_class=rng.choice([None, 1, 2, 2, 3]),
        vector_work=rng.choice([None, True, True, False]),
        one_product=rng.random() < 0.5,
        equipment=tuple(
            Equipment(one, rng.randint(0, 2), rng.choice([None, a_day(rng, 0, 600), a_day(rng, 0, 600)]))
            for one in DEVICES
            if rng.random() < 0.6
        ),
    )


def any_request(rng: Random, number: int, facilities: int) -> Request:
    """Return a request of any product and stage with up to ten batches."""
    vector = rng.choice(list(Vector))
    product = replace(
        PRODUCT,
        id=f"PR{number}",
        product_class=rng.choice(list(ProductClass)),
        donor=rng.choice([Donor.AUTOLOGOUS, Donor.ALLOGENEIC]),
        vector=vector,
        gmo_class=rng.choice([None, 0, 1, 2]),
        family=rng.choice(FAMILIES),
        platform=rng.choice(PLATFORMS),
        steps=tuple(
            Step(rng.choice([None, *WorkingMode]), rng.choice([None, None, *Grade]), frozenset(rng.sample(DEVICES, rng.randint(0, 2))))
            for _ in range(rng.randint(0, 2))
        ),
        stay_days=rng.randint(1, 30),
        qc_methods=some(rng, METHODS),
        loads=rng.choice([(), (Load(LimitKind.CERTIFICATIONS, 1, "end", rng.randint(0, 40)),)]),
    )  # fmt: skip
    return replace(
        REQUEST,
        id=f"R{number}",
        sponsor=f"SP{number}",
        sponsor_kind=rng.choice(list(OrganisationKind)),
        product=product,
        stage=rng.choice([Stage.STARTING_MATERIAL, Stage.QC_ONLY, Stage.CERTIFICATION_ONLY, Stage.STORAGE, Stage.FILL_FINISH]),
        pathway=rng.choice([Pathway.TRIAL, Pathway.TRIAL, *Pathway]),
        treating=tuple(a_place(rng) for _ in range(rng.randint(1, 3))),
        collection=tuple(a_place(rng) for _ in range(rng.randint(1, 3))),
        input_state=rng.choice(list(InputState)),
        hours_fresh=rng.choice([None, 6, 12, 24, 48]),
        product_fresh=rng.choice([None, True, False]),
        shelf_life_hours=rng.choice([None, 12, 48]),
        batches=some_batches(rng),
        max_sites=rng.randint(1, 2),
        all_or_nothing=rng.random() < 0.5,
        languages=some(rng, LANGUAGES),
        excluded=frozenset({f"F{rng.randrange(facilities)}"}) if rng.random() < 0.1 else frozenset(),
        materials=some_materials(rng),
        pairs=some_pairs(rng, facilities),
    )  # fmt: skip


def a_place(rng: Random) -> Place:
    """One of 300 towns."""
    town = Random(rng.randrange(300))  # noqa: S311 - the same town for the same number, not a secret
    return Place(town.choice(COUNTRIES), town.uniform(37, 60), town.uniform(-8, 24))


def some_batches(rng: Random) -> tuple[Batch, ...]:
    """Return one to ten batches within about a year."""
    batches = []
    for number in range(rng.randint(1, 10)):
        first = ORIGIN + timedelta(days=rng.randint(0, 360))
        kind = rng.choice([BatchKind.PATIENT, BatchKind.PATIENT, BatchKind.ENGINEERING])
        batches.append(Batch(f"B{number}", kind, first, first + timedelta(days=rng.randint(0, 40)), 1))
    return tuple(batches)


def some_materials(rng: Random) -> tuple[Material, ...]:
    """Return one lot of vector, or none."""
    released = a_day(rng, -30, 100)
    expires = rng.choice([None, released + timedelta(days=rng.randint(1, 400))])
    lot = Material("V", rng.choice([None, released, released]), rng.randint(0, 9), rng.choice([None, 2, 10]), expires)
    return rng.choice([(), (lot,)])


def some_pairs(rng: Random, facilities: int) -> tuple[Pair, ...]:
    """Return up to three sites where the process is brought in, each so far as chance has it."""
    pairs = {}
    for _ in range(rng.randint(0, 3)):
        stages = {stage: rng.choice(list(StageState)) for stage in PairStage}
        site = f"F{rng.randrange(facilities)}-A"
        pairs[site] = Pair(site, stages, rng.choice([None, a_day(rng, 0, 300)]), hospital_exemption=rng.random() < 0.5)
    return tuple(pairs.values())
