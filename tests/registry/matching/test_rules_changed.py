"""Rules that have changed since do not speak for a calculation: every telling refuses and says what to do."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from matcher.eligibility.catalogue import RULES
from registry import models
from registry.access.subject import OPERATOR
from registry.database import unit_of_work
from registry.matching import catalogue, explainer, telling
from registry.matching.bundling import auditor_bundle
from registry.matching.calculation import prepare
from registry.matching.catalogue import PART, RulesChangedError, catalogue_sha256, rules_changed, rules_part
from registry.matching.replay import kept_of, replay
from registry.matching.telling import explanation_told, explanations_told, letter_told, requests_told
from registry.matching.what_if import work_out
from tests.registry.matching.small import Small, stored

pytestmark = [pytest.mark.database, pytest.mark.xdist_group("calculations")]

TODAY = date(2026, 11, 25)


def key_of(code: str) -> Any:
    """The key of a request."""
    with unit_of_work(OPERATOR) as session:
        return session.scalars(select(models.Request.id).where(models.Request.code == code)).one()


TELLINGS: Mapping[str, Callable[[Small], object]] = {
    "codes": lambda world: requests_told(world.coordinator, world.run),
    "explanations": lambda world: explanations_told(world.coordinator, world.run, ["R6"]),
    "explanation": lambda world: explanation_told(world.coordinator, world.run, key_of("R6")),
    "letter": lambda world: letter_told(world.coordinator, world.run, key_of("R6"), TODAY),
    "bundle": lambda world: auditor_bundle(world.coordinator, world.run),
}


def other_source(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the rules' files be others than those of the stored calculations."""
    monkeypatch.setattr(catalogue, "rules_source_sha256", lambda: "0" * 64)


@pytest.mark.parametrize("name", TELLINGS)
def test_the_rules_of_then_are_told(world: Small, name: str) -> None:
    assert TELLINGS[name](world)


@pytest.mark.parametrize("name", TELLINGS)
def test_other_rules_are_refused_with_what_differs_and_what_to_do(
    world: Small, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other_source(monkeypatch)
    with pytest.raises(RulesChangedError) as refused:
        TELLINGS[name](world)
    assert "Use the version it was made with" in refused.value.advice
    assert refused.value.details == (
        f"source of the rules (SHA-256): {stored(world.run).manifest[PART]['source_sha256']} then, {'0' * 64} now",
    )


def test_what_would_help_is_not_worked_out_by_other_rules(world: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as changed:
        other_source(changed)
        assert work_out(world.run) == 0
    assert work_out(world.run) > 0


def test_sabotage_without_the_check_other_rules_speak(world: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    other_source(monkeypatch)
    monkeypatch.setattr(telling, "check_rules", lambda _: None)
    assert TELLINGS["explanation"](world)


def test_facts_that_are_judged_otherwise_are_refused_though_the_manifest_names_no_rules(
    world: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    telling._explainer.cache_clear()
    monkeypatch.setattr(explainer, "prepare", lambda facts: prepare(replace(facts, requests=facts.requests[:-1])))
    with pytest.raises(RulesChangedError, match="judge the facts of this calculation otherwise"):
        TELLINGS["explanation"](world)
    telling._explainer.cache_clear()


def test_a_repetition_says_that_the_rules_differ(world: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    other_source(monkeypatch)
    with unit_of_work(world.coordinator) as session:
        kept = kept_of(session, session.get_one(models.Run, world.run))
    found = replay(kept)
    assert found.differences == ()
    assert [remark for remark in found.remarks if remark.startswith("the rules differ: source of the rules")]


def test_each_word_a_rule_says_of_itself_is_in_the_hash() -> None:
    whole, first = catalogue_sha256(RULES), RULES[0]
    later = replace(first.citation, valid_on=date(2030, 1, 1))
    for other in (
        replace(first, id="other"),
        replace(first, title="other"),
        replace(first, citation=later),
        replace(first, overridable_by="other"),
    ):
        assert catalogue_sha256((other, *RULES[1:])) != whole
    assert catalogue_sha256(RULES[1:]) != whole


def test_a_manifest_of_before_names_no_rules_and_equal_rules_are_no_difference() -> None:
    assert rules_changed({}) == ()
    assert rules_changed({PART: dict(rules_part())}) == ()
