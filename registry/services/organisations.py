"""Legal entities: added by an administrator, kept true by their own QA."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.permissions import Permission, require
from registry.access.subject import Subject
from registry.models import Organisation
from registry.services.records import assign, check_version, found, keep, refuse_faults, require_any
from registry.vocabulary.facilities import OrganisationKind
from registry.vocabulary.identifiers import country_fault, oms_organisation_fault, ror_fault
from registry.vocabulary.lifecycle import DataSet


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    """What an organisation says of itself; `mailbox` is nobody's person, `country` ISO 3166-1 alpha-2."""

    code: str
    name: str
    kind: OrganisationKind
    country: str
    oms_org_id: str | None = None
    ror_id: str | None = None
    mailbox: str | None = None


def add_organisation(
    session: Session, subject: Subject, data_set: DataSet, facts: OrganisationFacts, *, reason: str = ""
) -> Organisation:
    """Record an organisation."""
    require(subject, Permission.MANAGE_ACCOUNTS)
    refuse_faults(_faults(facts), what="The organisation")
    organisation = Organisation(data_set=data_set)
    assign(organisation, facts)
    session.add(organisation)
    keep(session, "add organisation", reason)
    return organisation


def edit_organisation(
    session: Session,
    subject: Subject,
    organisation_id: UUID,
    version: int,
    facts: OrganisationFacts,
    *,
    reason: str = "",
) -> Organisation:
    """Change what an organisation says of itself, resting on the version that was seen."""
    organisation = found(session, Organisation, organisation_id, visibility.organisations(subject))
    require_any(subject, organisation.id, Permission.EDIT_FACILITY, Permission.MANAGE_ACCOUNTS)
    check_version(organisation, version)
    refuse_faults(_faults(facts), what="The organisation")
    assign(organisation, facts)
    keep(session, "edit organisation", reason)
    return organisation


def join_network(
    session: Session, subject: Subject, organisation_id: UUID, version: int, network_id: UUID | None, *, reason: str
) -> Organisation:
    """Let the delegates of a network see and act for an organisation, or with None no longer; its QA decides."""
    organisation = found(session, Organisation, organisation_id, visibility.organisations(subject))
    require_any(subject, organisation.id, Permission.EDIT_FACILITY)
    check_version(organisation, version)
    organisation.network_id = network_id
    keep(session, "join network" if network_id else "leave network", reason)
    return organisation


def _faults(facts: OrganisationFacts) -> list[str | None]:
    country = country_fault(facts.country)
    organisation = facts.oms_org_id and oms_organisation_fault(facts.oms_org_id)
    ror = facts.ror_id and ror_fault(facts.ror_id)
    return [
        None if facts.code.strip() else "code: an organisation needs one",
        None if facts.name.strip() else "name: an organisation needs one",
        f"country: {country}" if country else None,
        f"oms_org_id: {organisation}" if organisation else None,
        f"ror_id: {ror}" if ror else None,
        None if not facts.mailbox or "@" in facts.mailbox else "mailbox: an address has an @",
    ]
