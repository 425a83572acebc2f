"""The verifier is a stranger: it imports the standard library and itself, and computes with integers only."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import matcher.verifier

FOLDER = Path(matcher.verifier.__file__).parent
FILES = sorted(FOLDER.rglob("*.py"))


def imported(source: str) -> set[str]:
    """Every module that a source text names in an import."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add("." * node.level + (node.module or ""))
    return names


def foreign(names: set[str]) -> set[str]:
    """The names that are neither standard library nor the verifier itself."""
    own = {name for name in names if name == "matcher.verifier" or name.startswith("matcher.verifier.")}
    return {name for name in names - own if name.split(".")[0] not in sys.stdlib_module_names}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_imports_only_the_standard_library_and_the_verifier(file: Path) -> None:
    assert foreign(imported(file.read_text(encoding="utf-8"))) == set()


@pytest.mark.parametrize(
    "line",
    ["import numpy", "from matcher.measure import terms", "from matcher import problem", "from ..measure import x"],
)
def test_another_import_would_be_seen(line: str) -> None:
    assert foreign(imported(line)) != set()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_number_with_a_point_and_no_true_division(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float))
        assert not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div))


def test_importing_it_loads_nothing_else_of_ours() -> None:
    code = "import matcher.verifier, sys; print([m for m in sys.modules if m.split('.')[0] in ('matcher', 'registry')])"
    command = [sys.executable, "-S", "-B", "-c", code]
    done = subprocess.run(command, cwd=FOLDER.parents[1], capture_output=True, text=True, check=True)
    loaded = ast.literal_eval(done.stdout)
    assert "matcher.verifier" in loaded
    assert [name for name in loaded if name != "matcher" and not name.startswith("matcher.verifier")] == []
