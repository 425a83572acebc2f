"""API keys of the caller's own account."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

PlainText = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f]+$")]


class NewToken(BaseModel):
    """A key to make."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: PlainText = Field(description="What the key is for.")
    days: int = Field(ge=1, le=366, description="For how many days it works.")


class Token(BaseModel):
    """A key without its secret."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    label: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    version: int


class MadeToken(BaseModel):
    """A new key; `secret` is shown this once and is null in a repeated answer."""

    id: UUID
    label: str
    expires_at: datetime
    secret: str | None
