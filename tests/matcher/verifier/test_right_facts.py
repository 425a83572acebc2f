"""Bundles of facts that the project itself judges, plans and explains raise no alarm: no check is stricter than its rule."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from matcher.facts import Facts
from registry.cli.measuring import rehearsal_facts
from tests.matcher.explain.tight import tight_facts
from tests.matcher.verifier.bundles import judged
from tests.matcher.verifier.from_facts import documents_of
from tests.matcher.verifier.nearly import nearly_good

Made = Callable[[int], Facts]


def many_kinds(seed: int) -> Facts:
    """A round of facts that nearly suit."""
    return nearly_good(8, 5, seed)


def alarms(folder: Path, make: Made, seeds: range) -> tuple[int, list[str]]:
    """How many starts were judged, and everything that was found."""
    placed, found = 0, []
    for seed in seeds:
        documents = documents_of(make(seed))
        placed += len(json.loads(documents["outcome.json"])["placements"])
        report = judged(folder / str(seed), documents)
        found += [f"{seed}: {one.check} {one.text}: {one.found}; {one.required}" for one in report.findings]
    return placed, found


def test_facts_that_nearly_suit(tmp_path: Path) -> None:
    placed, found = alarms(tmp_path, many_kinds, range(60))
    assert found == []
    assert placed > 500


def test_small_rounds_in_which_something_is_short(tmp_path: Path) -> None:
    placed, found = alarms(tmp_path, tight_facts, range(30))
    assert found == []
    assert placed > 40


def test_the_rehearsal(tmp_path: Path) -> None:
    placed, found = alarms(tmp_path, lambda _: rehearsal_facts(date(2026, 11, 29)), range(1))
    assert found == []
    assert placed > 200


@pytest.mark.deep
def test_many_facts_that_nearly_suit(tmp_path: Path) -> None:
    assert alarms(tmp_path, many_kinds, range(60, 1500))[1] == []
