"""Logging in."""

from pydantic import BaseModel, ConfigDict, Field


class Credentials(BaseModel):
    """Account and password of a local account."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    account: str = Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$")
    password: str = Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$", json_schema_extra={"format": "password"})
