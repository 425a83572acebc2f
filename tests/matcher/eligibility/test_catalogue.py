"""The catalogue, the page made from it, and the Member-state packs."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from matcher.eligibility.catalogue import RULES, catalogue, in_force, markdown_page, says
from matcher.eligibility.countries import SOHO_APPLIES_ON
from matcher.eligibility.finding import ATMP_GMP
from matcher.eligibility.packs import EU_AND_EEA, entry_of, packs
from registry.vocabulary.periods import Days

PAGE = Path(__file__).parents[3] / "docs" / "rules.md"


def test_the_page_is_the_one_the_rules_make() -> None:
    assert PAGE.read_text(encoding="utf-8") == markdown_page(), "run: gmphub rules --markdown > docs/rules.md"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_stands_in_the_catalogue_with_its_source(rule: object) -> None:
    found = next(one for one in RULES if one is rule)
    for text in (catalogue(), markdown_page()):
        assert found.id in text
        assert found.title in text
        assert found.citation.text in text
    assert says(found).endswith(".")


def test_what_is_unconfirmed_says_so() -> None:
    section = markdown_page().split("### scope-codes")[1].split("###")[0]
    assert "*unconfirmed*" in section
    own = markdown_page().split("### language")[1].split("##")[0]
    assert "unconfirmed" not in own


def test_days_of_a_text_are_shown_where_a_source_states_them() -> None:
    pages = (catalogue(), markdown_page())
    assert all("applies from 2018-05-22" in page and "applies from 2027-08-07" in page for page in pages)
    for rule in RULES:
        if rule.citation.text.startswith("Rule of this platform"):
            assert rule.in_force is None, rule.id
        if rule.in_force is not None:
            assert rule.in_force in {ATMP_GMP, Days(SOHO_APPLIES_ON, None)}, rule.id


def test_a_text_that_ends_says_so() -> None:
    ending = replace(RULES[0], in_force=Days(date(2026, 1, 1), date(2027, 8, 7)))
    assert in_force(ending) == "applies from 2026-01-01 until 2027-08-07 (that day not included)"
    assert in_force(replace(RULES[0], in_force=None)) == ""


def test_a_title_names_its_subject_and_states_nothing() -> None:
    verbs = {"is", "has", "can", "may", "covers", "wants", "stays", "belongs", "reaches", "serves", "suits", "offers"}
    for rule in RULES:
        assert not verbs & set(rule.title.lower().split()), rule.title


def test_no_rule_about_money_or_own_organisations() -> None:
    for rule in RULES:
        words = f"{rule.id} {rule.title} {says(rule)}".lower()
        assert not {"budget", "price", "cost", "conflict of interest"} & set(words.split())


def test_every_entry_has_source_owner_and_review() -> None:
    for (country, topic), entry in packs().items():
        assert (country in EU_AND_EEA) or country in {"CH", "GB"}
        assert topic == entry.topic
        assert entry.owner
        assert entry.words
        assert entry.review_by > date(2026, 11, 22)
        if entry.answer == "unknown":
            assert not entry.citation.confirmed
            assert entry.citation.text == "no source found"


@pytest.mark.parametrize("country", sorted(EU_AND_EEA | {"CH", "GB"}))
def test_every_country_has_its_pack(country: str) -> None:
    for topic in ("gmo_trial", "hospital_exemption", "named_patient"):
        assert (country, topic) in packs()


def test_switzerland_is_covered_since_2010_and_the_uk_by_inspections_only() -> None:
    swiss, uk = entry_of("CH", "import_market"), entry_of("GB", "import_market")
    assert swiss is not None
    assert uk is not None
    assert swiss.citation.confirmed
    assert "2010" in swiss.words
    assert "re-tests every batch" in uk.words


def test_a_country_without_pack_has_no_entry() -> None:
    assert entry_of("RS", "import_trial") is None
