"""Calculations without their documents."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

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
