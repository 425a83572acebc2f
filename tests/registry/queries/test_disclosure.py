"""The cell rule: five organisations, none above half, nothing found by subtraction; each with its sabotage."""

from collections.abc import Mapping
from datetime import date
from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from registry.access import disclosure
from registry.access.disclosure import Published, changed_a_little, may_show, old_enough, published
from registry.access.subject import ANONYMOUS, OPERATOR
from registry.queries.published import Cell, published_starts
from registry.vocabulary.facilities import StartsClass
from registry.vocabulary.lifecycle import DataSet
from tests.factories import facilities
from tests.registry.services.house import acting

QUARTER = date(2026, 10, 1)
NEXT_QUARTER = date(2027, 1, 1)
LATER = date(2027, 12, 1)
PLATFORM = "closed_automated"


def figures(*parts: int, first: int = 1) -> dict[UUID, int]:
    """Organisations numbered from `first`, each with its figure."""
    return {UUID(int=number): part for number, part in enumerate(parts, first)}


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        ((1, 1, 1, 1, 1), True),
        ((1, 1, 1, 1), False),
        ((1, 1, 1, 1, 0), False),
        ((4, 1, 1, 1, 1), True),
        ((5, 1, 1, 1, 1), False),
        ((), False),
    ],
)
def test_five_organisations_and_none_above_half(parts: tuple[int, ...], shown: bool) -> None:
    assert may_show(figures(*parts)) == shown


@pytest.mark.parametrize(
    ("last_day", "today", "old"),
    [
        (date(2026, 12, 31), date(2027, 3, 31), True),
        (date(2026, 12, 31), date(2027, 3, 30), False),
        (date(2026, 9, 30), date(2026, 12, 30), True),
        (date(2026, 11, 30), date(2027, 2, 28), False),
        (date(2026, 11, 30), date(2027, 3, 1), True),
    ],
)
def test_three_months_old(last_day: date, today: date, old: bool) -> None:
    assert old_enough(last_day, today) == old


@pytest.mark.parametrize(("gone", "come", "held_back"), [(0, 0, False), (1, 0, True), (2, 2, True), (2, 3, False)])
def test_a_cell_whose_organisations_changed_a_little_is_held_back(gone: int, come: int, held_back: bool) -> None:
    before = frozenset(map(UUID, (f"{number:032x}" for number in range(1, 11))))
    after = frozenset(sorted(before)[gone:]) | {UUID(int=100 + number) for number in range(come)}
    assert changed_a_little(before, after) == held_back
    assert not changed_a_little(None, after)


def test_one_cell_held_back_takes_another_with_it() -> None:
    table = {"DE": figures(*[2] * 6), "FR": figures(*[2] * 5, first=11), "AT": figures(2, 2, first=21)}
    shown = published(table)
    assert (dict(shown.cells), shown.held_back, shown.total) == ({"DE": 12}, 2, 26)


def test_enough_held_back_together_need_no_more() -> None:
    small = {name: figures(2, 2, first=n) for name, n in (("AT", 21), ("CZ", 31), ("PL", 41))}
    shown = published({"DE": figures(*[2] * 6), **small})
    assert (dict(shown.cells), shown.held_back, shown.total) == ({"DE": 12}, 3, 24)


tables = st.dictionaries(
    st.sampled_from("ABCDEF"),
    st.dictionaries(st.integers(1, 12).map(lambda n: UUID(int=n)), st.integers(0, 9)),
    max_size=6,
)


def differences(table: Mapping[str, Mapping[UUID, int]], shown: Published[str]) -> list[Mapping[UUID, int]]:
    """Everything a reader can compute as a sum of cells: any cells shown, and the total less any of them."""
    groups = [keys for size in range(1, len(shown.cells) + 1) for keys in combinations(sorted(shown.cells), size)]
    found = [disclosure.together(table[key] for key in keys) for keys in groups]
    if shown.total is not None:
        found += [disclosure.together(table[key] for key in table if key not in keys) for keys in [(), *groups]]
    return [cell for cell in found if any(cell.values())]


@given(tables)
def test_nothing_a_reader_can_add_or_subtract_is_about_fewer_than_five(table: dict[str, dict[UUID, int]]) -> None:
    shown = published(table)
    for key, figure in shown.cells.items():
        assert (figure, may_show(table[key])) == (sum(table[key].values()), True)
    for cell in differences(table, shown):
        assert len([part for part in cell.values() if part > 0]) >= disclosure.FEWEST_ORGANISATIONS


def test_sabotage_without_the_remainder_a_cell_is_found_by_subtraction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disclosure, "_remainder_is_safe", lambda _table, _showing: True)
    table = {"DE": figures(*[2] * 6), "AT": figures(2, 2, first=21)}
    assert any(len(cell) < 5 for cell in differences(table, published(table)))


@pytest.mark.parametrize(("rule", "value"), [("FEWEST_ORGANISATIONS", 4), ("LARGEST_SHARE_PERCENT", 60)])
def test_sabotage_a_softer_rule_shows_more(monkeypatch: pytest.MonkeyPatch, rule: str, value: int) -> None:
    refused = {"FEWEST_ORGANISATIONS": figures(1, 1, 1, 1), "LARGEST_SHARE_PERCENT": figures(5, 1, 1, 1, 1)}[rule]
    assert not may_show(refused)
    monkeypatch.setattr(disclosure, rule, value)
    assert may_show(refused)


def offer(session: Session, number: int, country: str = "DE", starts: date = QUARTER, **facts: object) -> None:
    """So many facilities, each of an organisation of its own, that offer two starts a week."""
    for _ in range(number):
        made = facilities.facility(session, facilities.organisation(session, country=country))
        facilities.starts(session, made, **{"starts": starts, "platform": PLATFORM, **facts})


def test_starts_of_a_quarter_by_country_and_platform(session: Session) -> None:
    offer(session, 6)
    offer(session, 5, "FR", starts_class=StartsClass.INDICATIVE)
    shown = published_starts(session, OPERATOR, DataSet.LIVE, QUARTER, LATER)
    assert shown is not None
    assert dict(shown.cells) == {Cell("DE", PLATFORM): 6 * 26, Cell("FR", PLATFORM): 5 * 26}
    assert shown.total == 11 * 26


def test_what_is_young_or_no_quarter_is_not_shown(session: Session) -> None:
    offer(session, 5)
    assert published_starts(session, OPERATOR, DataSet.LIVE, QUARTER, date(2027, 3, 31)) is not None
    for quarter, today in ((QUARTER, date(2027, 3, 30)), (date(2026, 11, 1), LATER), (date(2026, 7, 1), LATER)):
        assert published_starts(session, OPERATOR, DataSet.LIVE, quarter, today) is None


def test_facilities_of_one_organisation_are_one_voice(session: Session) -> None:
    owner = facilities.organisation(session)
    for _ in range(5):
        facilities.starts(session, facilities.facility(session, owner), starts=QUARTER)
    shown = published_starts(session, OPERATOR, DataSet.LIVE, QUARTER, LATER)
    assert shown is not None
    assert (dict(shown.cells), shown.total) == ({}, None)


def test_a_newcomer_is_not_shown_by_the_difference_of_two_quarters(session: Session) -> None:
    offer(session, 5)
    offer(session, 1, starts=NEXT_QUARTER, starts_per_week=3)
    first, second = (
        published_starts(session, OPERATOR, DataSet.LIVE, quarter, LATER) for quarter in (QUARTER, NEXT_QUARTER)
    )
    assert first is not None
    assert second is not None
    assert (len(first.cells), dict(second.cells), second.total) == (1, {}, None)


def test_whoever_sees_less_is_shown_fewer_cells_and_no_smaller_ones(session: Session) -> None:
    offer(session, 6)
    acting(session, ANONYMOUS)
    shown = published_starts(session, ANONYMOUS, DataSet.LIVE, QUARTER, LATER)
    assert shown is not None
    assert (dict(shown.cells), shown.total) == ({}, None)
