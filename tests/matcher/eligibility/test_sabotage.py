"""Spoiled twins of the rules: the cases must notice each of them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from matcher.eligibility.catalogue import RULES
from matcher.eligibility.dated import Basis, Demand
from matcher.eligibility.finding import Finding, conditional, fails, passes
from matcher.eligibility.judging import circle_of, places_of
from matcher.eligibility.needs import starts_only
from matcher.eligibility.rule import Rule, Tie, finding_of
from matcher.facts import Facts, Request
from registry.vocabulary.periods import Days
from registry.vocabulary.results import Status
from tests.matcher.eligibility.cases import ALL

RULE = {rule.id: rule for rule in RULES}
REFUSING = sorted({case.rule for case in ALL if case.status is Status.FAIL})
DATED = sorted(rule.id for rule in RULES if rule.demand is not None)
WHOLE_STAY = ["authorisation-validity", "certificate-reliance", "gmo-permit", "equipment-qualified", "qualified-person"]


def wrong_cases(rule: Rule) -> list[str]:
    """The names of the cases in which a (spoiled) rule says something else than expected."""
    wrong = []
    for case in ALL:
        if case.rule == rule.id:
            finding = verdict(rule, case.facts)
            if finding.status is not case.status or (case.by is not None and finding.condition_by != case.by):
                wrong.append(case.name)
    return wrong


def verdict(rule: Rule, facts: Facts) -> Finding:
    """What a rule says about the only pair."""
    request, where = facts.requests[0], next(places_of(facts))
    pair = next((pair for pair in request.pairs if pair.site == where.site.id), None)
    tie = Tie(pair, excluded=where.facility.id in request.excluded)
    return finding_of(rule, circle_of(facts), request, where, tie)


def after(
    check: Callable[[Any, Any], Finding | Basis], change: Callable[[Finding | Basis], Finding | Basis]
) -> Callable[[Any, Any], Finding | Basis]:
    """A rule's function with its answer changed."""
    return lambda asked, offered: change(check(asked, offered))  # fmt: skip


def pass_unknown(found: Finding | Basis) -> Finding | Basis:
    """Unknown taken for a pass."""
    return passes("") if isinstance(found, Finding) and found.status is Status.UNKNOWN else found


def pass_failure(found: Finding | Basis) -> Finding | Basis:
    """A failure taken for a condition."""
    return conditional("", "", condition="x") if isinstance(found, Finding) and found.status is Status.FAIL else found


def softened(found: Finding | Basis) -> Finding | Basis:
    """Periods that only advise."""
    return replace(found, hard=not found.hard) if isinstance(found, Basis) else found


def without_questions(found: Finding | Basis) -> Finding | Basis:
    """Periods that rest on an open question left out."""
    return replace(found, possible=()) if isinstance(found, Basis) else found


def hopeful(found: Finding | Basis) -> Finding | Basis:
    """Periods that rest on an open question taken for sure."""
    return replace(found, periods=(*found.periods, *found.possible)) if isinstance(found, Basis) else found


def shifted(days: int) -> Callable[[Finding | Basis], Finding | Basis]:
    """Periods that end and begin some days later."""

    def change(found: Finding | Basis) -> Finding | Basis:
        return (
            replace(found, periods=tuple(_later(p, days) for p in found.periods)) if isinstance(found, Basis) else found
        )

    return change  # fmt: skip


def _later(period: Days, days: int) -> Days:
    shift = timedelta(days)
    start = period.start if period.start.year < 1000 else period.start + shift
    return Days(start, None if period.end is None else period.end + shift)


def longer(demand: Callable[[Request], Demand], days: int) -> Callable[[Request], Demand]:
    """A demand for more or fewer days."""
    return lambda request: replace(demand(request), span=demand(request).span + days)


@pytest.mark.parametrize("rule", sorted(RULE))
def test_the_rule_itself_is_right_on_its_cases(rule: str) -> None:
    assert wrong_cases(RULE[rule]) == []


@pytest.mark.parametrize("rule", REFUSING)
def test_a_rule_that_always_passes_is_caught(rule: str) -> None:
    assert wrong_cases(replace(RULE[rule], check=lambda _asked, _offered: passes("")))


@pytest.mark.parametrize("rule", REFUSING)
def test_a_rule_that_always_fails_is_caught(rule: str) -> None:
    assert wrong_cases(replace(RULE[rule], check=lambda _asked, _offered: fails("", "")))


@pytest.mark.parametrize("rule", sorted({case.rule for case in ALL if case.status is Status.UNKNOWN}))
def test_a_rule_that_passes_the_unknown_is_caught(rule: str) -> None:
    assert wrong_cases(replace(RULE[rule], check=after(RULE[rule].check, pass_unknown)))


@pytest.mark.parametrize("rule", sorted(set(REFUSING) - set(DATED)))
def test_a_rule_that_only_warns_is_caught(rule: str) -> None:
    assert wrong_cases(replace(RULE[rule], check=after(RULE[rule].check, pass_failure)))


def spoiled_dates() -> Iterator[tuple[str, str, Rule]]:
    """Rules about time with a day too many or too few, hard taken for soft, and what follows the stay forgotten."""
    for name in DATED:
        rule = RULE[name]
        yield name, "hard and soft exchanged", replace(rule, check=after(rule.check, softened))
        for days in (-1, 1):
            yield name, f"periods {days} days later", replace(rule, check=after(rule.check, shifted(days)))
    validity = RULE["authorisation-validity"]
    yield validity.id, "open questions forgotten", replace(validity, check=after(validity.check, without_questions))
    yield validity.id, "open questions taken for answers", replace(validity, check=after(validity.check, hopeful))
    for name in WHOLE_STAY:
        rule = RULE[name]
        yield name, "quality control and certification forgotten", replace(rule, demand=starts_only)
        assert rule.demand is not None
        for days in (-1, 1):
            yield name, f"{days} days of stay", replace(rule, demand=longer(rule.demand, days))


@pytest.mark.parametrize(
    ("name", "how", "rule"), list(spoiled_dates()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_rule_about_time_that_is_off_is_caught(name: str, how: str, rule: Rule) -> None:
    assert wrong_cases(rule), f"{name}: {how}"  # fmt: skip
