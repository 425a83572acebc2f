"""Outcome letters: one for every request, short, complete, printable, and of nobody else."""

import json
import re
from dataclasses import fields, replace
from datetime import date
from html.parser import HTMLParser

import pytest

from matcher.explain.changes import Kind
from matcher.explain.conflicts import RELAXED_REQUEST, RELAXED_SUITE
from registry.matching.disclosure import forbidden, names_in, released
from registry.matching.explanation import Explanation, Reader
from registry.matching.letters import Letter, Occasion, letter_html, letter_json, outcome_letter, written
from registry.matching.texts import texts
from tests.registry.matching.test_explanations import SEEDS, explained

OCCASION = Occasion(
    round="Rehearsal round 1",
    calculation="7",
    known_on=date(2026, 11, 25),
    written_on=date(2026, 11, 26),
    next_round=date(2027, 3, 1),
    appeal_until=date(2026, 12, 17),
    appeal_to="the coordinator of the network",
)


def explanations(seed: int) -> list[Explanation]:
    done, all_of_them = explained(seed)
    found = [released(done, one, Reader.REQUESTER) for one in all_of_them]
    return [one for one in found if isinstance(one, Explanation)]


def letters(seed: int) -> list[tuple[Explanation, Letter]]:
    return [(one, outcome_letter(one, OCCASION)) for one in explanations(seed)]


class Page(HTMLParser):
    """The words of a page, and the tags and addresses in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def sentences(letter: Letter) -> list[str]:
    points = [point for site in letter.sites for point in (site.text, *site.open_points)]
    alone = [letter.asked, letter.result, letter.next_round, letter.appeal, letter.closing, letter.reference]
    return [*alone, *letter.set_aside, *letter.why, *letter.changes, *points]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_request_has_a_letter_with_every_sentence_on_its_page(seed: int) -> None:
    done, _ = explained(seed)
    written_letters = letters(seed)
    assert [one.request for one, _ in written_letters] == [request.id for request in done.facts.requests]
    for _, letter in written_letters:
        page = Page(letter_html(letter))
        text = " ".join(page.words)
        assert all(sentence in text for sentence in sentences(letter))
        assert page.addresses == []
        assert not {"script", "link", "img"} & set(page.tags)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_letter_says_what_it_must(seed: int) -> None:
    for one, letter in letters(seed):
        assert str(one.asked) in letter.asked
        assert "17 December 2026" in letter.appeal
        assert OCCASION.appeal_to in letter.appeal
        assert ("1 March 2027" in letter.next_round) == (one.placed < one.asked)
        assert "no contract, no award and no statement that manufacture is lawful" in letter.closing
        open_points = any(proposal.open_points for proposal in one.proposals)
        assert ("on conditions" in letter.title) == (open_points and one.placed == one.asked)
        assert sum(site.text.count(" on ") for site in letter.sites) == one.placed
        assert bool(letter.why) == (one.placed < one.asked)
        assert all(site.open_points for site in letter.sites)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_open_point_stands_in_the_letter(seed: int) -> None:
    for one, letter in letters(seed):
        said = " ".join(point for site in letter.sites for point in site.open_points)
        points = [point for proposal in one.proposals for point in proposal.open_points]
        assert all(point.text in said for point in points)
        assert all(written(point.by) in said for point in points if point.by is not None)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_letter_names_another_party(seed: int) -> None:
    done, _ = explained(seed)
    for one, letter in letters(seed):
        names = forbidden(done.facts, one.request, Reader.REQUESTER)
        assert names_in(letter_html(letter) + letter_json(letter).decode(), names) == ()


def test_the_search_finds_a_name_planted_in_a_letter() -> None:
    done, _ = explained(0)
    one, letter = letters(0)[0]
    names = forbidden(done.facts, one.request, Reader.REQUESTER)
    sponsor = done.facts.requests[1].sponsor
    spoiled = replace(letter, why=(*letter.why, f"{sponsor} came first"))
    assert names_in(letter_html(spoiled), names) == (sponsor,)


def test_words_of_others_are_escaped() -> None:
    _, letter = letters(0)[0]
    page = letter_html(replace(letter, asked="<script>alert(1)</script>"))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_the_document_holds_the_same_as_the_page() -> None:
    _, letter = letters(0)[0]
    document = json.loads(letter_json(letter))
    assert set(document) == {field.name for field in fields(Letter)}
    assert document["closing"] == letter.closing
    assert document["written_on"] == "2026-11-26"


def test_a_letter_is_short() -> None:
    longest = max(len(" ".join(sentences(letter)).split()) for seed in SEEDS for _, letter in letters(seed))
    assert 100 < longest < 600


def test_the_four_titles_are_told_apart() -> None:
    one = explanations(0)[0]
    full, partly, none = (replace(one, asked=2, placed=placed) for placed in (2, 1, 0))
    titles = [outcome_letter(each, OCCASION).title for each in (full, partly, none, replace(none, set_aside=("x",)))]
    assert titles == [
        "All starts placed",
        "Some starts placed",
        "Not placed, waiting",
        "Set aside before the calculation",
    ]


def test_an_unknown_day_of_the_next_round_is_said_so() -> None:
    letter = outcome_letter(explanations(0)[0], replace(OCCASION, next_round=None))
    assert "not fixed yet" in letter.next_round


def test_every_kind_of_change_and_limit_has_its_words() -> None:
    words = texts("en")
    assert all(words.has("changes", kind.value) for kind in Kind)
    assert all(words.has("conflicts", name) for name in (*RELAXED_SUITE, *RELAXED_REQUEST))
    assert (words.count("week", 1), words.count("week", 2)) == ("1 week", "2 weeks")


def test_no_text_awards_anything_or_names_a_price() -> None:
    found = " ".join(text for section in texts("en").sections.values() for text in section.values())
    without_denial = found.replace("no award", "")
    assert not re.search(r"\b(award|order|price|allocat\w+|complian\w+|validated)\b", without_denial, re.IGNORECASE)


def test_a_language_that_nobody_wrote_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="no words in 'xx'"):
        texts("xx")
