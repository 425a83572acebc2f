"""The body of every refusal, RFC 9457."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class FieldFault(BaseModel):
    """One thing wrong with what was sent: where, as a JSON pointer or a parameter's name, and what."""

    model_config = ConfigDict(frozen=True)

    where: str
    what: str


class Blocking(BaseModel):
    """Something in the way from `starts` (in) to `ends` (out, null = without end); it names no other party."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    what: str
    suite_id: UUID | None
    starts: date
    ends: date | None


class Problem(BaseModel):
    """Why the answer is no, for a person (`title`, `detail`) and for a program (`type`, `code`)."""

    model_config = ConfigDict(frozen=True)

    type: str = Field(description="Address that names this kind of problem.")
    code: str = Field(description="The same as a stable word.")
    title: str
    status: int
    detail: str
    request_id: str = Field(description="Quote it when you report the problem.")
    errors: list[FieldFault] = Field(description="Every fault of what was sent; empty for other problems.")
    blocking: list[Blocking] | None = Field(None, description="Of a conflict: what stands in the way.")
    first_free: date | None = Field(
        None, description="Of a conflict: the first day from which nothing does; null = none, or not known."
    )
