"""Explanations as they leave the house: the document itself, and what is said where one is withheld."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from registry.matching.explanation import Explanation


class WithheldExplanation(BaseModel):
    """An explanation that did not pass its own check, for those who look into it; nobody else is told why."""

    model_config = ConfigDict(from_attributes=True)

    request: str
    reader: Literal["requester", "coordinator"]
    faults: list[str]


class ExplainedFacility(BaseModel):
    """A facility as explanation and letter call it, what it is called in calls, and its name once both sides consent."""

    name: str
    facility_ref: str = Field(description="The same as in eligibility: to consent to be disclosed to it.")
    known_as: str | None
    you_consent: bool


class Told(BaseModel):
    """What is known of one request: its explanation, or why there is none."""

    explanation: Explanation | None
    withheld: WithheldExplanation | None
