"""The calendar of a facility: starts offered, closures, openings, limits, and what confirms it."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.schemas.fields import Day, Label, Reason, Sent, Shown
from api.schemas.signing import Signing
from registry.services.closures import ClosureFacts, OpeningFacts
from registry.services.laying import Figures
from registry.vocabulary.facilities import ClosureKind, Freshness, LimitKind, Rhythm, StartsClass
from registry.vocabulary.lifecycle import ConfirmationSubject
from registry.vocabulary.periods import Days


class Offered(Sent):
    """What is offered each week."""

    starts_per_week: Annotated[int, Field(ge=0, le=1000)]
    starts_class: StartsClass = StartsClass.FIRM
    pooled: bool = False
    note: Label | None = None

    def figures(self) -> Figures:
        """The same for the registry."""
        return Figures(self.starts_per_week, self.starts_class, self.pooled, self.note)


class WeekBody(Offered):
    """What is offered in the week that begins on a Monday."""

    monday: Day


class PeriodBody(Offered):
    """What is offered each week from the Monday `starts` (in) to the Monday `ends` (out, null = without end)."""

    starts: Day
    ends: Day | None = None
    reason: Reason = ""

    def period(self) -> Days:
        """The days for the registry."""
        return Days(self.starts, self.ends)


class WeeksBody(Sent):
    """Many weeks of one platform at once."""

    weeks: Annotated[tuple[WeekBody, ...], Field(min_length=1, max_length=260)]
    reason: Reason = ""


class OneLineBody(Sent):
    """The least there is to say: "on enquiry; a new product possible from 2027-Q2, at most one a year"."""

    line: Label
    reason: Reason = ""


class StatedStarts(Shown):
    """Starts per week on a platform from `starts` (in) to `ends` (out, null = without end)."""

    platform: str
    starts: date
    ends: date | None
    starts_per_week: int
    starts_class: StartsClass
    pooled: bool
    note: str | None


class Week(Shown):
    """A week on a platform: what is declared, what may be offered, and what binds."""

    platform: str
    monday: date
    declared: int
    offerable: int
    binding: str
    starts_class: StartsClass
    pooled: bool


class ClosureBody(Sent):
    """Days from `starts` (in) to `ends` (out); without a suite the whole facility; `recurrence` is an RFC 5545 rule."""

    kind: ClosureKind
    starts: Day
    ends: Day | None = None
    suite_id: UUID | None = None
    recurrence: Annotated[str, Field(max_length=200, pattern=r"^[A-Z0-9=;,+-]+$")] | None = None
    despite_stays: bool = Field(False, description="Record it even where stays are held or confirmed on these days.")
    reason: Reason = ""

    def facts(self) -> ClosureFacts:
        """The same for the registry."""
        return ClosureFacts(**self.model_dump(exclude={"reason", "despite_stays"}))


class ClosureFull(Shown):
    """Days on which a facility or a suite is closed or taken; `kind` only for its own people."""

    id: UUID
    suite_id: UUID | None
    starts: date
    ends: date | None
    kind: ClosureKind | None
    recurrence: str | None = Field(None, description="Where one closure is read, to its own people.")
    version: int
    actions: list[str] = Field(default_factory=list, description="What you may do with it now.")


class OpeningBody(Sent):
    """Days a suite, or without one the facility, may be used."""

    starts: Day
    ends: Day | None = None
    suite_id: UUID | None = None
    reason: Reason = ""

    def facts(self) -> OpeningFacts:
        """The same for the registry."""
        return OpeningFacts(**self.model_dump(exclude={"reason"}))


class OpeningFull(Shown):
    """Days a suite or the facility may be used."""

    id: UUID
    suite_id: UUID | None
    starts: date
    ends: date | None
    version: int
    actions: list[str] = Field(default_factory=list, description="What you may do with it now.")


class LimitBody(Sent):
    """A private limit: at most `amount` in each `period_weeks` weeks."""

    kind: LimitKind
    period_weeks: Annotated[int, Field(ge=1, le=260)]
    amount: Annotated[int, Field(ge=0, le=10_000)]
    reason: Reason = ""


class LimitFull(Shown):
    """A private limit of a facility."""

    id: UUID
    kind: LimitKind
    period_weeks: int
    amount: int
    weekly: list[int] | None
    weekly_from: date | None
    version: int
    actions: list[str] = Field(default_factory=list, description="What you may do with it now.")


class ConfirmationBody(Sent):
    """The calendar is still true."""

    reason: Reason = ""


class AttestationBody(Signing):
    """A signature on the legal record."""


class ConfirmationFull(Shown):
    """What was confirmed on which day."""

    subject: ConfirmationSubject
    confirmed_on: date


class FreshnessOfCalendar(Shown):
    """The day of the last confirmation and what it is worth today; age and state only for the facility's own people."""

    rhythm: Rhythm
    confirmed_on: date | None
    age_days: int | None
    stopped_days: int | None
    state: Freshness | None
    excluded_in_days: int | None
    actions: list[str] = Field(default_factory=list, description="What you may do with the calendar now.")


class ImpactDays(Sent):
    """Days from `starts` (in) to `ends` (out, null = without end)."""

    starts: Day
    ends: Day | None = None


class ClosureImpact(ImpactDays):
    """A closure that is only thought of."""

    suite_id: UUID | None = None


class HitStay(Shown):
    """One stay that would be hit."""

    what: str
    suite_id: UUID
    starts: date
    ends: date


class ImpactAnswer(Shown):
    """What would be hit; `dates` for the facility's own people only."""

    held: int
    reserved: int
    called_off: int
    own_use: int
    placed: int
    waiting: int
    dates: list[HitStay]


class InTheWay(Shown):
    """Something in the way from `starts` (in) to `ends` (out, null = without end); it names no other party."""

    what: str
    suite_id: UUID | None
    starts: date
    ends: date | None


class FirstFree(Shown):
    """The first day on which the stay can start (null = none within two years), and what is in the way before."""

    day: date | None
    blocking: list[InTheWay]
