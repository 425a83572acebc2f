"""Calculations without their documents."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from registry.vocabulary.facilities import Freshness, Rhythm
from registry.vocabulary.lifecycle import RunState


class RunLine(BaseModel):
    """A calculation: where it stands, what it reached, and the hashes of what went in and came out."""

    id: UUID
    round_id: UUID
    round: str
    state: RunState
    state_reason: str | None
    facts_sha256: str | None
    problem_sha256: str | None
    outcome_sha256: str | None
    manifest: dict[str, Any]
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    published_at: datetime | None
    known_on: date = Field(description="The day by which what was recorded is judged.")
    facts_taken_at: datetime | None = Field(description="When the registry was looked at; null = not yet.")
    actions: list[str] = Field(description="What the caller may do with it now.")
    version: int


class RunEvent(BaseModel):
    """Where a calculation stands: the value reached and the limit proved, tier by tier, and seconds of work."""

    state: RunState
    phase: str | None
    objective: list[int]
    bound: list[dict[str, Any]]
    seconds: float | None


class FacilityAgeLine(BaseModel):
    """The last confirmation of one calendar before a calculation."""

    model_config = ConfigDict(from_attributes=True)

    facility: str
    rhythm: Rhythm
    confirmed_on: date | None
    age_days: int | None = Field(description="Without days on which the facility was declared closed.")
    state: Freshness | None = Field(description="null = nobody ever confirmed it.")


class AgeSummaryLine(BaseModel):
    """All calendars of a calculation together."""

    model_config = ConfigDict(from_attributes=True)

    facilities: int
    oldest_on: date | None
    oldest_days: int | None
    median_days: float | None
    excluded: int = Field(description="So stale that the calculation did without them.")
    never_confirmed: int


class DataAgeFull(BaseModel):
    """How old the data of a calculation was; of the facilities only the lines the caller may read."""

    model_config = ConfigDict(from_attributes=True)

    run_id: UUID
    known_on: date
    summary: AgeSummaryLine | None = Field(description="null where fewer than five organisations took part.")
    facilities: list[FacilityAgeLine]
