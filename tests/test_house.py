"""What holds for the code as a whole: one commit, no function a reader loses the thread in, no leftovers."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("registry", "matcher", "api")
COMMITS = {
    ("registry/database.py", "transaction"): "the one that keeps what somebody did",
    ("registry/database.py", "take_role"): "a new connection takes its role; nothing is written",
    ("registry/tasks.py", "_take_role"): "a connection of the queue takes its role; nothing is written",
    ("api/bench_world.py", "prepare"): "the bench fills a database of its own",
}
"""Every commit of the code base (docs/decisions/0002), and why it is there."""
LONGEST_FUNCTION = 60
LONGEST_MODULE = 320
LEFTOVER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


def modules() -> Iterator[tuple[str, str]]:
    """Path and text of every module."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")


def functions(text: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def commits(path: str, text: str) -> list[tuple[str, str]]:
    """Every call of a method `commit`, with the innermost function around it."""
    found: dict[int, tuple[int, str]] = {}
    for function in functions(text):
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
                found[node.lineno] = max(found.get(node.lineno, (0, "")), (function.lineno, function.name))
    return [(path, name) for _line, (_start, name) in sorted(found.items())]


def long_functions(path: str, text: str) -> list[str]:
    lengths = ((one.name, (one.end_lineno or one.lineno) - one.lineno + 1) for one in functions(text))
    return [f"{path} {name}: {lines} lines" for name, lines in lengths if lines > LONGEST_FUNCTION]


def test_one_commit_keeps_what_somebody_did() -> None:
    found = [place for path, text in modules() for place in commits(path, text)]
    assert sorted(found) == sorted(COMMITS)


def test_nothing_is_too_long_to_read() -> None:
    assert [line for path, text in modules() for line in long_functions(path, text)] == []
    assert [path for path, text in modules() if text.count("\n") > LONGEST_MODULE] == []


def test_no_leftovers() -> None:
    assert [path for path, text in modules() if LEFTOVER.search(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "def save(session):\n    session.commit()\n",
        "class Service:\n    def save(self):\n        with self.open() as s:\n            s.commit()\n",
        "async def save(connection):\n    await connection.commit()\n",
    ],
)
def test_sabotage_another_commit_is_counted(text: str) -> None:
    assert commits("registry/services/new.py", text) == [("registry/services/new.py", "save")]


def test_sabotage_what_is_too_long_or_left_over_is_found() -> None:
    long = "def endless():\n" + "    pass\n" * LONGEST_FUNCTION
    assert long_functions("new.py", long) == [f"new.py endless: {LONGEST_FUNCTION + 1} lines"]
    assert LEFTOVER.search("x = 1  # TO" + "DO: later")
