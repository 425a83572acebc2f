"""Every mutant of the verifier that no quick test notices is listed with the reason."""

import pytest

from tests.matcher.verifier.mutations import FOR_BUNDLES, FOR_COMMAND, QUICK, noticed, survivors
from tests.matcher.verifier.survivors import COVERED, SURVIVORS


@pytest.mark.parametrize("tests", [QUICK, FOR_BUNDLES, FOR_COMMAND])
def test_without_a_mutant_nothing_is_noticed(tests: tuple[str, ...]) -> None:
    assert not noticed(None, tests)


@pytest.mark.deep
@pytest.mark.parametrize("module", COVERED)
def test_the_survivors_are_the_listed_ones(module: str) -> None:
    assert set(survivors([module])) == {text for text in SURVIVORS if text.startswith(f"{module} ")}
