"""Every injected defect is caught, by the check whose task it is."""

import random
from collections.abc import Callable

import pytest

from matcher.verifier import Report, verify
from tests.matcher.verifier.defects import KINDS, Document, Kind, injected
from tests.matcher.verifier.plans import right_outcome

Judge = Callable[[Document, Document], set[str]]


def honest(problem: Document, outcome: Document) -> set[str]:
    """The names of the checks that found something; a problem that is refused counts for none."""
    report: Report = verify(problem, outcome)
    assert report.refused == ()
    return {finding.check for finding in report.findings}


def missed(kind: Kind, count: int, judge: Judge) -> list[int]:
    """The seeds, among `count` outcomes with room for the defect, where its own check found nothing."""
    seeds: list[int] = []
    done = seed = 0
    while done < count:
        pair = injected(kind, right_outcome(seed), random.Random(seed))
        if pair is not None:
            done += 1
            if not KINDS[kind] & judge(*pair):
                seeds.append(seed)
        seed += 1
        assert seed < 400 * count
    return seeds


def names(kind: Kind) -> str:
    return getattr(kind, "__name__", "")


@pytest.mark.parametrize("kind", KINDS, ids=names)
def test_each_kind_of_defect_is_caught(kind: Kind) -> None:
    assert missed(kind, 5, honest) == []


@pytest.mark.deep
@pytest.mark.parametrize("kind", KINDS, ids=names)
def test_each_kind_of_defect_is_caught_fifty_times(kind: Kind) -> None:
    assert missed(kind, 50, honest) == []


@pytest.mark.parametrize("kind", KINDS, ids=names)
def test_a_verifier_without_that_check_would_miss_it(kind: Kind) -> None:
    assert len(missed(kind, 5, lambda problem, outcome: honest(problem, outcome) - KINDS[kind])) == 5


def test_there_are_more_than_fourteen_kinds() -> None:
    assert len(KINDS) >= 14
