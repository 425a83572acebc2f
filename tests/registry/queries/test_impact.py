"""What a closure, a suspension, an outage or an expiry would hit, before it is saved."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from registry import models
from registry.access.subject import ANONYMOUS, Subject
from registry.models import Booking, Closure, Placement, Suite, Verdict
from registry.queries.impact import Impact, impact_of_closure, impact_of_expiry, impact_of_outage, impact_of_suspension
from registry.vocabulary.lifecycle import BookingKind, BookingState
from registry.vocabulary.periods import Days
from registry.vocabulary.regulation import PermitKind
from registry.vocabulary.results import Status
from registry.vocabulary.roles import Role
from tests.factories import facilities, requests
from tests.factories.facilities import added
from tests.registry.access.world import run_of
from tests.registry.services.house import MONDAY, TODAY, House, acting, house, member

END = MONDAY + timedelta(days=12)
STAY = Days(MONDAY, END)
NOTHING = Impact(0, 0, 0, 0, 0, 0, ())


def book(
    session: Session, here: House, kind: BookingKind, state: BookingState, lane: int, start: date = MONDAY
) -> None:
    owner = {"facility_id": here.facility.id, "organisation_id": here.organisation.id, "suite_id": here.suite.id}
    stay = {"stay_id": uuid4(), "lane": lane, "starts": start, "ends": start + timedelta(days=12)}
    added(session, Booking(**owner, **stay, kind=kind, state=state, data_set=here.facility.data_set))


def busy(session: Session) -> House:
    """A facility with a stay of every kind, a newest calculation that placed one start and left one request waiting."""
    here = house(session)
    for lane, (kind, state) in enumerate(
        [
            (BookingKind.RESERVATION, BookingState.HELD),
            (BookingKind.RESERVATION, BookingState.CONFIRMED),
            (BookingKind.CALL_OFF, BookingState.CONFIRMED),
            (BookingKind.OWN, BookingState.CONFIRMED),
            (BookingKind.OWN, BookingState.CANCELLED),
        ],
        start=1,
    ):
        book(session, here, kind, state, lane)
    calculated(session, here, placed=3, waiting=0, days_ago=2)
    calculated(session, here, placed=1, waiting=2, days_ago=1)
    return here


def calculated(session: Session, here: House, *, placed: int, waiting: int, days_ago: int) -> None:
    run = run_of(session)
    at = session.scalars(select(text("now()"))).one() - timedelta(days=days_ago)
    for number in range(placed + waiting + 1):
        request = requests.request(session)
        batch = requests.batch(session, request)
        who = {
            "run_id": run.id,
            "data_set": run.data_set,
            "request_id": request.id,
            "organisation_id": request.organisation_id,
            "facility_id": here.facility.id,
            "facility_organisation_id": here.organisation.id,
            "suite_id": here.suite.id,
            "calculated_at": at,
        }
        impossible = number == placed + waiting
        added(session, Verdict(**who, status=Status.FAIL if impossible else Status.PASS, results=[]))
        if number < placed:
            added(session, Placement(**who, plan="proposed", batch_id=batch.id, starts=MONDAY, ends=END))


def test_a_closure_hits_what_lies_in_it(session: Session) -> None:
    here = busy(session)
    acting(session, here.planner)
    found = impact_of_closure(session, here.planner, here.facility.id, None, [STAY])
    assert found is not None
    counts = (found.held, found.reserved, found.called_off, found.own_use, found.placed, found.waiting)
    assert counts == (1, 1, 1, 1, 1, 2)
    assert [hit.what for hit in found.dates] == ["call_off", "held", "own", "placed", "reservation"]
    assert session.scalars(select(Closure)).all() == []


@pytest.mark.parametrize(
    ("days", "hit"),
    [
        (Days(END, None), False),
        (Days(END - timedelta(days=1), None), True),
        (Days(MONDAY - timedelta(days=9), MONDAY), False),
        (Days(MONDAY - timedelta(days=9), MONDAY + timedelta(days=1)), True),
    ],
)
def test_the_last_day_counts_and_the_next_does_not(session: Session, days: Days, hit: bool) -> None:
    here = busy(session)
    acting(session, here.planner)
    found = impact_of_closure(session, here.planner, here.facility.id, here.suite.id, [days])
    assert found is not None
    assert (found.held, found.placed, bool(found.dates)) == ((1, 1, True) if hit else (0, 0, False))


def test_each_occurrence_counts_once(session: Session) -> None:
    here = busy(session)
    book(session, here, BookingKind.CALL_OFF, BookingState.CONFIRMED, 1, MONDAY + timedelta(days=28))
    acting(session, here.planner)
    month = timedelta(days=28)
    periods = [Days(MONDAY, MONDAY + timedelta(days=2)), Days(MONDAY + month, MONDAY + month + timedelta(days=2)), STAY]
    found = impact_of_closure(session, here.planner, here.facility.id, None, periods)
    assert found is not None
    assert (found.held, found.called_off) == (1, 2)
    nothing = impact_of_closure(session, here.planner, here.facility.id, None, [])
    assert nothing == NOTHING


def test_another_suite_is_not_hit(session: Session) -> None:
    here = busy(session)
    other = facilities.suite(session, here.site)
    acting(session, here.planner)
    assert impact_of_closure(session, here.planner, here.facility.id, other.id, [STAY]) == NOTHING
    foreign = house(session).suite.id
    acting(session, here.planner)
    assert impact_of_closure(session, here.planner, here.facility.id, foreign, [STAY]) == NOTHING


def test_a_suspension_hits_the_rooms_it_covers(session: Session) -> None:
    here = busy(session)
    other = facilities.suite(session, here.site)
    whole = facilities.authorisation(session, here.site)
    limited = facilities.authorisation(session, here.site, whole_site=False)
    rooms(session, limited, other)
    acting(session, here.qa)
    hit = impact_of_suspension(session, here.qa, whole.id, Days(MONDAY, None))
    assert hit is not None
    assert (hit.held, hit.placed) == (1, 1)
    assert impact_of_suspension(session, here.qa, limited.id, Days(MONDAY, None)) == NOTHING


def rooms(session: Session, licence: models.Authorisation, suite: Suite) -> None:
    owner = {"facility_id": suite.facility_id, "organisation_id": suite.organisation_id}
    added(session, models.AuthorisedSuite(**owner, authorisation_id=licence.id, suite_id=suite.id))


def test_an_outage_hits_its_suite(session: Session) -> None:
    here = busy(session)
    device = facilities.equipment(session, here.suite)
    acting(session, here.planner)
    found = impact_of_outage(session, here.planner, device.id, STAY)
    assert found == impact_of_closure(session, here.planner, here.facility.id, here.suite.id, [STAY])


def evidence(session: Session, here: House, kind: str) -> models.Certificate | models.Permit | models.QpCover:
    owner = {"facility_id": here.facility.id, "organisation_id": here.organisation.id}
    at = {**owner, "site_id": here.site.id, "code": "E-1"}
    match kind:
        case "certificate":
            return added(session, models.Certificate(**at, last_inspection=TODAY))
        case "permit":
            return added(session, models.Permit(**at, kind=PermitKind.TISSUE_ESTABLISHMENT))
        case _:
            return added(session, models.QpCover(**owner, classes=["TEP"], here=True))


@pytest.mark.parametrize("kind", ["certificate", "permit", "cover"])
def test_an_expiry_hits_what_rests_on_it(session: Session, kind: str) -> None:
    here, other = busy(session), house(session)
    row = evidence(session, here, kind)
    elsewhere = evidence(session, other, kind)
    acting(session, here.qa)
    whole = impact_of_closure(session, here.qa, here.facility.id, None, [STAY])
    assert impact_of_expiry(session, here.qa, type(row), row.id, STAY) == whole
    later = impact_of_expiry(session, here.qa, type(row), row.id, Days(STAY.end or MONDAY, None))
    assert later is not None
    assert (later.held, later.placed, later.dates) == (0, 0, ())
    assert impact_of_expiry(session, here.qa, type(elsewhere), elsewhere.id, STAY) is None


def test_overseers_get_counts_without_dates(session: Session) -> None:
    here = busy(session)
    own = impact_of_closure(session, acting(session, here.planner), here.facility.id, None, [STAY])
    coordinator = Subject(here.qa.person, frozenset({(Role.COORDINATOR, None)}))
    seen = impact_of_closure(session, acting(session, coordinator), here.facility.id, None, [STAY])
    assert own is not None
    assert seen == replace(own, dates=())


def test_others_get_nothing(session: Session) -> None:
    here, other = busy(session), house(session)
    licence = facilities.authorisation(session, here.site)
    device = facilities.equipment(session, here.suite)
    for subject in (other.planner, member(session, Role.DEVELOPER, other.organisation), ANONYMOUS):
        acting(session, subject)
        assert impact_of_closure(session, subject, here.facility.id, None, [STAY]) is None
        assert impact_of_suspension(session, subject, licence.id, STAY) is None
        assert impact_of_outage(session, subject, device.id, STAY) is None
