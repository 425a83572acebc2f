"""`python -m matcher.verifier` as an auditor runs it: its exit codes and its two kinds of report."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from matcher.verifier.__main__ import main
from tests.matcher.verifier.small import Document, outcome, problem


def written(folder: Path, asked: object, answered: object) -> list[str]:
    (folder / "problem.json").write_text(json.dumps(asked), encoding="utf-8")
    (folder / "outcome.json").write_text(json.dumps(answered), encoding="utf-8")
    return [str(folder / "problem.json"), str(folder / "outcome.json")]


@pytest.mark.parametrize(
    ("asked", "changes", "code", "verdict"),
    [
        (problem(), {}, 0, "pass"),
        (problem(), {"objective": [9]}, 1, "findings"),
        (problem(), {"placements": "none"}, 1, "findings"),
        (problem(), {"placements": [{"request": "X", "batch": "1", "suite": "F1", "start": 0}]}, 1, "findings"),
        (problem(horizon=0), {}, 2, "refused"),
    ],
)
def test_exit_codes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], asked: Document, changes: Document, code: int, verdict: str
) -> None:
    files = written(tmp_path, asked, {**outcome(problem(), []), **changes})
    assert main(files) == code
    assert capsys.readouterr().out.startswith(f"verdict: {verdict}\n")
    assert main([*files, "--json"]) == code
    assert json.loads(capsys.readouterr().out)["verdict"] == verdict


def test_a_file_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "nothing"), str(tmp_path / "nothing")]) == 2
    assert "cannot be read" in capsys.readouterr().out


def test_a_finding_names_ids_the_value_found_and_the_value_required(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [("A", "1", "F1", 0), ("B", "1", "F1", 1)]
    main(written(tmp_path, problem(), outcome(problem(), rows)))
    lines = capsys.readouterr().out.splitlines()
    assert 'places: suite "F1" from tick 1: batch "1" of request "A", batch "1" of request "B"' in lines
    assert "  found 2 places held, required at most 1" in lines


def test_it_runs_as_a_module_without_anything_installed(tmp_path: Path) -> None:
    """-S leaves out site packages: what the verifier needs must be in the standard library."""
    files = written(tmp_path, problem(), outcome(problem(), [("A", "1", "F1", 0)]))
    root = Path(__file__).parents[3]
    command = [sys.executable, "-S", "-B", "-m", "matcher.verifier", *files]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("verdict: pass")
