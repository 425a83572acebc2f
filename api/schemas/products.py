"""Products of a sponsor and the versions of their process."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.schemas.fields import Code, Count, Label, Sent, Shown
from registry.services.products import LoadFacts, ProcessFacts, ProductFacts, StepFacts
from registry.vocabulary.facilities import Grade, LimitKind
from registry.vocabulary.products import Donor, ProductClass, Vector, WorkingMode

GmoClass = Annotated[int, Field(ge=0, le=4)]


class ProductBody(Sent):
    """What is said of a product; `gmo_class` null with a vector = unknown, 0 = no GMO."""

    working_name: Label
    product_class: ProductClass
    donor: Donor
    vector: Vector
    family: Code
    gmo_class: GmoClass | None = None
    cat_reference: Label | None = None

    def facts(self) -> ProductFacts:
        """The same for the registry."""
        return ProductFacts(**{name: getattr(self, name) for name in ProductBody.model_fields})


class NewProduct(ProductBody):
    """A product to record, and whose it is."""

    organisation_id: UUID


class ProductFull(Shown):
    """A product as its own people and overseers read it."""

    id: UUID
    organisation_id: UUID
    working_name: str
    product_class: ProductClass
    donor: Donor
    vector: Vector
    family: str
    gmo_class: int | None
    cat_reference: str | None
    version: int
    actions: list[str] = Field(default_factory=list, description="What you may do with it now.")


class Step(Sent):
    """One step: how it is protected, the least background grade, any one of these equipment classes."""

    mode: WorkingMode | None = None
    background: Grade | None = None
    equipment: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    days_held: Count | None = None


class Load(Sent):
    """What a stay takes from a limit of the facility; a delay in days only follows the end."""

    kind: LimitKind
    amount: Annotated[int, Field(ge=1, le=1000)]
    moment: Literal["start", "end", "each", "once"]
    delay_days: Annotated[int, Field(ge=0, le=366)] = 0


class NewProcess(Sent):
    """The next version of a process; `stay_days` is how long a place is held."""

    platform: Code
    stay_days: Annotated[int, Field(ge=1, le=366)]
    clearance_days: Annotated[int, Field(ge=0, le=366)] | None = None
    qc_methods: Annotated[tuple[Code, ...], Field(max_length=50)] = ()
    engineering_runs: Annotated[int, Field(ge=0, le=100)] | None = None
    simulation_runs: Annotated[int, Field(ge=0, le=100)] | None = None
    comparability_runs: Annotated[int, Field(ge=0, le=100)] | None = None
    steps: Annotated[tuple[Step, ...], Field(max_length=50)] = ()
    loads: Annotated[tuple[Load, ...], Field(max_length=20)] = ()

    def facts(self) -> ProcessFacts:
        """The same for the registry."""
        plain = {name: getattr(self, name) for name in NewProcess.model_fields if name not in {"steps", "loads"}}
        return ProcessFacts(
            **plain,
            steps=tuple(StepFacts(s.mode, s.background, s.equipment, s.days_held) for s in self.steps),
            loads=tuple(LoadFacts(load.kind, load.amount, load.moment, load.delay_days) for load in self.loads),
        )


class Process(Shown):
    """A version of a process."""

    id: UUID
    product_id: UUID
    number: int
    platform: str
    stay_days: int
    clearance_days: int | None
    qc_methods: list[str]
    engineering_runs: int | None
    simulation_runs: int | None
    comparability_runs: int | None
    version: int
