"""Who would gain or lose under other tiers, in figures that add up and lines a coordinator can read."""

from dataclasses import replace

import pytest

from matcher.outcome import SolveOptions
from registry.cli.policies import shadow_lines
from registry.matching.calculation import calculate, prepare
from registry.matching.days import PlanDays
from registry.matching.documents import canonical
from registry.matching.replay import Kept
from registry.matching.shadow import RequestChange, Shadow, shadow
from tests.matcher.explain.tight import tight_facts

NOTHING_TRAVELS = [{"travel": 1}, {"placed": 1}]


@pytest.fixture(scope="module")
def earlier() -> Kept:
    """A calculation of a tight round with two groups, as it is kept."""
    facts = tight_facts(5)
    facts = replace(
        facts,
        requests=tuple(
            replace(one, group=("DE", "")[i % 2], label=f"Request {i}") for i, one in enumerate(facts.requests)
        ),
    )
    done = calculate(prepare(facts), SolveOptions(effort=1))
    return Kept(canonical(facts), "", "", done.outcome_bytes, "", (), PlanDays(), {})


def faults(found: Shadow) -> list[str]:
    """Where groups and requests do not tell the same."""
    return [
        one.group
        for one in found.groups
        if one.patients_now - one.patients_before
        != sum(each.patients_now - each.patients_before for each in found.changes if each.group == one.group)
        or one.losing
        != sum(each.patients_now < each.patients_before for each in found.changes if each.group == one.group)
        or one.gaining
        != sum(each.patients_now > each.patients_before for each in found.changes if each.group == one.group)
    ]


def test_the_same_tiers_change_nothing(earlier: Kept) -> None:
    found = shadow(earlier, [{"placed": 1}, {"waiting": 1}])
    assert found.checked
    assert found.changes == ()
    assert "0 gain, 0 lose" in "\n".join(shadow_lines("newest", found))


def test_losers_are_named_in_lines_and_groups_add_up(earlier: Kept) -> None:
    found = shadow(earlier, NOTHING_TRAVELS)
    assert found.changes
    assert faults(found) == []
    text = "\n".join(shadow_lines("newest", found))
    assert all(f"{one.label} loses: patients {one.patients_before} → 0" in text for one in found.changes)
    assert "without a group" in text


def test_a_loss_that_is_left_out_or_turned_is_found(earlier: Kept) -> None:
    """The twin: the comparison of groups and requests notices what is wrong."""
    found = shadow(earlier, NOTHING_TRAVELS)
    turned = [replace(one, patients_before=one.patients_now, patients_now=one.patients_before) for one in found.changes]
    assert faults(replace(found, changes=found.changes[1:]))
    assert faults(replace(found, changes=tuple(turned)))


def test_the_largest_loss_comes_first_and_gains_are_called_gains() -> None:
    changes = (RequestChange("Request 1", "DE", 5, 0), RequestChange("Request 2", "DE", 0, 3))
    lines = list(shadow_lines("newest", Shadow((), 1, 1, (), changes, checked=True)))
    assert lines[-2:] == ["  Request 1 loses: patients 5 → 0", "  Request 2 gains: patients 0 → 3"]
