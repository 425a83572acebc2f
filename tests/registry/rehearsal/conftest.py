"""The rehearsal of the files that come with the software, made once."""

import pytest

from matcher.eligibility import Verdicts, judge
from matcher.formulate import formulate
from matcher.problem import Problem
from registry.rehearsal import Rehearsal
from tests.registry.rehearsal.files import DIRECTORY, TRIALS, made_of


@pytest.fixture(scope="package")
def shipped() -> Rehearsal:
    """The rehearsal as the demonstration makes it."""
    return made_of(DIRECTORY, TRIALS)


@pytest.fixture(scope="package")
def verdicts(shipped: Rehearsal) -> Verdicts:
    """What the rules say about every pair of it."""
    return judge(shipped.facts)


@pytest.fixture(scope="package")
def problem(shipped: Rehearsal, verdicts: Verdicts) -> Problem:
    """Its problem in weeks."""
    return formulate(shipped.facts, verdicts)
