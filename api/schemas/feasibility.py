"""A first answer for somebody without an account."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from api.schemas.fields import Country, Sent
from registry.vocabulary.products import Donor, ProductClass

Quarter = Annotated[str, StringConstraints(pattern=r"^20[2-9][0-9]-Q[1-4]$")]


class FeasibilityQuestion(Sent):
    """What is to be made, where patients are treated, and from which quarter on (2027-Q2)."""

    product_class: ProductClass
    donor: Donor
    vector: bool
    country: Country
    quarter: Quarter


class FeasibilityAnswer(BaseModel):
    """How many facilities of the directory are plausible, and what usually decides."""

    plausible: str = Field(
        description='A number from five on, "a few" = one to four, "none", or "unknown" = no rule is recorded for the border.'
    )
    of: int = Field(description="Facilities in the directory.")
    obstacles: list[str]
    label: str
