"""Acting as somebody else for a moment: afterwards it is over, and the first error is the one that is heard."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from psycopg.errors import DivisionByZero, InFailedSqlTransaction
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from registry.access.subject import OPERATOR, Subject
from registry.database import act_as
from registry.errors import NotVisibleError
from registry.services.records import acting_for_a_moment
from registry.vocabulary.roles import Role
from tests.registry.services.house import REASON, House, house

pytestmark = pytest.mark.database


def acting_now(session: Session) -> tuple[str, ...]:
    """Who the database takes the session for, and why it acts."""
    names = ("person", "role", "action", "reason", "correlation")
    return tuple(session.scalar(text(f"select current_setting('app.{name}', true)")) for name in names)


def planner_of(session: Session) -> tuple[House, tuple[str, ...]]:
    """A house whose planner acts, and what the database knows of that."""
    here = house(session)
    act_as(session, here.planner, action="look", reason=REASON, correlation="1")
    return here, (str(here.planner.person), "planner", "look", REASON, "1")


def divided(session: Session) -> None:
    """Let the database refuse something."""
    session.execute(text("select 1 / 0"))


def test_afterwards_the_subject_acts_on_as_before(session: Session) -> None:
    here, before = planner_of(session)
    with acting_for_a_moment(session, here.planner, OPERATOR):
        assert acting_now(session)[:2] == (str(OPERATOR.person), Role.OPERATOR)
    assert acting_now(session) == before


def test_also_after_an_error_that_the_database_knows_nothing_of(session: Session) -> None:
    here, before = planner_of(session)
    with pytest.raises(NotVisibleError), acting_for_a_moment(session, here.planner, OPERATOR):
        raise NotVisibleError("There is no such thing.")
    assert acting_now(session) == before


def test_what_the_database_refused_is_heard_and_not_that_it_refuses_to_go_on(session: Session) -> None:
    here, _ = planner_of(session)
    with pytest.raises(DBAPIError) as first, acting_for_a_moment(session, here.planner, OPERATOR):
        divided(session)
    assert isinstance(first.value.orig, DivisionByZero)
    with pytest.raises(DBAPIError) as then:
        acting_now(session)
    assert isinstance(then.value.orig, InFailedSqlTransaction)


def test_nobody_goes_on_as_the_other_where_it_was_taken_back(session: Session) -> None:
    here, before = planner_of(session)
    with suppress(DBAPIError), session.begin_nested(), acting_for_a_moment(session, here.planner, OPERATOR):
        divided(session)
    assert acting_now(session) == before


def test_that_switching_back_fails_is_heard_where_nothing_was_before(session: Session) -> None:
    here, _ = planner_of(session)
    moment = acting_for_a_moment(session, here.planner, OPERATOR)
    with pytest.raises(DBAPIError) as refusal, moment, suppress(DBAPIError):
        divided(session)
    assert isinstance(refusal.value.orig, InFailedSqlTransaction)


@contextmanager
def switched_back_at_any_price(session: Session, subject: Subject, other: Subject) -> Iterator[None]:
    """The same without care for the first error."""
    act_as(session, other)
    try:
        yield
    finally:
        act_as(session, subject)


def test_sabotage_switching_back_at_any_price_hides_the_first_error(session: Session) -> None:
    here, _ = planner_of(session)
    with pytest.raises(DBAPIError) as heard, switched_back_at_any_price(session, here.planner, OPERATOR):
        divided(session)
    assert isinstance(heard.value.orig, InFailedSqlTransaction)
