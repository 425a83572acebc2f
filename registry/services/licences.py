"""Legal facts of a site: only QA records and changes them, and every change leaves the record unsigned."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.permissions import Permission
from registry.access.subject import Subject
from registry.models import (
    Authorisation,
    AuthorisedSuite,
    Certificate,
    NonCompliance,
    Organisation,
    Permit,
    ScopeLine,
    Site,
    Suite,
)
from registry.services.facilities import Seen
from registry.services.legal_facts import (
    AuthorisationFacts,
    CertificateFacts,
    Evidence,
    NonComplianceFacts,
    PermitFacts,
    authorisation_faults,
    evidence_faults,
)
from registry.services.operation_codes import code_faults
from registry.services.records import (
    assign,
    check_version,
    found,
    keep,
    reason_fault,
    refuse_faults,
    require_any,
    stand_for,
    within,
)

TABLES: Mapping[type[Evidence], type[Certificate | NonCompliance | Permit]] = {
    CertificateFacts: Certificate,
    NonComplianceFacts: NonCompliance,
    PermitFacts: Permit,
}


def record_authorisation(
    session: Session, subject: Subject, site_id: UUID, facts: AuthorisationFacts, *, today: date, reason: str = ""
) -> Authorisation:
    """Record an authorisation of a site with its scope lines and rooms; the holder may be a tenant."""
    site = _site(session, subject, site_id)
    refuse_faults([*authorisation_faults(facts), *_unknown(session, site, facts)], what="The authorisation")
    licence = Authorisation(site_id=site.id, facility_id=site.facility_id, organisation_id=site.organisation_id)
    stand_for(licence, subject, today)
    assign(licence, facts, "operations", "suites")
    licence.whole_site = facts.suites is None
    session.add(licence)
    session.flush()
    _set_scope(session, licence, facts)
    keep(session, "record authorisation", reason)
    return licence


def change_authorisation(
    session: Session, subject: Subject, seen: Seen, facts: AuthorisationFacts, *, today: date, reason: str
) -> Authorisation:
    """Change an authorisation, for example when it was renewed, varied or shortened."""
    licence = within(session, subject, Authorisation, seen.id)
    require_any(subject, licence.organisation_id, Permission.EDIT_LICENCES)
    check_version(licence, seen.version)
    site = session.get_one(Site, licence.site_id)
    faults = [*authorisation_faults(facts), *_unknown(session, site, facts), reason_fault(reason)]
    refuse_faults(faults, what="The authorisation")
    assign(licence, facts, "operations", "suites")
    licence.whole_site = facts.suites is None
    stand_for(licence, subject, today)
    _set_scope(session, licence, facts)
    keep(session, "change authorisation", reason)
    return licence


def record_evidence(
    session: Session, subject: Subject, site_id: UUID, facts: Evidence, *, today: date, reason: str = ""
) -> Certificate | NonCompliance | Permit:
    """Record a certificate, a statement of non-compliance or another permit of a site."""
    site = _site(session, subject, site_id)
    table = TABLES[type(facts)]
    refuse_faults([*evidence_faults(facts, today), *_unknown_codes(session, facts)], what=f"The {_name(table)}")
    row = table(site_id=site.id, facility_id=site.facility_id, organisation_id=site.organisation_id)
    stand_for(row, subject, today)
    assign(row, facts)
    session.add(row)
    keep(session, f"record {_name(table)}", reason)
    return row


def change_evidence(
    session: Session, subject: Subject, seen: Seen, facts: Evidence, *, today: date, reason: str
) -> Certificate | NonCompliance | Permit:
    """Change a certificate (withdrawn, reliance), a statement of non-compliance (closed) or another permit."""
    table = TABLES[type(facts)]
    row = within(session, subject, table, seen.id)
    require_any(subject, row.organisation_id, Permission.EDIT_LICENCES)
    check_version(row, seen.version)
    faults = [*evidence_faults(facts, today), *_unknown_codes(session, facts), reason_fault(reason)]
    refuse_faults(faults, what=f"The {_name(table)}")
    assign(row, facts)
    stand_for(row, subject, today)
    keep(session, f"change {_name(table)}", reason)
    return row


def _site(session: Session, subject: Subject, site_id: UUID) -> Site:
    site = found(session, Site, site_id, visibility.with_facility(subject, Site))
    require_any(subject, site.organisation_id, Permission.EDIT_LICENCES)
    return site


def _set_scope(session: Session, licence: Authorisation, facts: AuthorisationFacts) -> None:
    """Leave the scope lines and rooms of the facts, and no event for those that stay as they are."""
    owner = {
        "authorisation_id": licence.id,
        "facility_id": licence.facility_id,
        "organisation_id": licence.organisation_id,
    }
    lines = {line.operation: line for line in session.scalars(_of(ScopeLine, licence))}
    for operation in lines.keys() - facts.operations.keys():
        session.delete(lines[operation])
    for operation, wording in sorted(facts.operations.items()):
        line = lines.get(operation)
        if line is None:
            session.add(ScopeLine(**owner, operation=operation, wording=wording))
        elif line.wording != wording:
            line.wording = wording
    rooms = {room.suite_id: room for room in session.scalars(_of(AuthorisedSuite, licence))}
    wanted = facts.suites or frozenset()
    for suite in rooms.keys() - wanted:
        session.delete(rooms[suite])
    for suite in sorted(wanted - rooms.keys()):
        session.add(AuthorisedSuite(**owner, suite_id=suite))


def _of(table: type[Any], licence: Authorisation) -> Any:
    return select(table).where(table.authorisation_id == licence.id)


def _unknown(session: Session, site: Site, facts: AuthorisationFacts) -> list[str | None]:
    """Return the faults of a holder that is not recorded and of rooms that are not at the site."""
    here = set(session.scalars(select(Suite.id).where(Suite.site_id == site.id)))
    return [
        None if session.get(Organisation, facts.holder_id) else "holder_id: there is no such organisation",
        *("suites: a room is not at this site" for _ in [None] if (facts.suites or frozenset()) - here),
        *code_faults(session, facts.operations),
    ]


def _unknown_codes(session: Session, facts: Evidence) -> list[str | None]:
    """Return the faults of operation codes that nobody knows; permits name none."""
    return [] if isinstance(facts, PermitFacts) else code_faults(session, facts.operations)


def _name(table: type[Certificate | NonCompliance | Permit]) -> str:
    return table.__tablename__.replace("_", " ")
