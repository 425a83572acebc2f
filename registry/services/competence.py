"""What a facility has done and can do: experience, quality control methods, certification; only QA stands for it."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.access.permissions import Permission
from registry.access.subject import Subject
from registry.models import ProcessExperience, QcMethod, QpCover
from registry.services.competence_facts import (
    Competence,
    ExperienceFacts,
    MethodFacts,
    QpCoverFacts,
    competence_faults,
    cover_faults,
)
from registry.services.facilities import Seen
from registry.services.records import (
    assign,
    check_seen,
    check_version,
    facility_for,
    keep,
    owner_of,
    reason_fault,
    refuse_faults,
    require_any,
    stand_for,
    term_fault,
    within,
)

TABLES: Mapping[type[Competence], type[ProcessExperience | QcMethod]] = {
    ExperienceFacts: ProcessExperience,
    MethodFacts: QcMethod,
}
NOT_RECORDED = 0
"""The version of the cover of a facility where none is recorded."""


def record_competence(
    session: Session, subject: Subject, facility_id: UUID, facts: Competence, *, today: date, reason: str = ""
) -> ProcessExperience | QcMethod:
    """Record a process family a facility has made, or a quality control method; each once."""
    facility = facility_for(session, subject, facility_id, Permission.EDIT_LICENCES)
    table = TABLES[type(facts)]
    refuse_faults([*competence_faults(facts, today), *_unknown(session, facts)], what=f"The {_name(table)}")
    row = table(**owner_of(facility))
    stand_for(row, subject, today)
    assign(row, facts)
    session.add(row)
    keep(session, f"record {_name(table)}", reason)
    return row


def change_competence(
    session: Session, subject: Subject, seen: Seen, facts: Competence, *, today: date, reason: str
) -> ProcessExperience | QcMethod:
    """Change what is recorded of a process family or of a quality control method."""
    table = TABLES[type(facts)]
    row = within(session, subject, table, seen.id)
    require_any(subject, row.organisation_id, Permission.EDIT_LICENCES)
    check_version(row, seen.version)
    faults = [*competence_faults(facts, today), *_unknown(session, facts), reason_fault(reason)]
    refuse_faults(faults, what=f"The {_name(table)}")
    assign(row, facts)
    stand_for(row, subject, today)
    keep(session, f"change {_name(table)}", reason)
    return row


def remove_competence(
    session: Session, subject: Subject, table: type[ProcessExperience | QcMethod], seen: Seen, *, reason: str = ""
) -> None:
    """Take back what was recorded; the trail keeps it."""
    row = within(session, subject, table, seen.id)
    require_any(subject, row.organisation_id, Permission.EDIT_LICENCES)
    check_version(row, seen.version)
    session.delete(row)
    keep(session, f"remove {_name(table)}", reason)


def set_qp_cover(
    session: Session, subject: Subject, facility: Seen, facts: QpCoverFacts, *, today: date, reason: str = ""
) -> QpCover:
    """Record which classes a Qualified Person certifies; the names stay with the facility's own people.

    It is part of the legal record that QA signs. The version seen is 0 where none was recorded; a change needs a reason.
    """
    held = facility_for(session, subject, facility.id, Permission.EDIT_LICENCES)
    cover = session.scalars(select(QpCover).where(QpCover.facility_id == held.id)).one_or_none()
    check_seen(NOT_RECORDED if cover is None else cover.version, facility.version)
    refuse_faults([*cover_faults(facts), None if cover is None else reason_fault(reason)], what="The QP cover")
    if cover is None:
        cover = QpCover(**owner_of(held))
        session.add(cover)
    assign(cover, facts)
    stand_for(cover, subject, today)
    keep(session, "set QP cover", reason)
    return cover


def _unknown(session: Session, facts: Competence) -> list[str | None]:
    """Return the faults of words that are in no list of the vocabulary."""
    match facts:
        case ExperienceFacts():
            return [
                term_fault(session, "family", "process_families", facts.family),
                term_fault(session, "platform", "platforms", facts.platform) if facts.platform else None,
            ]
        case MethodFacts():
            return [term_fault(session, "method", "qc_methods", facts.method)]


def _name(table: type[ProcessExperience | QcMethod]) -> str:
    return "QC method" if table is QcMethod else "process experience"
