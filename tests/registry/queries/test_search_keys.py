"""Positions of keys are exact, whatever the keys and however many of them want the same slot."""

from collections.abc import Sequence
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.queries.search import keys
from registry.queries.search.cells import Keys
from registry.queries.search.keys import Index, as_uuid, as_words, which

HALVES = st.integers(0, 2**64 - 1) | st.integers(0, 3)
"""Small ones often, so that keys share one half or both."""
UUIDS = st.builds(lambda first, last: UUID(int=first << 64 | last), HALVES, HALVES)


def packed(some: Sequence[UUID]) -> Keys:
    """Keys as the database sends them."""
    return np.frombuffer(b"".join(one.bytes for one in some), dtype=np.uint64).reshape(-1, 2)


def positions(known: Sequence[UUID], sought: Sequence[UUID]) -> list[int]:
    """The positions by the index."""
    found: list[int] = Index(packed(known)).of(packed(sought)).tolist()
    return found


def plain(known: Sequence[UUID], sought: Sequence[UUID]) -> list[int]:
    """The positions by a dictionary."""
    at = {key: place for place, key in enumerate(known)}
    return [at.get(key, len(known)) for key in sought]


@given(st.lists(UUIDS, unique=True), st.lists(UUIDS))
def test_positions_are_those_of_a_dictionary(known: list[UUID], others: list[UUID]) -> None:
    sought = [*others, *reversed(known)]
    assert positions(known, sought) == plain(known, sought)


@given(st.lists(UUIDS, unique=True, max_size=12), st.lists(UUIDS))
def test_positions_are_exact_where_every_key_wants_one_slot(known: list[UUID], others: list[UUID]) -> None:
    sought = [*others, *known]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "_slots", lambda some, *_: np.zeros(len(some), dtype=np.int64))
        assert positions(known, sought) == plain(known, sought)


def test_a_key_that_differs_in_its_last_bit_is_another() -> None:
    key = UUID("8f7e22c0-9377-4525-86bd-88a166028d7a")
    assert positions([key], [key, UUID(int=key.int ^ 1), UUID(int=key.int ^ 1 << 127)]) == [0, 1, 1]


def test_sabotage_a_slot_alone_would_take_another_key_for_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "_slots", lambda some, *_: np.zeros(len(some), dtype=np.int64))
    monkeypatch.setattr(Index, "_halves", property(lambda _: (np.zeros(2, np.uint64), np.zeros(2, np.uint64))))
    assert positions([UUID(int=1)], [UUID(int=0)]) == [0]


@given(st.lists(UUIDS, unique=True), st.lists(UUIDS, max_size=4))
def test_few_keys_are_marked_among_many(known: list[UUID], wanted: list[UUID]) -> None:
    assert which(packed(known), wanted).tolist() == [key in wanted for key in known]


@given(st.lists(UUIDS, min_size=1))
def test_keys_are_written_as_they_were(known: list[UUID]) -> None:
    assert [as_uuid(key) for key in packed(known)] == known
    assert [UUID(word) for word in as_words(packed(known)).split(",")] == known
