"""The ladder of 180, 90 and 30 days, for everything a start rests on."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import models
from registry.access.subject import ANONYMOUS, OPERATOR, Subject
from registry.queries.expiry import MEDIA_FILL_DAYS, Expiry, ExpiryKind, expiring, rung_of, stepped_down
from registry.services.closures import TWICE_A_YEAR, ClosureFacts, close
from registry.vocabulary.facilities import ClosureKind
from registry.vocabulary.regulation import PairStage, PermitKind, StageState
from registry.vocabulary.roles import Role
from tests.factories import facilities, requests
from tests.factories.facilities import added
from tests.registry.services.house import TODAY, House, acting, house, member

SOON = TODAY + timedelta(days=30)
FAR = TODAY + timedelta(days=181)


@pytest.mark.parametrize(
    ("days", "rung"),
    [(181, None), (180, 180), (91, 180), (90, 90), (31, 90), (30, 30), (1, 30), (0, 0), (-400, 0)],
)
def test_rungs(days: int, rung: int | None) -> None:
    assert rung_of(days) == rung


def ending(session: Session, on: date) -> House:
    """A facility where one record of every kind ends on a day."""
    here = house(session)
    owner = {"facility_id": here.facility.id, "organisation_id": here.organisation.id}
    at = {**owner, "site_id": here.site.id}
    inspected = on.replace(year=on.year - 3) - timedelta(days=1)
    facilities.authorisation(session, here.site, valid_to=on)
    added(session, models.Certificate(**at, code="C-1", last_inspection=inspected))
    added(session, models.Certificate(**at, code="C-2", last_inspection=inspected, withdrawn_on=inspected))
    added(session, models.Permit(**at, code="P-1", kind=PermitKind.TISSUE_ESTABLISHMENT, valid_to=on))
    added(session, models.QpCover(**owner, classes=["TEP"], here=True, valid_to=on))
    process = requests.process(session, requests.product(session))
    pair = added(
        session,
        models.Establishment(
            organisation_id=process.organisation_id,
            data_set=here.facility.data_set,
            product_id=process.product_id,
            process_version_id=process.id,
            site_id=here.site.id,
            facility_id=here.facility.id,
            facility_organisation_id=here.organisation.id,
        ),
    )
    parties = {
        "establishment_id": pair.id,
        "organisation_id": pair.organisation_id,
        "facility_organisation_id": here.organisation.id,
    }
    stage = {"stage": PairStage.PROCESS_SIMULATION, "state": StageState.DONE, "expires_on": on}
    added(session, models.EstablishmentStage(**parties, **stage))
    added(session, models.EstablishmentApproval(**parties, country="DE", kind="trial", expires_on=on))
    filled = on - timedelta(days=MEDIA_FILL_DAYS)
    fill = ClosureFacts(ClosureKind.MEDIA_FILL, filled - timedelta(days=3), filled, here.suite.id)
    close(session, acting(session, here.planner), here.facility.id, fill)
    return here


def asked(session: Session, subject: Subject, here: House) -> list[Expiry]:
    acting(session, subject)
    return expiring(session, subject, here.facility.id, TODAY)


EVERYTHING = [
    ExpiryKind.AUTHORISATION,
    ExpiryKind.CERTIFICATE,
    ExpiryKind.MEDIA_FILL,
    ExpiryKind.PAIR_EVIDENCE,
    ExpiryKind.PAIR_EVIDENCE,
    ExpiryKind.PERMIT,
    ExpiryKind.QP_COVER,
]


def test_everything_that_ends_in_thirty_days_is_told_to_its_own_people_and_overseers(session: Session) -> None:
    here = ending(session, SOON)
    coordinator = Subject(here.qa.person, frozenset({(Role.COORDINATOR, None)}))
    for subject in (here.qa, here.planner, coordinator, OPERATOR):
        found = asked(session, subject, here)
        assert sorted(one.kind for one in found) == sorted(EVERYTHING)
        assert {(one.on, one.days, one.rung) for one in found} == {(SOON, 30, 30)}


def test_nothing_that_ends_later_than_the_ladder_begins(session: Session) -> None:
    here = ending(session, FAR)
    assert asked(session, here.qa, here) == []


def test_nobody_else_is_told(session: Session) -> None:
    here, other = ending(session, SOON), house(session)
    for subject in (other.qa, member(session, Role.DEVELOPER, other.organisation), ANONYMOUS):
        assert asked(session, subject, here) == []


def test_a_sponsor_sees_the_evidence_of_its_own_pair_only(session: Session) -> None:
    here = ending(session, SOON)
    pair = session.scalars(select(models.Establishment)).one()
    acting(session, OPERATOR)
    sponsor = session.get_one(models.Organisation, pair.organisation_id)
    subject = member(session, Role.DEVELOPER, sponsor)
    assert {one.kind for one in asked(session, subject, here)} == {ExpiryKind.PAIR_EVIDENCE}


def test_a_media_fill_planned_in_time_replaces_the_last(session: Session) -> None:
    here = ending(session, SOON)
    next_fill = ClosureFacts(ClosureKind.MEDIA_FILL, SOON - timedelta(days=5), SOON, here.suite.id, TWICE_A_YEAR)
    close(session, acting(session, here.planner), here.facility.id, next_fill)
    assert ExpiryKind.MEDIA_FILL not in {one.kind for one in asked(session, here.qa, here)}


def test_one_planned_too_late_does_not(session: Session) -> None:
    here = ending(session, SOON)
    late = SOON + timedelta(days=10)
    fill = ClosureFacts(ClosureKind.MEDIA_FILL, late, late + timedelta(days=3), here.suite.id)
    close(session, acting(session, here.planner), here.facility.id, fill)
    assert ExpiryKind.MEDIA_FILL in {one.kind for one in asked(session, here.qa, here)}


@pytest.mark.parametrize(("since", "told"), [(0, 0), (1, 7), (59, 7)])
def test_only_what_stepped_down_is_told_again(session: Session, since: int, told: int) -> None:
    here = ending(session, SOON)
    found = asked(session, here.qa, here)
    assert len(stepped_down(found, TODAY - timedelta(days=since), TODAY)) == told
