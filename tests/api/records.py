"""Records for calls to be about: one of a kind, of whichever organisation a test asks for."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from registry.models import (
    Authorisation,
    Certificate,
    Closure,
    Equipment,
    FacilityLimit,
    NonCompliance,
    Opening,
    Organisation,
    Permit,
    Person,
    Policy,
    ProcessExperience,
    ProcessVersion,
    QcMethod,
    QpCover,
    Request,
    RequestAttachment,
    RequestCollaborator,
    RequestPlace,
    Round,
    Run,
    Site,
    Suite,
)
from registry.services.policy_words import policy_text
from registry.vocabulary.facilities import ClosureKind, LimitKind
from registry.vocabulary.lifecycle import DataSet, RequestState, RoundKind, RoundState, RunState
from registry.vocabulary.regulation import PermitKind
from tests.factories.facilities import added, authorisation, equipment, facility, numbers, organisation, site, suite
from tests.factories.requests import batch, process, product, request

TIERS = [{"placed": 1}]


def site_of(session: Session, owner: Organisation) -> Site:
    return site(session, facility(session, owner))


def suite_of(session: Session, owner: Organisation) -> Suite:
    return suite(session, site_of(session, owner))


def equipment_of(session: Session, owner: Organisation) -> Equipment:
    return equipment(session, suite_of(session, owner))


def _at(place: Site) -> dict[str, Any]:
    return {
        "facility_id": place.facility_id,
        "organisation_id": place.organisation_id,
        "site_id": place.id,
        "code": f"L-{next(numbers)}",
    }


def certificate_of(session: Session, owner: Organisation) -> Certificate:
    return added(session, Certificate(**_at(site_of(session, owner)), last_inspection=date(2026, 1, 12)))


def non_compliance_of(session: Session, owner: Organisation) -> NonCompliance:
    return added(session, NonCompliance(**_at(site_of(session, owner)), starts=date(2026, 1, 12)))


def permit_of(session: Session, owner: Organisation) -> Permit:
    return added(session, Permit(**_at(site_of(session, owner)), kind=PermitKind.TISSUE_ESTABLISHMENT))


def closure_of(session: Session, owner: Organisation) -> Closure:
    of = facility(session, owner)
    days = {"starts": date(2026, 12, 7), "ends": date(2026, 12, 14), "kind": ClosureKind.MAINTENANCE}
    return added(session, Closure(facility_id=of.id, organisation_id=of.organisation_id, **days))


def authorisation_of(session: Session, owner: Organisation) -> Authorisation:
    return authorisation(session, site_of(session, owner))


def limit_of(session: Session, owner: Organisation) -> FacilityLimit:
    of = facility(session, owner)
    rest = {"kind": LimitKind.QC_RESULTS, "period_weeks": 1, "amount": 3}
    return added(session, FacilityLimit(facility_id=of.id, organisation_id=of.organisation_id, **rest))


def experience_of(session: Session, owner: Organisation) -> ProcessExperience:
    of = facility(session, owner)
    return added(
        session, ProcessExperience(facility_id=of.id, organisation_id=of.organisation_id, family="car_t_autologous")
    )


def qc_method_of(session: Session, owner: Organisation) -> QcMethod:
    of = facility(session, owner)
    return added(session, QcMethod(facility_id=of.id, organisation_id=of.organisation_id, method="mycoplasma"))


def cover_of(session: Session, owner: Organisation) -> QpCover:
    of = facility(session, owner)
    facts = {"classes": ["sCTMP"], "here": True, "names": ["Somebody"], "valid_to": date(2027, 6, 1)}
    return added(session, QpCover(facility_id=of.id, organisation_id=of.organisation_id, **facts))


def opening_of(session: Session, owner: Organisation) -> Opening:
    of = facility(session, owner)
    days = {"starts": date(2026, 12, 7), "ends": date(2027, 12, 6)}
    return added(session, Opening(facility_id=of.id, organisation_id=of.organisation_id, **days))


def process_of(session: Session, owner: Organisation) -> ProcessVersion:
    return process(session, product(session, owner))


def request_of(session: Session, owner: Organisation, state: RequestState = RequestState.DRAFT) -> Request:
    """A request that lacks nothing to be submitted."""
    made = request(session, process_of(session, owner), state=state)
    batch(session, made)
    place = {"use": "treating", "position": 0, "country": "DE", "latitude": 50.0, "longitude": 8.5}
    added(session, RequestPlace(request_id=made.id, organisation_id=made.organisation_id, **place))
    return made


def attachment_of(session: Session, of: Request) -> RequestAttachment:
    owner = {"request_id": of.id, "organisation_id": of.organisation_id}
    return added(session, RequestAttachment(**owner, title="Protocol", link="https://example.org/protocol"))


def collaborator_of(session: Session, of: Request) -> RequestCollaborator:
    other = organisation(session)
    owner = {"request_id": of.id, "organisation_id": of.organisation_id}
    return added(session, RequestCollaborator(**owner, collaborator_id=other.id))


def policy_of(session: Session, approvers: tuple[Person, ...] = ()) -> Policy:
    """A version of a policy, approved by as many as are named."""
    facts = {"code": f"P-{next(numbers)}", "number": 1, "title": "Usual", "tiers": TIERS}
    names = ("first_approver_id", "second_approver_id")
    approved = {name: person.id for name, person in zip(names, approvers, strict=False)}
    return added(session, Policy(**facts, **approved, text_generated=policy_text(TIERS)))


def round_of(session: Session, policy: UUID | None = None, **facts: Any) -> Round:
    """An open what-if round of half a year."""
    usual = {
        "data_set": DataSet.LIVE,
        "code": f"R-{next(numbers)}",
        "kind": RoundKind.WHAT_IF,
        "state": RoundState.OPEN,
        "policy_id": policy or policy_of(session).id,
        "origin": date(2026, 11, 30),
        "horizon_weeks": 26,
        "known_on": date(2026, 11, 25),
    }
    return added(session, Round(**{**usual, **facts}))


def run_of(session: Session, state: RunState) -> Run:
    held = round_of(session)
    return added(session, Run(data_set=DataSet.LIVE, round_id=held.id, state=state))
