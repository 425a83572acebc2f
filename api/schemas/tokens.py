"""API keys of the caller's own account."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.scopes import SCOPES, Scope

PlainText = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f]+$")]


class NewToken(BaseModel):
    """A key to make."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: PlainText = Field(description="What the key is for.")
    days: int = Field(ge=1, le=366, description="For how many days it works.")
    scopes: Annotated[tuple[Scope, ...], Field(max_length=len(SCOPES))] = ()


class Token(BaseModel):
    """A key without its secret."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    label: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    version: int


class MadeToken(BaseModel):
    """A new key; `secret` is shown this once and is null in a repeated answer."""

    id: UUID
    version: int
    label: str
    expires_at: datetime
    secret: str | None


class AccessToken(BaseModel):
    """A short-lived token in exchange for a key (RFC 6749, section 4.4)."""

    access_token: str
    token_type: str
    expires_in: int = Field(description="Seconds.")
    scope: str


class ClientCredentials(BaseModel):
    """The id of a key and its secret; `scope` narrows what the token may, words parted by blanks."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    grant_type: Annotated[str, StringConstraints(pattern="^client_credentials$")]
    client_id: UUID
    client_secret: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]
    scope: Annotated[str, StringConstraints(max_length=400, pattern="^[a-z: ]*$")] = ""
