"""Logging in."""

from pydantic import BaseModel, ConfigDict, Field


class Credentials(BaseModel):
    """Account and password of a local account."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    account: str = Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$")
    password: str = Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$", json_schema_extra={"format": "password"})


class FirstAdministrator(BaseModel):
    """The word that was printed when the service first started, and the password to be."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    word: str = Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$")
    password: str = Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$", json_schema_extra={"format": "password"})


class Acceptance(FirstAdministrator):
    """The account somebody was invited to, the word an administrator gave them, and the password to be."""

    account: str = Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$")


class NewPassword(BaseModel):
    """One's password until now, and the one to be."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    current: str = Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$", json_schema_extra={"format": "password"})
    new: str = Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$", json_schema_extra={"format": "password"})
