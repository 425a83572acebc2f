"""Events of the trail."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Event(BaseModel):
    """Who did what to which record, with the row before and after; the hashes chain it to the one before.

    `sequence` and `previous_hash` tell how much everybody else does: they are null for whoever reads a part of the trail.
    """

    model_config = ConfigDict(from_attributes=True)

    sequence: int | None
    occurred_at: datetime
    actor: UUID | None
    role: str
    action: str
    record_type: str
    record_id: UUID | None
    old: dict[str, Any] | None
    new: dict[str, Any] | None
    reason: str
    previous_hash: str | None
    hash: str
