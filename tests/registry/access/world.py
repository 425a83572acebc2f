"""Three tenants with a row in every table, for tests that ask who sees what."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from uuid import uuid4

from sqlalchemy.orm import Session

from registry import models
from registry.access.subject import OrganisationId, PersonId, Subject
from registry.models import Base, Facility, Organisation, Person
from registry.vocabulary.facilities import ClosureKind, LimitKind
from registry.vocabulary.lifecycle import (
    BookingKind,
    BookingState,
    ConfirmationSubject,
    DataSet,
    MaterialState,
    Publication,
    ReportVerdict,
    RoundKind,
    RoundState,
    RunState,
    SignatureMeaning,
)
from registry.vocabulary.regulation import PairStage, PermitKind, StageState
from registry.vocabulary.results import Status
from registry.vocabulary.roles import Role
from tests.factories import facilities, requests
from tests.factories.facilities import added

DAY = date(2026, 12, 7)
LATER = date(2026, 12, 21)


@dataclass(frozen=True, slots=True)
class Tenant:
    """An organisation that both owns a facility and sponsors a request, and a person of it."""

    organisation: Organisation
    facility: Facility
    suite: models.Suite
    person: Person
    request: models.Request
    process: models.ProcessVersion

    def member(self, *roles: Role) -> Subject:
        """The person, in these roles of the organisation."""
        place = OrganisationId(self.organisation.id)
        return Subject(PersonId(self.person.id), frozenset((role, place) for role in roles))


def tenant(session: Session, name: str, data_set: DataSet = DataSet.LIVE) -> Tenant:
    """A tenant with a row in every table of one party."""
    owner = facilities.organisation(session, name=name, data_set=data_set)
    facility = facilities.facility(session, owner, publication=Publication.DRAFT)
    suite = _facility_side(session, facility)
    person = added(session, Person(code=f"person-{uuid4()}", name=f"{name}'s person", data_set=data_set))
    added(session, models.Membership(person_id=person.id, role=Role.PLANNER, organisation_id=owner.id))
    added(session, models.ApiToken(person_id=person.id, label="machine", secret_sha256=uuid4().hex))
    signed = {"signer_role": Role.QA, "meaning": SignatureMeaning.REVIEW, "record_type": "facility"}
    content = {"record_id": facility.id, "record_version": 1, "content_sha256": "0" * 64, "method": "password"}
    added(session, models.Signature(signer_id=person.id, organisation_id=owner.id, **signed, **content))
    process, request = _sponsor_side(session, owner)
    return Tenant(owner, facility, suite, person, request, process)


def _facility_side(session: Session, facility: Facility) -> models.Suite:
    owner = {"facility_id": facility.id, "organisation_id": facility.organisation_id}
    site = facilities.site(session, facility)
    suite = facilities.suite(session, site)
    facilities.equipment(session, suite)
    facilities.starts(session, facility)
    licence = facilities.authorisation(session, site, whole_site=False)
    calendar = ConfirmationSubject.CALENDAR
    for row in (
        models.AuthorisedSuite(**owner, authorisation_id=licence.id, suite_id=suite.id),
        models.Certificate(**owner, site_id=site.id, code="C-1", last_inspection=DAY),
        models.NonCompliance(**owner, site_id=site.id, code="N-1", starts=DAY),
        models.Permit(**owner, site_id=site.id, code="P-1", kind=PermitKind.GMO_CONTAINED_USE, gmo_class=2),
        models.ProcessExperience(**owner, family="car_t"),
        models.QcMethod(**owner, method="sterility"),
        models.QpCover(**owner, classes=["sCTMP"], here=True),
        models.Opening(**owner, suite_id=suite.id, starts=DAY),
        models.Closure(**owner, suite_id=suite.id, starts=DAY, ends=LATER, kind=ClosureKind.OWN_USE),
        models.FacilityLimit(**owner, kind=LimitKind.QC_RESULTS, period_weeks=1, amount=3),
        models.Confirmation(**owner, subject=calendar, confirmed_on=DAY),
    ):
        added(session, row)
    return suite


def _sponsor_side(session: Session, owner: Organisation) -> tuple[models.ProcessVersion, models.Request]:
    product = requests.product(session, owner)
    process = requests.process(session, product)
    request = requests.request(session, process)
    requests.batch(session, request)
    mine = {"organisation_id": owner.id}
    asked = {**mine, "request_id": request.id}
    lot = added(session, models.MaterialLot(**mine, code="M-1", state=MaterialState.RELEASED))
    for row in (
        models.ProcessStep(**mine, process_version_id=process.id, position=0),
        models.ProcessLoad(
            **mine, process_version_id=process.id, position=0, kind=LimitKind.QC_RESULTS, amount=1, moment="end"
        ),
        models.CollectionCentre(**mine, code="CC-1", name="Centre", country="DE"),
        models.RequestPlace(**asked, use="treating", position=0, country="DE", latitude=50.5, longitude=10.25),
        models.RequestMaterial(**asked, material_lot_id=lot.id),
        models.RequestAttachment(**asked, title="Protocol"),
    ):
        added(session, row)
    return process, request


def between(session: Session, sponsor: Tenant, maker: Tenant) -> list[Base]:
    """A row in every table that concerns a sponsor and a facility of another tenant."""
    data_set = sponsor.organisation.data_set
    asked = {"organisation_id": sponsor.organisation.id, "request_id": sponsor.request.id, "data_set": data_set}
    made_at = {"facility_id": maker.facility.id, "facility_organisation_id": maker.organisation.id}
    pair = added(
        session,
        models.Establishment(
            organisation_id=sponsor.organisation.id,
            data_set=data_set,
            product_id=sponsor.process.product_id,
            process_version_id=sponsor.process.id,
            site_id=maker.suite.site_id,
            **made_at,
        ),
    )
    parties = {
        "establishment_id": pair.id,
        "organisation_id": sponsor.organisation.id,
        "facility_organisation_id": maker.organisation.id,
    }
    centre = added(
        session, models.CollectionCentre(organisation_id=sponsor.organisation.id, code="CC-2", name="C", country="DE")
    )
    rows: list[Base] = [
        models.EstablishmentStage(**parties, stage=PairStage.CDA, state=StageState.OPEN),
        models.EstablishmentApproval(**parties, country="DE", kind="trial"),
        models.CentreQualification(organisation_id=sponsor.organisation.id, centre_id=centre.id, **made_at),
        models.RequestPreference(**asked, facility_id=maker.facility.id, value=1),
        models.RequestExclusion(**asked, facility_id=maker.facility.id),
        booking(sponsor, maker),
    ]
    return [pair, *(added(session, row) for row in rows)]


def booking(sponsor: Tenant, maker: Tenant, lane: int = 1, starts: date = DAY, ends: date = LATER) -> models.Booking:
    """A confirmed stay of a sponsor's request at a facility."""
    return models.Booking(
        organisation_id=maker.organisation.id,
        facility_id=maker.facility.id,
        data_set=maker.organisation.data_set,
        suite_id=maker.suite.id,
        stay_id=uuid4(),
        lane=lane,
        starts=starts,
        ends=ends,
        kind=BookingKind.RESERVATION,
        state=BookingState.CONFIRMED,
        request_id=sponsor.request.id,
        sponsor_id=sponsor.organisation.id,
    )


def run_of(session: Session, data_set: DataSet = DataSet.LIVE) -> models.Run:
    """A checked run of a round under a policy."""
    n = next(facilities.numbers)
    policy = added(
        session, models.Policy(code="P", number=n, title="Test", tiers=[{"placed": 1}], text_generated="Place.")
    )
    round_ = added(
        session,
        models.Round(
            data_set=data_set,
            code=f"R-{n}",
            kind=RoundKind.PERIOD,
            state=RoundState.CLOSED,
            policy_id=policy.id,
            origin=DAY,
            horizon_weeks=26,
            known_on=DAY,
        ),
    )
    return added(session, models.Run(data_set=data_set, round_id=round_.id, state=RunState.CHECKED))


def results(session: Session, run: models.Run, sponsor: Tenant, maker: Tenant) -> list[Base]:
    """A verdict, a placement, progress, a report and a what-if of a run."""
    batch = requests.batch(session, sponsor.request)
    who = {
        "run_id": run.id,
        "data_set": run.data_set,
        "request_id": sponsor.request.id,
        "organisation_id": sponsor.organisation.id,
        "facility_id": maker.facility.id,
        "facility_organisation_id": maker.organisation.id,
        "suite_id": maker.suite.id,
    }
    report = {"problem_sha256": "p", "outcome_sha256": "o", "findings": [], "verifier_sha256": "v"}
    return [
        added(session, models.Verdict(**who, status=Status.PASS, results=[])),
        added(session, models.Placement(**who, plan="proposed", batch_id=batch.id, starts=DAY, ends=LATER)),
        added(session, models.RunProgress(run_id=run.id, phase="solving", seconds=1.0)),
        added(session, models.VerifierReport(run_id=run.id, verdict=ReportVerdict.PASS, **report)),
        added(session, models.WhatIf(run_id=run.id, request="R1", document=b"{}", sha256=sha256(b"{}").hexdigest())),
    ]
