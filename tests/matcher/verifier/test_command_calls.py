"""How the command is called: two files or a bundle, started as a module or from Python."""

import json
import runpy
import sys
from pathlib import Path

import pytest

from matcher.verifier.__main__ import main
from tests.matcher.verifier.bundles import good, written
from tests.matcher.verifier.small import outcome, problem


def files(folder: Path) -> list[str]:
    """A problem and an outcome in which everything is right."""
    for name, document in (("problem.json", problem()), ("outcome.json", outcome(problem(), []))):
        (folder / name).write_text(json.dumps(document), encoding="utf-8")
    return [str(folder / "problem.json"), str(folder / "outcome.json")]


def stopped_with(arguments: list[str]) -> object:
    """The exit code of a call that does not come to a report."""
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    return stopped.value.code


def test_two_files_or_a_bundle_are_verified(tmp_path: Path) -> None:
    (tmp_path / "bundle").mkdir()
    assert main(files(tmp_path)) == 0
    assert main(["--bundle", str(written(tmp_path / "bundle", good()))]) == 0


@pytest.mark.parametrize("count", [0, 1, 3])
def test_another_number_of_files_is_a_wrong_call(tmp_path: Path, count: int) -> None:
    assert stopped_with([*files(tmp_path), "more"][:count]) == 2


@pytest.mark.parametrize("count", [1, 2])
def test_a_bundle_comes_without_further_files(tmp_path: Path, count: int) -> None:
    assert stopped_with(["--bundle", str(tmp_path), *files(tmp_path)[:count]]) == 2


def test_started_with_m_it_exits_with_the_code_of_the_report(tmp_path: Path) -> None:
    before = sys.argv
    for asked, code in ((files(tmp_path), 0), ([str(tmp_path / "nothing")] * 2, 2)):
        sys.modules.pop("matcher.verifier.__main__", None)
        sys.argv = ["matcher.verifier", *asked]
        try:
            with pytest.raises(SystemExit) as stopped:
                runpy.run_module("matcher.verifier", run_name="__main__")
        finally:
            sys.argv = before
        assert stopped.value.code == code
