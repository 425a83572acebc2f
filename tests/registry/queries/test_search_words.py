"""Words with typing errors, and how likeness ranks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA
from sqlalchemy.orm import Session

from registry.queries.search import Filters
from registry.queries.search.words import errors_allowed, scores, words_of
from tests.factories import facilities
from tests.registry.queries.searching import found, names

LETTERS = st.text("abcdeklmnorst", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("asked", "text", "score"),
    [
        ("leipzig", "Fraunhofer IZI, Leipzig", 100),
        ("Liepzig", "Leipzig", 86),
        ("lepzig", "Leipzig", 84),
        ("lepzg", "Leipzig", 0),
        ("munchen", "München", 100),
        ("muenchen", "München", 88),
        ("malmo", "Malmö", 100),
        ("strasse", "Straße", 100),
        ("lodz", "Łódź", 100),
        ("gmp", "GMP unit", 100),
        ("gnp", "GMP unit", 0),
        ("unti", "GMP unit", 75),
        ("karol", "Karolinska", 95),
        ("karolinska huddinge", "Karolinska Institutet, Huddinge", 100),
        ("karolinska solna", "Karolinska Institutet, Huddinge", 0),
    ],
)
def test_a_word_may_hold_the_errors_its_length_allows(asked: str, text: str, score: int) -> None:
    assert scores(asked, [(text,)]).tolist() == [score]


@given(LETTERS, LETTERS)
def test_a_word_is_found_exactly_within_its_errors_or_as_a_beginning(asked: str, known: str) -> None:
    like = OSA.distance(asked, known) <= errors_allowed(asked) or known.startswith(asked)
    assert bool(scores(asked, [(known,)])[0] > 0) is like


@given(st.lists(LETTERS, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_the_sequence_of_words_does_not_matter(words: list[str], draws: "st.DataObject") -> None:
    mixed = sorted(words)
    assert scores(" ".join(mixed), [tuple(words)]).tolist() == [100]


@given(st.text(max_size=30))
def test_words_have_letters_and_figures_only(text: str) -> None:
    assert all(word.isalnum() and word == word.casefold() for word in words_of(text))


def test_organisation_and_cities_are_searched_too_and_the_better_match_stands_first(session: Session) -> None:
    facilities.facility(session, name="Unit A", city="Uppsale")
    facilities.facility(session, facilities.organisation(session, name="Uppsala University"), name="Unit B")
    facilities.site(session, facilities.facility(session, name="Unit C"), city="Uppsala")
    facilities.facility(session, name="Unit D", city="Umeå")
    assert names(found(session, Filters(text="upsala"))) == ["Unit B", "Unit C"]
    assert names(found(session, Filters(text="uppsala"))) == ["Unit B", "Unit C", "Unit A"]
