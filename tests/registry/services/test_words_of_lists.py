"""Platforms and classes of equipment are words of the vocabulary, once it is loaded."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.errors import InvalidInputError
from registry.models import StartsStatement
from registry.seeding import seed_vocabularies
from registry.services import capacity, facilities
from registry.services.capacity import state_in_one_line, state_period, state_starts
from registry.services.facilities import Seen, add_equipment, edit_equipment
from registry.services.laying import Figures
from registry.services.premises import EquipmentFacts
from registry.vocabulary.periods import Days
from tests.registry.services.house import MONDAY, REASON, TODAY, House, acting, house

WRONG = ["closed_automatic", "zzz", " "]


@pytest.fixture
def here(session: Session) -> House:
    seed_vocabularies(session)
    found = house(session)
    acting(session, found.planner)
    return found


def stated(session: Session, here: House, platform: str) -> set[str]:
    """State starts of a platform in three ways; returns of which platforms something is stated."""
    state_starts(session, here.planner, here.facility.id, platform, {MONDAY: Figures(2)})
    state_period(session, here.planner, here.facility.id, platform, Days(MONDAY, None), Figures(2))
    state_in_one_line(session, here.planner, here.facility.id, platform, "on enquiry", today=TODAY)
    return set(session.scalars(select(StartsStatement.platform)))


def test_words_of_the_lists_are_taken(session: Session, here: House) -> None:
    assert "closed_automated" in stated(session, here, "closed_automated")
    made = add_equipment(session, here.planner, here.suite.id, EquipmentFacts("isolator", 1))
    edit_equipment(session, here.planner, Seen(made.id, made.version), EquipmentFacts("incubator", 1), reason=REASON)
    assert made.equipment_class == "incubator"


@pytest.mark.parametrize("word", WRONG)
def test_other_words_are_refused(session: Session, here: House, word: str) -> None:
    who, place = here.planner, here.facility.id
    attempts: list[Callable[[], object]] = [
        lambda: state_starts(session, who, place, word, {MONDAY: Figures(2)}),
        lambda: state_period(session, who, place, word, Days(MONDAY, None), Figures(2)),
        lambda: state_in_one_line(session, who, place, word, "on enquiry", today=TODAY),
    ]
    for state in attempts:
        with pytest.raises(InvalidInputError, match="vocabulary") as refusal:
            state()
        assert refusal.value.details[0].startswith("platform: ")
    made = add_equipment(session, who, here.suite.id, EquipmentFacts("isolator", 1))
    with pytest.raises(InvalidInputError, match="vocabulary"):
        add_equipment(session, who, here.suite.id, EquipmentFacts(word, 1))
    with pytest.raises(InvalidInputError, match="vocabulary"):
        edit_equipment(session, who, Seen(made.id, made.version), EquipmentFacts(word, 1), reason=REASON)


def test_near_words_are_named(session: Session, here: House) -> None:
    with pytest.raises(InvalidInputError, match="near: closed_automated"):
        stated(session, here, "closed_automatic")


def test_before_the_lists_are_loaded_nothing_is_known_to_be_wrong(session: Session) -> None:
    found = house(session)
    acting(session, found.planner)
    assert "anything" in stated(session, found, "anything")


def test_sabotage_without_looking_any_word_is_taken(
    session: Session, here: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (capacity, facilities):
        monkeypatch.setattr(module, "term_fault", lambda *_: None)
    assert "zzz" in stated(session, here, "zzz")
