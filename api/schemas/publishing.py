"""Publishing a calculation, and two of them side by side."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from api.schemas.signing import Signing
from registry.vocabulary.lifecycle import SignatureMeaning
from registry.vocabulary.roles import Role


class SignatureShown(BaseModel):
    """A signature; `holds` while the record still says what was signed."""

    signer: UUID
    name: str
    role: Role
    meaning: SignatureMeaning
    reason: str
    at: datetime
    holds: bool


class Publication(BaseModel):
    """What is shown to whoever publishes a calculation, the hash of it, and the signatures on the calculation."""

    content: dict[str, Any]
    content_sha256: str
    signatures: list[SignatureShown]


class Publishing(Signing):
    """A signature on the publication of a calculation; its meaning is approval."""


class PlacedShown(BaseModel):
    """A start in a suite, at a tick of the calculation's horizon."""

    request: str
    batch: str
    suite: str
    start: int


class MovedShown(BaseModel):
    """A batch that is placed otherwise in the second calculation; null where it is not placed."""

    request: str
    batch: str
    first: PlacedShown | None
    second: PlacedShown | None


class DifferenceShown(BaseModel):
    """What two calculations place otherwise, and what was different that may be why; `unexplained`: nothing was."""

    moved: list[MovedShown]
    objective: tuple[list[int], list[int]]
    facts: list[str]
    policy: list[str]
    params: list[str]
    software: list[str]
    same: bool
    unexplained: bool
