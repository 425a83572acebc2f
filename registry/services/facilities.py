"""Facilities with their sites, suites and equipment: added and changed, resting on the version that was seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.permissions import Permission
from registry.access.subject import Subject
from registry.models import Equipment, Facility, Organisation, Site, Suite
from registry.queries.premises import suites_version
from registry.services.premises import (
    EquipmentFacts,
    FacilityFacts,
    SiteFacts,
    SuiteFacts,
    facility_faults,
    site_faults,
    suite_faults,
)
from registry.services.records import (
    assign,
    check_seen,
    check_version,
    facility_for,
    found,
    keep,
    owner_of,
    refuse_faults,
    require_any,
    stand_for,
    term_fault,
    within,
)

GRADED = ("grade", "mode", "containment_class", "vector_work")
"""Facts of a suite for which QA stands; the planner gives the rest."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A record and the version of it that a change rests on."""

    id: UUID
    version: int


def add_facility(
    session: Session, subject: Subject, organisation_id: UUID, facts: FacilityFacts, *, reason: str = ""
) -> Facility:
    """Record premises of an organisation, as a draft nobody else sees; a parent is of the same organisation."""
    organisation = found(session, Organisation, organisation_id, visibility.organisations(subject))
    require_any(subject, organisation.id, Permission.EDIT_FACILITY)
    linked = _linked_faults(session, organisation, None, facts)
    refuse_faults([*facility_faults(facts), *linked], what="The facility")
    facility = Facility(organisation_id=organisation.id, data_set=organisation.data_set)
    assign(facility, facts)
    session.add(facility)
    keep(session, "add facility", reason)
    return facility


def edit_facility(session: Session, subject: Subject, seen: Seen, facts: FacilityFacts, *, reason: str) -> Facility:
    """Change what a facility says of itself and whom it serves."""
    facility = facility_for(session, subject, seen.id, Permission.EDIT_FACILITY)
    check_version(facility, seen.version)
    organisation = session.get_one(Organisation, facility.organisation_id)
    linked = _linked_faults(session, organisation, facility.id, facts)
    refuse_faults([*facility_faults(facts), *linked], what="The facility")
    assign(facility, facts)
    keep(session, "edit facility", reason)
    return facility


def add_site(session: Session, subject: Subject, facility_id: UUID, facts: SiteFacts, *, reason: str = "") -> Site:
    """Record an address of a facility."""
    facility = facility_for(session, subject, facility_id, Permission.EDIT_FACILITY)
    refuse_faults(site_faults(facts), what="The site")
    site = Site(**owner_of(facility))
    assign(site, facts)
    session.add(site)
    keep(session, "add site", reason)
    return site


def edit_site(session: Session, subject: Subject, seen: Seen, facts: SiteFacts, *, reason: str) -> Site:
    """Change an address of a facility."""
    site = found(session, Site, seen.id, visibility.with_facility(subject, Site))
    require_any(subject, site.organisation_id, Permission.EDIT_FACILITY)
    check_version(site, seen.version)
    refuse_faults(site_faults(facts), what="The site")
    assign(site, facts)
    keep(session, "edit site", reason)
    return site


def add_suite(session: Session, subject: Subject, site_id: UUID, facts: SuiteFacts, *, reason: str = "") -> Suite:
    """Record rooms of a site that are used as one."""
    site = found(session, Site, site_id, visibility.with_facility(subject, Site))
    require_any(subject, site.organisation_id, Permission.EDIT_FACILITY)
    refuse_faults(suite_faults(facts), what="The suite")
    suite = Suite(site_id=site.id, facility_id=site.facility_id, organisation_id=site.organisation_id)
    assign(suite, facts)
    session.add(suite)
    keep(session, "add suite", reason)
    return suite


def edit_suite(session: Session, subject: Subject, seen: Seen, facts: SuiteFacts, *, reason: str) -> Suite:
    """Change a suite: QA everything, the planner all but grade, mode, containment and work with vectors."""
    suite = within(session, subject, Suite, seen.id)
    graded = any(getattr(suite, name) != getattr(facts, name) for name in GRADED)
    allowed = (Permission.EDIT_FACILITY,) if graded else (Permission.EDIT_FACILITY, Permission.EDIT_CALENDAR)
    require_any(subject, suite.organisation_id, *allowed)
    check_version(suite, seen.version)
    refuse_faults(suite_faults(facts), what="The suite")
    assign(suite, facts)
    keep(session, "edit suite", reason)
    return suite


def add_equipment(
    session: Session, subject: Subject, suite_id: UUID, facts: EquipmentFacts, *, reason: str = ""
) -> Equipment:
    """Record devices of one class in a suite; planner or QA."""
    suite = within(session, subject, Suite, suite_id)
    require_any(subject, suite.organisation_id, Permission.EDIT_FACILITY, Permission.EDIT_CALENDAR)
    refuse_faults(_equipment_faults(session, facts), what="The equipment")
    equipment = Equipment(suite_id=suite.id, facility_id=suite.facility_id, organisation_id=suite.organisation_id)
    assign(equipment, facts)
    session.add(equipment)
    keep(session, "add equipment", reason)
    return equipment


def edit_equipment(session: Session, subject: Subject, seen: Seen, facts: EquipmentFacts, *, reason: str) -> Equipment:
    """Change the number of devices, or until when they are qualified; planner or QA."""
    equipment = within(session, subject, Equipment, seen.id)
    require_any(subject, equipment.organisation_id, Permission.EDIT_FACILITY, Permission.EDIT_CALENDAR)
    check_version(equipment, seen.version)
    refuse_faults(_equipment_faults(session, facts), what="The equipment")
    assign(equipment, facts)
    keep(session, "edit equipment", reason)
    return equipment


def confirm_physical(
    session: Session, subject: Subject, facility: Seen, today: date, *, reason: str = ""
) -> Sequence[Suite]:
    """Let QA stand for every suite of a facility, its grade above all, as they were shown together."""
    held = facility_for(session, subject, facility.id, Permission.EDIT_FACILITY)
    check_seen(suites_version(session, subject, held.id), facility.version)
    suites = session.scalars(select(Suite).where(Suite.facility_id == held.id).order_by(Suite.code)).all()
    for suite in suites:
        stand_for(suite, subject, today)
    keep(session, "confirm suites", reason)
    return suites


def _equipment_faults(session: Session, facts: EquipmentFacts) -> list[str | None]:
    return [
        term_fault(session, "equipment_class", "equipment_classes", facts.equipment_class),
        None if facts.count >= 0 else f"count: {facts.count} devices cannot be",
    ]


def _linked_faults(
    session: Session, organisation: Organisation, own: UUID | None, facts: FacilityFacts
) -> list[str | None]:
    """Return what is wrong with a facility beside others: its code, its parent."""
    holder = session.scalar(
        select(Facility.id).where(Facility.data_set == organisation.data_set, Facility.code == facts.code)
    )
    taken = None if holder in (None, own) else f"code: {facts.code!r} is another facility's"
    return [taken, _parent_fault(session, organisation.id, own, facts)]


def _parent_fault(session: Session, organisation: UUID, own: UUID | None, facts: FacilityFacts) -> str | None:
    """Return the fault of a parent that is another organisation's, or stands below this facility itself."""
    key = facts.parent_id
    while key is not None:
        if key == own:
            return "parent_id: a facility cannot stand below itself"
        parent = session.get(Facility, key)
        if parent is None or parent.organisation_id != organisation:
            return "parent_id: a parent is a facility of the same organisation"
        key = parent.parent_id
    return None
