"""Explanations as they leave the house: the document itself, and what is said where one is withheld."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from registry.matching.explanation import Explanation
from registry.vocabulary.results import Status


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


class RuleOutcome(BaseModel):
    """What one rule found about the request and one suite.

    `actual`, `margin` and `source` are the facility's record: null for a requester, as is what a rule requires where
    that is the facility's own figure.
    """

    rule: str
    title: str
    status: Status
    required: str | None
    condition: str = Field(description="What must happen, or what is to be found out; empty where nothing must.")
    condition_by: date | None
    citation: str
    valid_on: date = Field(description="The day on which the cited text was valid.")
    confirmed: bool = Field(description="Whether the clause was confirmed in the text.")
    overridable_by: str | None
    actual: str | None = None
    margin: float | None = None
    unit: str | None = None
    source: str | None = None
    source_date: date | None = None


class SuiteOutcome(BaseModel):
    """What every rule found about the request and one suite; the worst of them is its status."""

    suite: str
    status: Status
    results: list[RuleOutcome]


class Told(BaseModel):
    """What is known of one request: its explanation, or why there is none."""

    explanation: Explanation | None
    withheld: WithheldExplanation | None
