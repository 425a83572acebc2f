"""The body of every refusal, RFC 9457."""

from pydantic import BaseModel, ConfigDict, Field


class FieldFault(BaseModel):
    """One thing wrong with what was sent: where, as a JSON pointer or a parameter's name, and what."""

    model_config = ConfigDict(frozen=True)

    where: str
    what: str


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
