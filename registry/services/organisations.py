"""Legal entities: added by an administrator, kept true by their own QA."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.permissions import Permission, require
from registry.access.subject import Subject
from registry.models import Network, Organisation
from registry.services.mixing import network_fault
from registry.services.records import assign, check_version, found, keep, refuse_faults, require_any
from registry.vocabulary.countries import country_fault
from registry.vocabulary.facilities import OrganisationKind
from registry.vocabulary.identifiers import oms_organisation_fault, ror_fault
from registry.vocabulary.lifecycle import DataSet, Source


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
    source: Source = Source.TYPED
    source_note: str | None = None


def add_organisation(
    session: Session, subject: Subject, data_set: DataSet, facts: OrganisationFacts, *, reason: str = ""
) -> Organisation:
    """Record an organisation; an administrator does."""
    require(subject, Permission.MANAGE_ACCOUNTS)
    refuse_faults([*_faults(facts), _code_fault(session, data_set, facts.code)], what="The organisation")
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
    """Change what an organisation says of itself, resting on the version that was seen; its QA or an administrator.

    The code stays: frozen facts of calculations name the organisation by it.
    """
    organisation = found(session, Organisation, organisation_id, visibility.organisations(subject))
    require_any(subject, organisation.id, Permission.EDIT_FACILITY, Permission.MANAGE_ACCOUNTS)
    check_version(organisation, version)
    changed = None if facts.code == organisation.code else "code: stays, because calculations name it"
    refuse_faults([*_faults(facts), changed], what="The organisation")
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
    unknown = network_id is not None and session.get(Network, network_id) is None
    mixed = network_fault(session, subject, organisation, network_id)
    refuse_faults(["network_id: there is no such network" if unknown else None, mixed], what="The membership")
    organisation.network_id = network_id
    keep(session, "join network" if network_id else "leave network", reason)
    return organisation


def add_network(session: Session, subject: Subject, code: str, name: str, *, reason: str = "") -> Network:
    """Record a network whose delegates its members let act for them; an administrator does."""
    require(subject, Permission.MANAGE_ACCOUNTS)
    taken = session.scalar(select(Network.id).where(Network.code == code)) is not None
    refuse_faults(
        [
            None if code.strip() else "code: a network needs one",
            f"code: {code!r} is another network's" if taken else None,
            None if name.strip() else "name: a network needs one",
        ],
        what="The network",
    )
    network = Network(code=code, name=name)
    session.add(network)
    keep(session, "add network", reason)
    return network


def _code_fault(session: Session, data_set: DataSet, code: str) -> str | None:
    """Return the fault of a code that another organisation of the data set has."""
    holder = session.scalar(select(Organisation.id).where(Organisation.data_set == data_set, Organisation.code == code))
    return None if holder is None else f"code: {code!r} is another organisation's"


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
