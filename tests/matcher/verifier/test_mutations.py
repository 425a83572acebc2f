"""Every mutant of the verifier that no quick test notices is listed with the reason."""

import pytest

from tests.matcher.verifier.mutants import FOLDER
from tests.matcher.verifier.mutations import FOR_BUNDLES, FOR_COMMAND, QUICK, modules, noticed, survivors
from tests.matcher.verifier.survivors import COVERED, SURVIVORS


@pytest.mark.parametrize("tests", [QUICK, FOR_BUNDLES, FOR_COMMAND])
def test_without_a_mutant_nothing_is_noticed(tests: tuple[str, ...]) -> None:
    assert not noticed(None, tests)


def test_every_module_is_gone_through() -> None:
    assert sorted(COVERED) == [path.relative_to(FOLDER).as_posix() for path in modules()]


def test_every_listed_survivor_is_of_a_module_gone_through_and_has_a_reason() -> None:
    assert {text.split(" ")[0] for text in SURVIVORS} <= set(COVERED)
    assert all(SURVIVORS.values())


@pytest.mark.deep
@pytest.mark.parametrize("module", COVERED)
def test_the_survivors_are_the_listed_ones(module: str) -> None:
    assert set(survivors([module])) == {text for text in SURVIVORS if text.startswith(f"{module} ")}
