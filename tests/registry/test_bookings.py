"""No two live stays on one place of a suite on one day, whoever comes first (T-A1)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from registry.access.subject import OPERATOR
from registry.database import owner_engine, unit_of_work
from registry.errors import AlreadyBookedError
from registry.models import Booking, Suite
from registry.vocabulary.lifecycle import BookingState, DataSet
from tests.registry.access.world import DAY, LATER, Tenant, booking, tenant

RACERS = 8


def add(session: Session, one: Tenant, lane: int = 1, starts: date = DAY, ends: date = LATER) -> Booking:
    made = booking(one, one, lane, starts, ends)
    session.add(made)
    session.flush()
    return made


@pytest.mark.parametrize(
    ("lane", "starts", "ends"),
    [
        (2, DAY, LATER),
        (1, LATER, LATER + timedelta(days=1)),
        (1, DAY - timedelta(days=1), DAY),
    ],
)
def test_another_place_or_touching_days_are_free(session: Session, lane: int, starts: date, ends: date) -> None:
    one = tenant(session, "One")
    add(session, one)
    add(session, one, lane, starts, ends)
    assert session.scalar(select(func.count()).select_from(Booking)) == 2


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        (DAY, LATER),
        (LATER - timedelta(days=1), LATER + timedelta(days=9)),
        (DAY - timedelta(days=9), DAY + timedelta(days=1)),
    ],
)
def test_one_shared_day_is_refused(session: Session, starts: date, ends: date) -> None:
    one = tenant(session, "One")
    add(session, one)
    with pytest.raises(IntegrityError, match="ex_booking_no_double_booking"):
        add(session, one, 1, starts, ends)


def test_a_cancelled_stay_frees_its_days(session: Session) -> None:
    one = tenant(session, "One")
    add(session, one).state = BookingState.CANCELLED
    session.flush()
    add(session, one)
    assert session.scalar(select(func.count()).select_from(Booking)) == 2


def race(one: Tenant, prepare: Callable[[Session], object]) -> int:
    """Let many book the same place at the same moment; return how many were told that they have it."""
    start = Barrier(RACERS)

    def book(_: int) -> bool:
        try:
            with unit_of_work(OPERATOR) as session:
                start.wait(timeout=60)
                prepare(session)
                session.add(booking(one, one))
        except AlreadyBookedError:
            return False
        return True

    with ThreadPoolExecutor(RACERS) as racers:
        return sum(racers.map(book, range(RACERS)))


def test_of_many_at_once_exactly_one_wins(committed: Engine) -> None:
    with unit_of_work(OPERATOR) as session:
        one = tenant(session, "One")
    suite = select(Suite.id).where(Suite.id == one.suite.id).with_for_update()
    assert race(one, lambda session: session.execute(suite)) == 1


def test_sabotage_without_the_constraint_many_win(committed: Engine) -> None:
    with owner_engine(committed.url).begin() as owner:
        owner.execute(text("alter table booking drop constraint ex_booking_no_double_booking"))
    with unit_of_work(OPERATOR) as session:
        one = tenant(session, "One")
    assert race(one, lambda _: None) == RACERS


def test_a_stay_cannot_join_two_data_sets(session: Session) -> None:
    live, rehearsal = tenant(session, "Live"), tenant(session, "Rehearsal", data_set=DataSet.REHEARSAL)
    session.add(booking(rehearsal, live))
    with pytest.raises(IntegrityError, match="fk_booking_request_id"):
        session.flush()
