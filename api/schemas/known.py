"""What ends soon, and what was known when."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import Field

from api.schemas.fields import Shown
from registry.queries.expiry import ExpiryKind


class ExpiryLine(Shown):
    """A record and the first day without it; `rung` 180, 90 or 30 days before, 0 once it is over."""

    kind: ExpiryKind
    record_id: UUID
    name: str
    on: date
    days: int
    rung: int


class EndingFacility(Shown):
    """A facility and what of it ends within 180 days or has ended, the next first."""

    facility_id: UUID
    facility: str
    ends: list[ExpiryLine]


class Recorded(StrEnum):
    """Kinds of records that have a history, as they stand in addresses."""

    ORGANISATIONS = "organisations"
    FACILITIES = "facilities"
    SITES = "sites"
    SUITES = "suites"
    EQUIPMENT = "equipment"
    AUTHORISATIONS = "authorisations"
    CERTIFICATES = "certificates"
    NON_COMPLIANCES = "non-compliances"
    PERMITS = "permits"
    EXPERIENCE = "experience"
    QC_METHODS = "qc-methods"
    QP_COVERS = "qp-covers"
    CLOSURES = "closures"
    OPENINGS = "openings"
    LIMITS = "limits"
    PRODUCTS = "products"
    REQUESTS = "requests"


class Change(Shown):
    """A change of a record: its columns before and after (null = it was not there), by whom, when and why."""

    occurred_at: datetime
    actor: UUID | None
    action: str
    reason: str
    old: dict[str, Any] | None
    new: dict[str, Any] | None


class KnownRecord(Shown):
    """A record as it was known: its columns, since when, and why it became so; null = there was none."""

    columns: dict[str, Any] | None
    since: datetime | None
    action: str | None
    reason: str | None


class History(Shown):
    """The changes of a record, newest first, and how it was known where a day was asked for."""

    items: list[Change]
    known: KnownRecord | None = Field(
        description="With as_known_on: the record as it was known at the end of that day (UTC)."
    )
