"""Products of a sponsor and the versions of their process; a process is never changed, a new version follows it."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.permissions import Permission, require
from registry.access.subject import OrganisationId, Subject
from registry.models import Organisation, ProcessLoad, ProcessStep, ProcessVersion, Product
from registry.services.records import assign, check_version, found, keep, refuse_faults
from registry.vocabulary.facilities import Grade, LimitKind
from registry.vocabulary.products import Donor, ProductClass, Vector, WorkingMode

MOMENTS = ("start", "end", "each", "once")


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """What a sponsor says of a product; `gmo_class` None with a vector = unknown, 0 = no GMO."""

    working_name: str
    product_class: ProductClass
    donor: Donor
    vector: Vector
    family: str
    gmo_class: int | None = None
    cat_reference: str | None = None


@dataclass(frozen=True, slots=True)
class StepFacts:
    """One step of a process: how it is protected, the least background grade, any one of these equipment classes."""

    mode: WorkingMode | None = None
    background: Grade | None = None
    equipment: tuple[str, ...] = ()
    days_held: int | None = None


@dataclass(frozen=True, slots=True)
class LoadFacts:
    """What a stay takes from a limit of the facility: `amount` at `moment`, `delay_days` only after the end."""

    kind: LimitKind
    amount: int
    moment: str
    delay_days: int = 0


@dataclass(frozen=True, slots=True)
class ProcessFacts:
    """One version of a process; `stay_days` is how long a place is held."""

    platform: str
    stay_days: int
    clearance_days: int | None = None
    qc_methods: tuple[str, ...] = ()
    engineering_runs: int | None = None
    simulation_runs: int | None = None
    comparability_runs: int | None = None
    steps: tuple[StepFacts, ...] = ()
    loads: tuple[LoadFacts, ...] = ()


def add_product(session: Session, subject: Subject, sponsor_id: UUID, facts: ProductFacts) -> Product:
    """Record a product of a sponsor the subject may act for."""
    sponsor = found(session, Organisation, sponsor_id, visibility.organisations(subject))
    require(subject, Permission.EDIT_PRODUCT, OrganisationId(sponsor.id))
    product = Product(organisation_id=sponsor.id, data_set=sponsor.data_set, code=f"P-{uuid4().hex[:12]}")
    assign(product, facts)
    session.add(product)
    keep(session, "add product", "")
    return product


def change_product(session: Session, subject: Subject, product_id: UUID, version: int, facts: ProductFacts) -> Product:
    """Change what is said of a product."""
    product = _own_product(session, subject, product_id)
    check_version(product, version)
    assign(product, facts)
    keep(session, "change product", "")
    return product


def add_process(session: Session, subject: Subject, product_id: UUID, facts: ProcessFacts) -> ProcessVersion:
    """Add the next version of a product's process, with its steps and loads."""
    product = _own_product(session, subject, product_id)
    session.execute(select(Product.id).where(Product.id == product.id).with_for_update())
    refuse_faults((_load_fault(number, load) for number, load in enumerate(facts.loads)), what="The process")
    newest = session.scalar(select(func.max(ProcessVersion.number)).where(ProcessVersion.product_id == product.id))
    process = ProcessVersion(
        organisation_id=product.organisation_id, product_id=product.id, number=1 if newest is None else newest + 1
    )
    assign(process, facts, "steps", "loads", "qc_methods")
    process.qc_methods = list(facts.qc_methods)
    session.add(process)
    session.flush()
    owner = {"organisation_id": product.organisation_id, "process_version_id": process.id}
    for position, step in enumerate(facts.steps):
        row = ProcessStep(**owner, position=position, equipment=list(step.equipment))
        assign(row, step, "equipment")
        session.add(row)
    for position, load in enumerate(facts.loads):
        taken = ProcessLoad(**owner, position=position)
        assign(taken, load)
        session.add(taken)
    keep(session, "add process version", "")
    return process


def _own_product(session: Session, subject: Subject, product_id: UUID) -> Product:
    product = found(session, Product, product_id, visibility.products(subject))
    require(subject, Permission.EDIT_PRODUCT, OrganisationId(product.organisation_id))
    return product


def _load_fault(number: int, load: LoadFacts) -> str | None:
    if load.moment not in MOMENTS:
        return f"loads/{number}/moment: {load.moment!r} is none of {', '.join(MOMENTS)}"
    if load.delay_days and load.moment != "end":
        return f"loads/{number}/delay_days: a delay only follows the end"
    return None
