"""Rounds and their policies."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from api.schemas.fields import Code, Day, Label, Sent, Shown
from api.schemas.signing import Signing
from registry.vocabulary.lifecycle import RoundKind, RoundState

Weight = Annotated[int, Field(ge=1, le=2**31)]
Term = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z_0-9]+$")]


class NewRound(Sent):
    """A round to open, over `horizon_weeks` weeks from Monday `origin`, on facts as known on `known_on`."""

    code: Code
    kind: RoundKind
    policy_id: UUID
    origin: Day
    horizon_weeks: Annotated[int, Field(ge=1, le=260)]
    known_on: Day
    closes_at: AwareDatetime | None = None


class RoundFull(Shown):
    """A round; `tie_commitment` was published before it closed."""

    id: UUID
    code: str
    kind: RoundKind
    state: RoundState
    policy_id: UUID
    origin: date
    horizon_weeks: int
    known_on: date
    opens_at: datetime | None
    closes_at: datetime | None
    tie_commitment: str | None
    actions: list[str] = Field(default_factory=list, description="What the caller may do with it now.")
    version: int


class NewRun(Sent):
    """How much work a calculation may take, in the solver's own units."""

    effort: Annotated[int, Field(ge=1, le=1_000_000)] = 60


class NewPolicy(Sent):
    """The next version of a policy: tiers of terms and weights, the most important first."""

    code: Code
    title: Label
    tiers: Annotated[tuple[Annotated[dict[Term, Weight], Field(max_length=20)], ...], Field(max_length=20)]


class PolicyFull(Shown):
    """A version of a policy; `text_generated` says in plain words what the solver reads."""

    id: UUID
    code: str
    number: int
    title: str
    tiers: list[dict[str, Any]]
    text_generated: str
    first_approver_id: UUID | None
    second_approver_id: UUID | None
    in_force_from: datetime | None
    version: int


class PolicyToRead(PolicyFull):
    """A version of a policy with the hash of what is signed when it is approved."""

    content_sha256: str


class Approval(Signing):
    """A signature on a version of a policy."""


class InForce(Sent):
    """From when an approved version counts; null = now."""

    since: AwareDatetime | None = None
