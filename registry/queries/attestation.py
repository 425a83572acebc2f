"""The legal record of a facility as one document, and whether its QA stands for it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import rfc8785
from pydantic import JsonValue
from sqlalchemy import ColumnElement, func, inspect, select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.subject import OPERATOR, Subject
from registry.models import (
    Authorisation,
    AuthorisedSuite,
    Certificate,
    Confirmation,
    Facility,
    NonCompliance,
    Permit,
    QpCover,
    ScopeLine,
    Signature,
)
from registry.models.base import Record
from registry.vocabulary.lifecycle import ConfirmationSubject

ATTESTATION_LASTS = timedelta(days=365)
"""QA attests the legal record once a year; the matcher's rule *legal-attestation* says the same."""

LEGAL_TABLES: tuple[type[Record], ...] = (
    Authorisation,
    ScopeLine,
    AuthorisedSuite,
    Certificate,
    NonCompliance,
    Permit,
    QpCover,
)
NOT_CONTENT = {"version", "created_at", "created_by", "changed_at", "changed_by", "confirmed_by", "confirmed_on"}


class AttestationState(StrEnum):
    """Whether QA stands for the legal record: *changed* when it was altered after it was signed."""

    NEVER = "never"
    CURRENT = "current"
    CHANGED = "changed"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class LegalRecord:
    """Every legal fact of a facility, and the SHA-256 of its RFC 8785 form, which a signature names.

    The names of Qualified Persons are for the facility's own people: others read null, under the hash of the whole.
    """

    content: Mapping[str, JsonValue]
    sha256: str


@dataclass(frozen=True, slots=True)
class Attestation:
    """The state of the record; `until` is the last day that counts. Who may not see the record cannot know of changes."""

    state: AttestationState
    attested_on: date | None
    until: date | None
    signed_sha256: str | None
    current_sha256: str | None


def legal_record(session: Session, subject: Subject, facility_id: UUID) -> LegalRecord | None:
    """Return the legal record as QA is shown it: the facility's own people and overseers; None for anybody else."""
    if not _inside(session, subject, facility_id):
        return None
    content: dict[str, JsonValue] = {"facility": str(facility_id)}
    for table in LEGAL_TABLES:
        content[table.__tablename__] = _contents(session, table, facility_id)
    sha256 = hashlib.sha256(rfc8785.dumps(content)).hexdigest()
    return LegalRecord(_without_names(session, subject, facility_id, content), sha256)


def attestation_of(session: Session, subject: Subject, facility_id: UUID, today: date) -> Attestation:
    """Return whether the legal record of a facility is attested today, as far as the subject may know."""
    attested_on = session.scalar(
        select(func.max(Confirmation.confirmed_on)).where(
            visibility.with_facility(subject, Confirmation), *_legal(facility_id)
        )
    )
    record = legal_record(session, subject, facility_id)
    current = None if record is None else record.sha256
    if attested_on is None:
        return Attestation(AttestationState.NEVER, None, None, None, current)
    signed = session.scalars(
        select(Signature.content_sha256)
        .join(Confirmation, Confirmation.signature_id == Signature.id)
        .where(visibility.signatures(subject), *_legal(facility_id), Confirmation.confirmed_on == attested_on)
        .order_by(Signature.content_sha256 == current, Signature.signed_at)
    ).all()
    until = attested_on + ATTESTATION_LASTS
    state = AttestationState.CURRENT
    if today > until:
        state = AttestationState.LAPSED
    elif current is not None and current not in signed:
        state = AttestationState.CHANGED
    return Attestation(state, attested_on, until, signed[-1] if signed else None, current)


def _legal(facility_id: UUID) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Confirmation.facility_id == facility_id, Confirmation.subject == ConfirmationSubject.LEGAL


def _inside(session: Session, subject: Subject, facility_id: UUID) -> bool:
    question = select(Facility.id).where(Facility.id == facility_id, visibility.inside_facility(subject, Facility))
    return session.scalar(question) is not None


def _without_names(
    session: Session, subject: Subject, facility_id: UUID, content: dict[str, JsonValue]
) -> Mapping[str, JsonValue]:
    owner = session.get_one(Facility, facility_id).organisation_id
    covers = content[QpCover.__tablename__]
    assert isinstance(covers, list)
    if subject.belongs(owner) or subject == OPERATOR:
        return content
    nameless: list[JsonValue] = [{**cover, "names": None} for cover in covers if isinstance(cover, dict)]
    return {**content, QpCover.__tablename__: nameless}


def _contents(session: Session, table: type[Record], facility_id: UUID) -> JsonValue:
    columns = [column.key for column in inspect(table).columns if column.key not in NOT_CONTENT]
    owned: Any = table
    rows = session.scalars(select(table).where(owned.facility_id == facility_id))
    return [{name: _json(getattr(row, name)) for name in columns} for row in sorted(rows, key=lambda row: str(row.id))]


def _json(value: Any) -> JsonValue:
    if isinstance(value, list):
        return [str(item) for item in sorted(value)]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value) if isinstance(value, (UUID, StrEnum)) else value
