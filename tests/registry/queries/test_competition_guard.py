"""Five facilities and three sponsors ask every query there is: no figure of another facility appears.

A new query without an entry in `asked` fails the first test. The guard is tried with both walls, and with each alone.
"""

import inspect
import pkgutil
from importlib import import_module

import pytest
from sqlalchemy import ColumnElement, text, true
from sqlalchemy.orm import Session

from registry import models, queries
from registry.access import visibility
from registry.access.subject import OPERATOR
from registry.database import act_as
from registry.queries import premises, published
from registry.vocabulary.lifecycle import Publication
from tests.registry.queries.asked import ENTRIES, LIVE, LONG_AFTER, NOT_ASKED, Asked
from tests.registry.queries.market import QUARTER, Market, appears, market, spelled


def every_query() -> set[str]:
    """The functions of registry.queries that take a session: whatever can be asked."""
    found = set()
    for module in pkgutil.walk_packages(queries.__path__, f"{queries.__name__}."):
        for name, function in vars(import_module(module.name)).items():
            here = inspect.isfunction(function) and function.__module__ == module.name and not name.startswith("_")
            if here and next(iter(inspect.signature(function).parameters), "") == "session":
                found.add(f"{module.name.removeprefix('registry.queries.')}.{name}")
    return found


def test_every_query_is_asked() -> None:
    assert every_query() == set(ENTRIES) | set(NOT_ASKED)


def leaks(session: Session, there: Market, query: str) -> set[tuple[str, str]]:
    """Who was told what of somebody else."""
    found = set()
    for name, subject in there.callers().items():
        act_as(session, subject)
        for shop in there.shops:
            said = spelled(ENTRIES[query](Asked(session, subject, there, shop)))
            found |= {(name, word) for word in there.forbidden(subject) if appears(word, said)}
    act_as(session, OPERATOR)
    return found


@pytest.fixture
def there(session: Session) -> Market:
    made = market(session)
    session.expunge_all()
    return made


def test_no_figure_of_another_facility_appears(session: Session, there: Market) -> None:
    for query in ENTRIES:
        assert (query, leaks(session, there, query)) == (query, set())


def test_the_figures_are_there_for_those_who_may_see_them(session: Session, there: Market) -> None:
    shop = there.shops[0]
    act_as(session, shop.house.planner)
    asked = Asked(session, shop.house.planner, there, shop)
    said = " ".join(spelled(ask(asked)) for ask in ENTRIES.values())
    assert [word for word in (*shop.secret, shop.licensed, shop.accepts, shop.booked) if not appears(word, said)] == []
    sponsor = there.sponsors[0]
    act_as(session, sponsor)
    trail_of_sponsor = spelled(ENTRIES["trail.list_events"](Asked(session, sponsor, there, shop)))
    assert shop.booked in trail_of_sponsor


def test_no_published_cell_is_under_five(session: Session, there: Market) -> None:
    act_as(session, OPERATOR)
    shown = published.published_starts(session, OPERATOR, LIVE, QUARTER, LONG_AFTER)
    assert shown is not None
    assert list(shown.cells.values()) == [sum(700100 + shop.number for shop in there.shops) * 13]
    act_as(session, OPERATOR)
    session.get_one(models.Facility, there.shops[0].house.facility.id).publication = Publication.WITHDRAWN
    session.flush()
    fewer = published.published_starts(session, OPERATOR, LIVE, QUARTER, LONG_AFTER)
    assert fewer is not None
    assert (dict(fewer.cells), fewer.total) == ({}, None)


WALL = ("inside_facility", "shown_to_developers", "bookings", "placements", "verdicts", "trail")


def without_first_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    def everything(*_: object) -> ColumnElement[bool]:
        return true()

    for rule in WALL:
        monkeypatch.setattr(visibility, rule, everything)
    monkeypatch.setattr(premises, "SEEN", dict.fromkeys(premises.SEEN, everything))


def without_second_wall(session: Session) -> None:
    session.execute(text("reset role"))


PRIVATE = ("capacity.weekly_capacity", "starts.list_starts", "premises.records_of", "trail.list_events")


@pytest.mark.parametrize("query", PRIVATE)
def test_the_first_wall_holds_alone(session: Session, there: Market, query: str) -> None:
    without_second_wall(session)
    assert leaks(session, there, query) == set()


@pytest.mark.parametrize("query", PRIVATE)
def test_the_second_wall_holds_alone(
    session: Session, there: Market, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_first_wall(monkeypatch)
    assert leaks(session, there, query) == set()


@pytest.mark.parametrize("query", PRIVATE)
def test_sabotage_without_both_walls_figures_leak(
    session: Session, there: Market, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_first_wall(monkeypatch)
    without_second_wall(session)
    assert len(leaks(session, there, query)) > 0
