"""Links that need no login: what they do, once, in whose name, and everything they never do."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from registry.access.subject import OPERATOR
from registry.database import unit_of_work
from registry.errors import InvalidInputError, NotAllowedError
from registry.models import AuditEvent, Authorisation, Closure, Confirmation, Membership, Person, Signature
from registry.notices import links
from registry.notices.links import LASTS, Link, LinkAct, make_link, read_link, use_link
from registry.queries.starts import list_starts, of_week
from registry.vocabulary.facilities import ClosureKind
from registry.vocabulary.lifecycle import ConfirmationSubject
from tests.registry.services.house import MONDAY, TODAY, House, acting, events_after, house, last_event
from tests.registry.services.test_calendar import PLATFORM, stated

KEY = b"a key that is long enough for a test"
NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=UTC)
WEEK = timedelta(weeks=1)


def link(here: House, act: LinkAct, day: date | None = None, now: datetime = NOW) -> str:
    assert here.planner.person is not None
    return make_link(KEY, here.facility.id, here.planner.person, act, now=now, day=day)


def use(session: Session, signed: str, now: datetime = NOW) -> Link:
    acting(session, OPERATOR)
    return use_link(session, OPERATOR, KEY, signed, now)


def test_still_true_is_said_in_the_planners_name(session: Session) -> None:
    here = house(session)
    before = last_event(session)
    used = use(session, link(here, LinkAct.STILL_TRUE))
    confirmation = session.scalars(select(Confirmation)).one()
    assert (confirmation.subject, confirmation.confirmed_on) == (ConfirmationSubject.CALENDAR, TODAY)
    assert confirmation.confirmed_by == here.planner.person
    written = events_after(session, before)
    assert [(event.action, event.record_type, event.actor, event.role) for event in written] == [
        ("use link", "facility", OPERATOR.person, "operator"),
        ("calendar still true", "confirmation", here.planner.person, "planner"),
    ]
    assert {event.correlation for event in written} == {str(used.id)}


def test_fully_booked_until_a_day(session: Session) -> None:
    here = stated(session)
    use(session, link(here, LinkAct.FULLY_BOOKED, MONDAY + 3 * WEEK))
    acting(session, here.planner)
    found = list_starts(session, here.planner, here.facility.id)
    said = [of_week(found, PLATFORM, MONDAY + number * WEEK) for number in range(5)]
    assert [part and part.starts_per_week for part in said] == [0, 0, 0, 2, 2]
    assert session.scalar(select(func.count()).select_from(Confirmation)) == 1


def test_close_a_week(session: Session) -> None:
    here = house(session)
    use(session, link(here, LinkAct.CLOSE_WEEK, MONDAY))
    closure = session.scalars(select(Closure)).one()
    assert (closure.starts, closure.ends, closure.suite_id) == (MONDAY, MONDAY + WEEK, None)
    assert closure.kind is ClosureKind.SHUTDOWN


def test_a_link_is_used_once(session: Session) -> None:
    here = house(session)
    signed = link(here, LinkAct.STILL_TRUE)
    use(session, signed)
    with pytest.raises(NotAllowedError, match="used before"):
        use(session, signed)
    use(session, link(here, LinkAct.STILL_TRUE))


def test_a_second_use_leaves_nothing_behind(committed: Engine) -> None:
    with unit_of_work(OPERATOR) as session:
        here = house(session)
    signed = link(here, LinkAct.CLOSE_WEEK, MONDAY)
    with unit_of_work(OPERATOR) as session:
        use_link(session, OPERATOR, KEY, signed, NOW)
    with pytest.raises(NotAllowedError), unit_of_work(OPERATOR) as session:
        use_link(session, OPERATOR, KEY, signed, NOW)
    with unit_of_work(OPERATOR) as session:
        assert session.scalar(select(func.count()).select_from(Closure)) == 1
        uses = select(func.count()).select_from(AuditEvent).where(AuditEvent.action == links.USED)
        assert session.scalar(uses) == 1


def test_a_use_that_failed_may_be_tried_again(committed: Engine) -> None:
    with unit_of_work(OPERATOR) as session:
        here = house(session)
    signed = link(here, LinkAct.FULLY_BOOKED, MONDAY + WEEK)
    for _ in range(2):
        with pytest.raises(InvalidInputError, match="no platform"), unit_of_work(OPERATOR) as session:
            use_link(session, OPERATOR, KEY, signed, NOW)


@pytest.mark.parametrize(("after", "good"), [(LASTS - timedelta(seconds=1), True), (LASTS, False)])
def test_a_link_lasts_two_weeks(session: Session, after: timedelta, good: bool) -> None:
    signed = link(house(session), LinkAct.STILL_TRUE)
    if good:
        assert read_link(KEY, signed, NOW + after).act is LinkAct.STILL_TRUE
    else:
        with pytest.raises(NotAllowedError, match="expired"):
            read_link(KEY, signed, NOW + after)


GIVEN = make_link(KEY, uuid4(), uuid4(), LinkAct.CLOSE_WEEK, now=NOW, day=MONDAY)


@given(st.integers(0, len(GIVEN) - 1), st.characters(codec="ascii", exclude_characters="\x00"))
def test_one_changed_character_is_refused(place: int, other: str) -> None:
    changed = GIVEN[:place] + other + GIVEN[place + 1 :]
    if changed != GIVEN:
        try:
            same = read_link(KEY, changed, NOW) == read_link(KEY, GIVEN, NOW)
        except NotAllowedError:
            same = True
        assert same


@given(st.text())
def test_anything_else_is_refused(signed: str) -> None:
    with pytest.raises(NotAllowedError):
        read_link(KEY, signed, NOW)


def test_another_key_is_refused() -> None:
    with pytest.raises(NotAllowedError):
        read_link(KEY + b"!", GIVEN, NOW)


def signed_by_us(**changes: object) -> str:
    """A document under a good signature that no link carries."""
    usual = {
        "id": str(uuid4()),
        "facility": str(uuid4()),
        "person": str(uuid4()),
        "act": "still_true",
        "day": None,
        "expires": (NOW + LASTS).isoformat(),
    }
    content = json.dumps({**usual, **changes}).encode()
    return f"{links._text(content)}.{links._text(links._signature(KEY, content))}"


@pytest.mark.parametrize("act", ["attest", "record_authorisation", "sign", "", None, "STILL_TRUE"])
def test_no_act_but_the_three_even_under_a_good_signature(act: object) -> None:
    assert read_link(KEY, signed_by_us(), NOW).act is LinkAct.STILL_TRUE
    with pytest.raises(NotAllowedError):
        read_link(KEY, signed_by_us(act=act), NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"day": "2026-11-30"},
        {"act": "close_week"},
        {"act": "close_week", "day": "soon"},
        {"expires": "never"},
        {"facility": "F-1"},
    ],
)
def test_documents_that_say_too_little_or_too_much(changes: dict[str, object]) -> None:
    with pytest.raises(NotAllowedError):
        read_link(KEY, signed_by_us(**changes), NOW)


def test_a_signature_for_another_purpose_does_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "PURPOSE", b"gmphub something else\n")
    other = make_link(KEY, uuid4(), uuid4(), LinkAct.STILL_TRUE, now=NOW)
    monkeypatch.undo()
    with pytest.raises(NotAllowedError):
        read_link(KEY, other, NOW)


def left_the_house(session: Session, here: House) -> None:
    own = Membership.person_id == here.planner.person
    session.delete(session.scalars(select(Membership).where(own)).one())


def closed_account(session: Session, here: House) -> None:
    session.get_one(Person, here.planner.person).disabled_at = NOW


@pytest.mark.parametrize("change", [left_the_house, closed_account])
def test_the_rights_of_today_count(session: Session, change: Callable[[Session, House], None]) -> None:
    here = house(session)
    signed = link(here, LinkAct.STILL_TRUE)
    change(session, here)
    session.flush()
    with pytest.raises(NotAllowedError):
        use(session, signed)
    assert session.scalars(select(Confirmation)).all() == []


def test_qa_confirms_no_calendar_and_nobody_a_legal_record_by_link(session: Session) -> None:
    here = house(session)
    assert here.qa.person is not None
    signed = make_link(KEY, here.facility.id, here.qa.person, LinkAct.STILL_TRUE, now=NOW)
    with pytest.raises(NotAllowedError):
        use(session, signed)
    for act, day in ((LinkAct.STILL_TRUE, None), (LinkAct.CLOSE_WEEK, MONDAY)):
        use(session, link(here, act, day))
    subjects = set(session.scalars(select(Confirmation.subject)))
    assert subjects == {ConfirmationSubject.CALENDAR}
    assert session.scalars(select(Signature)).all() == []
    assert session.scalars(select(Authorisation)).all() == []


def test_only_the_machine_uses_links(session: Session) -> None:
    here = house(session)
    acting(session, here.planner)
    with pytest.raises(NotAllowedError):
        use_link(session, here.planner, KEY, link(here, LinkAct.STILL_TRUE), NOW)


def test_another_facility_is_out_of_reach(session: Session) -> None:
    here, other = house(session), house(session)
    assert here.planner.person is not None
    signed = make_link(KEY, other.facility.id, here.planner.person, LinkAct.STILL_TRUE, now=NOW)
    with pytest.raises(NotAllowedError):
        use(session, signed)
    nowhere = make_link(KEY, UUID(int=1), here.planner.person, LinkAct.STILL_TRUE, now=NOW)
    with pytest.raises(NotAllowedError):
        use(session, nowhere)


def test_sabotage_without_the_signature_a_changed_link_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    forged = signed_by_us(act="close_week", day="2026-11-30").rpartition(".")[0] + ".AAAA"
    with pytest.raises(NotAllowedError):
        read_link(KEY, forged, NOW)
    monkeypatch.setattr("hmac.compare_digest", lambda _one, _other: True)
    assert read_link(KEY, forged, NOW).act is LinkAct.CLOSE_WEEK
