"""What the rules said, as each side may read it."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from registry.vocabulary.results import Status


class PairVerdict(BaseModel):
    """What every rule said about the request and one suite; facilities are numbered until both sides consent."""

    facility: str
    facility_ref: str = Field(description="The same in calls, to consent to be disclosed to it.")
    suite: str
    status: Status
    failing: list[str]
    results: list[dict[str, Any]] = Field(description="One object a rule: rule, title, status, required, citation, …")


class FunnelStep(BaseModel):
    """How many suites a rule excludes."""

    rule: str
    suites: int


class Eligibility(BaseModel):
    """The matrix of the newest calculation, and how many suites each rule excludes."""

    pairs: list[PairVerdict]
    funnel: list[FunnelStep]


class OwnSideVerdict(BaseModel):
    """What the rules about the facility's own records said of one suite for one request."""

    request: str = Field(description="Numbered until both sides consent.")
    request_ref: str = Field(description="The same in calls, to consent to be disclosed to its sponsor.")
    suite_id: UUID
    status: Status
    results: list[dict[str, Any]] = Field(description="One object a rule: rule, title, status, actual, source, …")
