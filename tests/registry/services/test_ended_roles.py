"""The day a role ended stays on record; a later end may be brought forward."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from registry.access.subject import OPERATOR
from registry.errors import WrongStateError
from registry.models import Membership, Person
from registry.services import memberships, people
from registry.services.facilities import Seen
from registry.services.memberships import end_deputy
from registry.services.people import end_role
from registry.vocabulary.lifecycle import DataSet
from registry.vocabulary.roles import Role
from tests.factories.facilities import added, numbers, organisation

pytestmark = pytest.mark.database
TODAY = date(2026, 11, 25)
DAY = timedelta(days=1)


def held(session: Session, until: date | None, *, deputy: bool = False) -> Membership:
    person = added(session, Person(code=f"p{next(numbers)}", data_set=DataSet.LIVE))
    owner = organisation(session)
    row = Membership(
        person_id=person.id,
        role=Role.PLANNER,
        organisation_id=owner.id,
        deputy=deputy,
        valid_from=TODAY - 9 * DAY,
        valid_to=until,
    )
    return added(session, row)


def ended(session: Session, row: Membership) -> date | None:
    if row.deputy:
        end_deputy(session, OPERATOR, row.id, row.version, today=TODAY)
    else:
        end_role(session, OPERATOR, Seen(row.id, row.version), today=TODAY)
    session.refresh(row)
    return row.valid_to


@pytest.mark.parametrize("deputy", [False, True])
@pytest.mark.parametrize("until", [None, TODAY + DAY, TODAY + 100 * DAY])
def test_a_role_without_end_or_with_a_later_one_ends_today(session: Session, until: date | None, deputy: bool) -> None:
    assert ended(session, held(session, until, deputy=deputy)) == TODAY


@pytest.mark.parametrize("deputy", [False, True])
@pytest.mark.parametrize("until", [TODAY, TODAY - 5 * DAY])
def test_what_has_ended_is_not_ended_again(session: Session, until: date, deputy: bool) -> None:
    row = held(session, until, deputy=deputy)
    with pytest.raises(WrongStateError, match=f"ended on {until}"):
        ended(session, row)
    session.refresh(row)
    assert row.valid_to == until


@pytest.mark.parametrize("deputy", [False, True])
def test_sabotage_without_looking_the_end_is_written_anew(
    session: Session, deputy: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (people, memberships):
        monkeypatch.setattr(module, "refuse_ended", lambda *_: None)
    assert ended(session, held(session, TODAY - 5 * DAY, deputy=deputy)) == TODAY
