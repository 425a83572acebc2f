"""What a facility has done and can do: experience, quality control methods, certification."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, field_validator

from api.schemas.fields import Code, Count, Day, Label, Reason, Sent, Shown
from registry.services.competence_facts import ExperienceFacts, MethodFacts, QpCoverFacts
from registry.vocabulary.lifecycle import Source
from registry.vocabulary.products import ProductClass


class ExperienceBody(Sent):
    """A process family that was made, on a platform or (null) on none in particular; words of `/vocabulary`."""

    family: Code
    platform: Code | None = None
    batches_made: Count | None = None
    last_on: Day | None = None
    as_contractor: bool | None = None
    reason: Reason = ""

    def facts(self) -> ExperienceFacts:
        """The same for the registry."""
        said = self.model_dump(exclude={"reason", "platform"})
        return ExperienceFacts(**said, platform=self.platform or "", source=Source.API)


class ExperienceFull(Shown):
    """A process family a facility has made."""

    id: UUID
    facility_id: UUID
    family: str
    platform: str | None
    batches_made: int | None
    last_on: date | None
    as_contractor: bool | None
    source: Source
    confirmed_on: date | None
    version: int
    actions: list[str] = Field(default_factory=list, description="What you may do with it now.")

    @field_validator("platform")
    @classmethod
    def _none_in_particular(cls, platform: str | None) -> str | None:
        return platform or None


class MethodBody(Sent):
    """A quality control method of `/vocabulary/qc_methods`: in house, or contracted to somebody; days until its result."""

    method: Code
    in_house: bool | None = None
    contracted_to: Label | None = None
    result_days: Annotated[int, Field(ge=0, le=366)] | None = None
    reason: Reason = ""

    def facts(self) -> MethodFacts:
        """The same for the registry."""
        return MethodFacts(**self.model_dump(exclude={"reason"}), source=Source.API)


class MethodFull(Shown):
    """A quality control method of a facility; `contracted_to` for its own people and overseers."""

    id: UUID
    facility_id: UUID
    method: str
    in_house: bool | None
    contracted_to: str | None
    result_days: int | None
    source: Source
    confirmed_on: date | None
    version: int
    actions: list[str] = Field(default_factory=list, description="What you may do with it now.")


class CoverBody(Sent):
    """Classes a Qualified Person certifies, here or at another EU site under agreement; `valid_to` = first day without."""

    classes: Annotated[tuple[ProductClass, ...], Field(max_length=len(ProductClass))]
    here: bool
    absence_cover: bool | None = None
    names: Annotated[tuple[Label, ...], Field(max_length=50)] = ()
    valid_to: Day | None = None
    reason: Reason = ""

    def facts(self) -> QpCoverFacts:
        """The same for the registry."""
        return QpCoverFacts(**self.model_dump(exclude={"reason"}), source=Source.API)


class CoverFull(Shown):
    """The cover of a facility; `classes` null = not recorded. Absence, names and end: for its own people only."""

    id: UUID | None = None
    version: int = 0
    classes: list[ProductClass] | None = None
    here: bool | None = None
    holds: bool | None = Field(None, description="Whether it holds today.")
    absence_cover: bool | None = None
    names: list[str] | None = None
    valid_to: date | None = None
    confirmed_on: date | None = None
    actions: list[str] = Field(default_factory=list, description="What you may do with it now.")
