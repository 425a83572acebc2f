"""The calendar as people give it: one row and one event an edit, many weeks in one call, closures that come back."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.errors import InvalidInputError, NotAllowedError
from registry.models import FacilityLimit, StartsStatement
from registry.queries.starts import list_starts, of_week, standing
from registry.services.capacity import set_limit, state_in_one_line, state_period, state_starts
from registry.services.laying import Figures
from registry.services.one_line import OneLine, read_line
from registry.vocabulary.facilities import LimitKind, StartsClass
from registry.vocabulary.periods import Days
from registry.vocabulary.roles import Role
from tests.registry.services.house import MONDAY, TODAY, House, acting, events_after, house, last_event, member

PLATFORM = "closed_automated"
WEEK = timedelta(weeks=1)
YEAR = Days(MONDAY, MONDAY + 52 * WEEK)
TWO = Figures(2, pooled=True)


def stated(session: Session) -> House:
    """A facility that offers two starts a week for a year."""
    here = house(session)
    acting(session, here.planner)
    state_period(session, here.planner, here.facility.id, PLATFORM, YEAR, TWO)
    return here


def edit(session: Session, here: House, weeks: Mapping[int, Figures]) -> list[str]:
    """State weeks by their number and return the kinds of records the edit left events of."""
    before = last_event(session)
    acting(session, here.planner)
    days = {MONDAY + number * WEEK: figures for number, figures in weeks.items()}
    state_starts(session, here.planner, here.facility.id, PLATFORM, days, reason="edit")
    events = events_after(session, before)
    assert {(event.action, event.reason) for event in events} <= {("state starts", "edit")}
    return [event.record_type for event in events]


def offered(session: Session, here: House, weeks: int = 52) -> list[int | None]:
    acting(session, here.planner)
    found = list_starts(session, here.planner, here.facility.id)
    said = [of_week(found, PLATFORM, MONDAY + number * WEEK) for number in range(weeks)]
    return [None if part is None else part.starts_per_week for part in said]


@pytest.mark.parametrize(
    "figures", [Figures(1, pooled=True), Figures(3, pooled=True), Figures(2, StartsClass.INDICATIVE)]
)
def test_a_week_edit_writes_one_row_and_one_event(session: Session, figures: Figures) -> None:
    here = stated(session)
    assert edit(session, here, {10: figures}) == ["starts_statement"]
    assert session.scalar(select(func.count()).select_from(StartsStatement)) == 2
    part = of_week(list_starts(session, here.planner, here.facility.id), PLATFORM, MONDAY + 10 * WEEK)
    assert part is not None
    assert (part.starts_per_week, part.starts_class) == (figures.starts_per_week, figures.starts_class)
    assert offered(session, here)[9:12:2] == [2, 2]


def test_the_same_week_again_changes_its_row(session: Session) -> None:
    here = stated(session)
    edit(session, here, {10: Figures(1)})
    assert edit(session, here, {10: Figures(4)}) == ["starts_statement"]
    assert session.scalar(select(func.count()).select_from(StartsStatement)) == 2
    assert offered(session, here)[10] == 4


def test_the_neighbouring_week_continues_an_equal_row(session: Session) -> None:
    here = stated(session)
    edit(session, here, {10: Figures(1)})
    assert edit(session, here, {11: Figures(1)}) == ["starts_statement"]
    assert edit(session, here, {9: Figures(1)}) == ["starts_statement"]
    assert session.scalar(select(func.count()).select_from(StartsStatement)) == 2
    assert offered(session, here)[8:13] == [2, 1, 1, 1, 2]


def test_many_weeks_in_one_call_become_as_few_rows_as_they_have_runs(session: Session) -> None:
    here = stated(session)
    weeks = {n: Figures(0 if n < 4 else 1) for n in range(8)} | {20: Figures(1)}
    assert edit(session, here, weeks) == ["starts_statement"] * 3
    assert offered(session, here, 22) == [0] * 4 + [1] * 4 + [2] * 12 + [1, 2]


def test_what_stands_already_leaves_no_event(session: Session) -> None:
    here = stated(session)
    assert edit(session, here, dict.fromkeys(range(52), TWO)) == []
    edit(session, here, {10: Figures(1)})
    assert edit(session, here, {10: Figures(1)}) == []


def test_back_to_what_was_is_one_row_too(session: Session) -> None:
    here = stated(session)
    edit(session, here, {10: Figures(1)})
    assert edit(session, here, {10: TWO}) == ["starts_statement"]
    assert offered(session, here) == [2] * 52


edits = st.lists(
    st.tuples(st.integers(0, 11), st.integers(1, 4), st.integers(0, 3)).map(
        lambda e: (e[0], min(12, e[0] + e[1]), e[2])
    ),
    max_size=8,
)


@given(edits)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
def test_the_last_word_holds_week_by_week(session: Session, made: list[tuple[int, int, int]]) -> None:
    here = house(session)
    expected: list[int | None] = [None] * 12
    for first, last, starts in made:
        written = edit(session, here, dict.fromkeys(range(first, last), Figures(starts)))
        assert len(written) <= 1
        expected[first:last] = [starts] * (last - first)
    assert offered(session, here, 12) == expected


def test_sabotage_without_layers_an_edit_does_not_hold(session: Session) -> None:
    here = stated(session)
    edit(session, here, {10: Figures(3)})
    rows = session.scalars(select(StartsStatement)).all()
    for row in rows:
        session.expunge(row)
        row.layer = 0
    part = of_week(standing(rows), PLATFORM, MONDAY + 10 * WEEK)
    assert part is not None
    assert part.starts_per_week == 2


def test_faults_of_weeks_all_at_once(session: Session) -> None:
    here = stated(session)
    weeks = {TODAY: Figures(-1), MONDAY: Figures(1, StartsClass.INDICATIVE, pooled=True)}
    acting(session, here.planner)
    with pytest.raises(InvalidInputError) as refusal:
        state_starts(session, here.planner, here.facility.id, " ", weeks)
    assert [fault.partition(":")[0] for fault in refusal.value.details] == [
        "platform",
        "weeks",
        "starts_per_week",
        "pooled",
    ]
    with pytest.raises(InvalidInputError, match="ends before"):
        state_period(session, here.planner, here.facility.id, PLATFORM, Days(MONDAY, MONDAY), TWO)


def test_qa_and_strangers_leave_the_calendar_alone(session: Session) -> None:
    here, other = stated(session), house(session)
    for subject in (here.qa, other.planner, member(session, Role.DEVELOPER, here.organisation)):
        acting(session, subject)
        with pytest.raises(NotAllowedError):
            state_starts(session, subject, here.facility.id, PLATFORM, {MONDAY: TWO})
        with pytest.raises(NotAllowedError):
            set_limit(session, subject, here.facility.id, LimitKind.QC_RESULTS, 1, 2)


def test_the_smallest_statement_in_one_line(session: Session) -> None:
    here = house(session)
    acting(session, here.planner)
    line = "On enquiry; a new product possible from 2027-Q2, at most one a year"
    (row,) = state_in_one_line(session, here.planner, here.facility.id, PLATFORM, line, today=TODAY)
    assert (row.starts, row.ends, row.starts_per_week) == (date(2027, 4, 5), None, 0)
    assert (row.starts_class, row.pooled, row.note) == (StartsClass.ON_ENQUIRY, False, line)
    limit = session.scalars(select(FacilityLimit)).one()
    assert (limit.kind, limit.period_weeks, limit.amount) == (LimitKind.NEW_PRODUCTS, 52, 1)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("on enquiry", OneLine(None, None)),
        ("on enquiry; a new product possible", OneLine(None, None)),
        ("on enquiry; new products possible from 2028-Q1.", OneLine(date(2028, 1, 1), None)),
        ("on enquiry, a new product possible from 2027-Q4, at most 3 per year", OneLine(date(2027, 10, 1), 3)),
    ],
)
def test_lines_that_can_be_read(line: str, said: OneLine) -> None:
    assert read_line(line) == said


@pytest.mark.parametrize(
    "line", ["", "on demand", "on enquiry; from 2027-Q5", "on enquiry; a new product possible from 2027-Q5"]
)
def test_lines_that_cannot(session: Session, line: str) -> None:
    here = house(session)
    acting(session, here.planner)
    with pytest.raises(InvalidInputError, match="2027-Q2"):
        state_in_one_line(session, here.planner, here.facility.id, PLATFORM, line, today=TODAY)


@pytest.mark.parametrize("year", ["0000", "0001", "1999", "2101", "9999"])
def test_a_line_with_a_year_that_cannot_be_meant(session: Session, year: str) -> None:
    here = house(session)
    acting(session, here.planner)
    with pytest.raises(InvalidInputError, match="between 2000 and 2100"):
        state_in_one_line(
            session,
            here.planner,
            here.facility.id,
            PLATFORM,
            f"on enquiry; a new product possible from {year}-Q1",
            today=TODAY,
        )


@pytest.mark.parametrize("most", ["10001", "99999999999", "9" * 5000, "0" * 5000 + "99999"])
def test_a_line_with_a_number_that_cannot_be_meant(session: Session, most: str) -> None:
    here = house(session)
    acting(session, here.planner)
    line = f"on enquiry; a new product possible, at most {most} a year"
    with pytest.raises(InvalidInputError, match="at most 10000 a year"):
        state_in_one_line(session, here.planner, here.facility.id, PLATFORM, line, today=TODAY)


def test_the_bounds_of_a_line_are_within() -> None:
    said = "on enquiry; a new product possible from {}-Q1, at most {} a year"
    assert read_line(said.format(2000, 10000)) == OneLine(date(2000, 1, 1), 10000)
    assert read_line(said.format(2100, "007")) == OneLine(date(2100, 1, 1), 7)
    assert read_line(said.format(2100, "0")) == OneLine(date(2100, 1, 1), 0)
    assert isinstance(read_line(said.format("２０２７", 1)), str)


def test_a_limit_is_replaced_not_added(session: Session) -> None:
    here = house(session)
    acting(session, here.planner)
    first = set_limit(session, here.planner, here.facility.id, LimitKind.QC_RESULTS, 1, 2)
    assert set_limit(session, here.planner, here.facility.id, LimitKind.QC_RESULTS, 1, 3) is first
    assert set_limit(session, here.planner, here.facility.id, LimitKind.QC_RESULTS, 4, 3) is not first
    with pytest.raises(InvalidInputError) as refusal:
        set_limit(session, here.planner, here.facility.id, LimitKind.QC_RESULTS, 0, -1)
    assert len(refusal.value.details) == 2
