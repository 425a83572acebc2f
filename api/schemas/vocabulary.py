"""Word lists and rules, each entry with its source."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field


class VocabularyTerm(BaseModel):
    """An entry of a word list; `confirmed` says that somebody read the source."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    title: str
    parent: str | None
    source: str
    confirmed: bool
    note: str | None


class EligibilityRule(BaseModel):
    """A rule about a pair of request and suite, with the text it rests on."""

    id: str
    title: str
    citation: str
    valid_on: date
    confirmed: bool = Field(description="Whether the clause was confirmed in the text.")
    overridable_by: str | None
    in_force_from: date | None = Field(description="First day on which the text applies; null where no source says so.")
    in_force_to: date | None = Field(description="First day on which it no longer does; null where none is known.")
