"""Trial rows → requests under aliases; what a row leaves blank is drawn by process family and listed as invented."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from matcher.facts import Batch, Material, Place, Product, Request
from registry.rehearsal import aliases
from registry.rehearsal.chance import Stream
from registry.rehearsal.demand import Demand, demand_of, family_of
from registry.rehearsal.frame import Frame
from registry.rehearsal.rows import TrialRow
from registry.rehearsal.rules import FamilyRule, rules
from registry.rehearsal.urgency import urgency_classes
from registry.vocabulary.facilities import LimitKind
from registry.vocabulary.products import Donor, InputState, Pathway, ProductClass, Stage, Vector

STAGES = {
    ProductClass.SCTMP: Stage.CELL_PRODUCT,
    ProductClass.GTMP_EX_VIVO: Stage.CELL_PRODUCT,
    ProductClass.GTMP_IN_VIVO: Stage.IN_VIVO_PRODUCT,
    ProductClass.TEP: Stage.TISSUE_PRODUCT,
    ProductClass.COMBINED: Stage.TISSUE_PRODUCT,
}
GENE_THERAPIES = frozenset({ProductClass.GTMP_EX_VIVO, ProductClass.GTMP_IN_VIVO})
CERTIFICATION_DAYS = 2
"""Invented: certification follows the last result by so many days."""

FEW_PATIENTS = 6

ALWAYS_INVENTED = (
    "stay and steps",
    "loads on quality control, certification and operators",
    "urgency class",
    "stages of pairs",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A trial row with its alias number and what it asks for in the horizon."""

    row: TrialRow
    number: int
    demand: Demand
    family: FamilyRule
    fresh: bool | None


def asked_by(rows: Sequence[TrialRow], frame: Frame) -> list[Asked]:
    """Return what each row asks for; rows in the drawn order of the alias numbers."""
    order = frame.draws("request numbers").shuffled(sorted(rows, key=lambda row: row.row))
    asked = [asked_of(row, number, frame) for number, row in enumerate(order, start=1)]
    unknown = left_unknown(asked, frame)
    return [replace(one, fresh=None) if one.number in unknown else one for one in asked]


def left_unknown(asked: Sequence[Asked], frame: Frame) -> frozenset[int]:
    """Return the numbers of a few requests whose material stays unknown on purpose: not stated, and of few patients."""
    able = [one for one in asked if one.row.input_state is InputState.UNKNOWN and one.family.input_fresh > 0]
    order = frame.draws("left unknown").shuffled(able)
    order.sort(key=lambda one: sum(batch.patients for batch in one.demand.batches) > FEW_PATIENTS)
    few = math.ceil(rules().demand.number("unknown_input_share") * len(asked))
    return frozenset(one.number for one in order[:few])


def asked_of(row: TrialRow, number: int, frame: Frame) -> Asked:
    """Return what one trial row asks for."""
    draws = frame.draws("request", row.row)
    figures = rules().demand
    family = family_of(row)
    fresh = fresh_input(row, family, draws)
    window = draws.between(figures.span("window_weeks_fresh" if fresh else "window_weeks_frozen"))
    first_week = draws.between(figures.span("first_start_weeks"))
    demand = demand_of(row, frame.origin, draws.between(family.stay_days), window, first_week)
    return Asked(row, number, demand, family, fresh)


def fresh_input(row: TrialRow, family: FamilyRule, draws: Stream) -> bool:
    """Return whether material travels fresh: as stated, else drawn by family."""
    drawn = draws.happens(family.input_fresh)
    if row.product_class is ProductClass.GTMP_IN_VIVO:
        return False
    return drawn if row.input_state is InputState.UNKNOWN else row.input_state is InputState.FRESH


def requests_of(asked: Sequence[Asked], frame: Frame) -> list[Request]:
    """Return one request for each row that asks for at least one batch."""
    rows = [one.row for one in asked]
    shown = aliases.shown_places(row.country for row in rows)
    sponsors = {row.sponsor: number for number, row in reversed(list(enumerate(rows, start=1)))}
    classes = urgency_classes(rows, frame)
    groups = groups_of(rows)
    return [
        request_of(one, f"Sponsor {sponsors[one.row.sponsor]:03d}", shown[one.row.country], urgency, group, frame)
        for one, urgency, group in zip(asked, classes, groups, strict=True)
    ]


def groups_of(rows: Sequence[TrialRow]) -> list[str]:
    """Return the fairness group of each row: the region of the sponsor, small ones put together."""
    regions = [rules().countries[row.country].region for row in rows]
    counts = Counter(regions)
    return [region if counts[region] >= aliases.FEWEST_SHOWN else aliases.ANYWHERE for region in regions]


def request_of(one: Asked, sponsor: str, shown: str, urgency: int, group: str, frame: Frame) -> Request:
    """Return the request of one row under its alias."""
    row, family = one.row, one.family
    draws = frame.draws("request details", row.row)
    figures = rules().demand
    where = "sponsor in " + (f"region {shown}" if len(shown) > 2 else shown)
    few = len(one.demand.batches) <= figures.whole("all_or_nothing_batches")
    many = len(one.demand.batches) >= figures.whole("two_sites_batches")
    treating = treating_places(row, draws)
    product_fresh = draws.happens(family.product_fresh)
    code = f"R{one.number:03d}"
    product = product_of(one, f"P{one.number:03d}", draws)
    return Request(
        id=code,
        label=f"Request {one.number:03d}, {family.name}, {where}",
        sponsor=sponsor,
        sponsor_kind=row.sponsor_kind,
        product=product,
        stage=STAGES[row.product_class],
        pathway=Pathway.TRIAL,
        phase=row.phase or "unknown",
        treating=treating,
        collection=()
        if product.donor is Donor.NONE
        else treating[:1]
        if product.donor is Donor.ALLOGENEIC
        else treating,
        input_state={None: InputState.UNKNOWN, True: InputState.FRESH, False: InputState.FROZEN}[one.fresh],
        hours_fresh=draws.between(family.hours_fresh) if one.fresh else None,
        product_fresh=product_fresh,
        shelf_life_hours=draws.between(family.shelf_life_hours) if product_fresh else None,
        batches=one.demand.batches,
        urgency=urgency,
        max_sites=2 if many and draws.happens(figures.number("two_sites_share")) else 1,
        all_or_nothing=few and draws.happens(figures.number("all_or_nothing_share")),
        languages=frozenset({"en"}),
        excluded=frozenset(),
        materials=materials_of(product, f"M{one.number:03d}", one.demand.batches, frame, draws),
        pairs=(),
        preferences={},
        group=group,
        defaults=(*one.demand.defaults, *more_defaults(one)),
        invented=invented_of(one),
    )


def product_of(one: Asked, code: str, draws: Stream) -> Product:
    """Return the product and its process version; loads follow the stay by the family's days of quality control."""
    row, family = one.row, one.family
    vector = vector_of(row)
    days = draws.between(family.qc_days)
    delays = {LimitKind.QC_RESULTS: days, LimitKind.CERTIFICATIONS: days + CERTIFICATION_DAYS}
    return Product(
        id=code,
        product_class=row.product_class,
        donor=donor_of(row),
        vector=vector,
        gmo_class=None if vector is Vector.NONE else family.gmo_class or 1,
        family=family.key,
        platform=family.platform,
        steps=family.steps,
        stay_days=one.demand.stay_days,
        qc_methods=family.qc_methods,
        loads=tuple(replace(load, delay_days=delays.get(load.kind, 0)) for load in family.load),
    )


def vector_of(row: TrialRow) -> Vector:
    """Return the vector of a row; what it does not say stays unknown."""
    if row.vector is not Vector.UNKNOWN:
        return row.vector
    if row.product_class is ProductClass.GTMP_IN_VIVO:
        return Vector.AAV
    return Vector.LENTIVIRAL if row.product_class is ProductClass.GTMP_EX_VIVO else Vector.NONE


def donor_of(row: TrialRow) -> Donor:
    """Return the donor of a row; products given into the body have none."""
    if row.product_class is ProductClass.GTMP_IN_VIVO:
        return Donor.NONE
    return Donor.AUTOLOGOUS if row.donor in {Donor.UNKNOWN, Donor.NONE} else row.donor


def treating_places(row: TrialRow, draws: Stream) -> tuple[Place, ...]:
    """Return one place a treating country: the sponsor's own in its country, else the country's middle, all shifted."""
    distance = rules().facilities.span("shift_km")
    countries = row.countries or (row.country,)
    at_sponsor = (row.latitude, row.longitude)
    return tuple(
        aliases.shifted(country, *(at_sponsor if country == row.country else (None, None)), distance, draws)
        for country in countries
    )


def materials_of(
    product: Product, code: str, batches: Sequence[Batch], frame: Frame, draws: Stream
) -> tuple[Material, ...]:
    """Return the vector lot that gene-modified cells wait for; nothing else is taken as scarce."""
    ready = frame.origin + timedelta(weeks=draws.between(rules().demand.span("vector_ready_weeks")))
    if product.vector is Vector.NONE or product.product_class is ProductClass.GTMP_IN_VIVO:
        return ()
    doses = len(batches) + rules().demand.whole("spare_vector_doses")
    return (Material(code, ready, 3, doses, frame.end + timedelta(weeks=26)),)


def more_defaults(one: Asked) -> list[str]:
    """Return the defaults beside number, pace and dates, in plain words."""
    row, said = one.row, []
    if row.input_state is InputState.UNKNOWN and row.product_class is not ProductClass.GTMP_IN_VIVO:
        state = {None: "left unknown", True: "fresh", False: "frozen"}[one.fresh]
        said.append(f"Fresh or frozen material not stated: {state}.")
    if row.vector is Vector.UNKNOWN:
        said.append(f"Vector not stated: {vector_of(row).value}.")
    if not row.countries:
        said.append("Treating countries not stated: the sponsor's country.")
    if row.latitude is None or row.longitude is None:
        said.append("Place of the sponsor not stated: the middle of its country.")
    if not row.phase or row.phase == "unknown":
        said.append("Phase not stated.")
    return said


def invented_of(one: Asked) -> tuple[str, ...]:
    """Return the names of what the generator made up for this request."""
    row = one.row
    blank = {
        "patients": row.patients is None,
        "pace": row.patients is None or row.months is None,
        "fresh or frozen material": row.input_state is InputState.UNKNOWN and one.fresh is not None,
        "hours fresh": bool(one.fresh),
        "fresh or frozen product": True,
        "vector lot": row.product_class in GENE_THERAPIES,
    }
    return (*(name for name, is_blank in blank.items() if is_blank), *ALWAYS_INVENTED)


def weeks_held(request: Request) -> int:
    """Return the weeks one place of the request's platform is held by a stay, clearance included."""
    clearance = rules().platforms[request.product.platform].clearance_days
    return math.ceil((request.product.stay_days + clearance) / 7)


def place_weeks(request: Request) -> int:
    """Return the weeks of places the request asks for, all its batches together."""
    return len(request.batches) * weeks_held(request)
