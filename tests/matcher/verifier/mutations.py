"""Mutation testing of the verifier: change one thing in its source, and see whether a quick test notices.

`python -m tests.matcher.verifier.mutations [PART …]` lists the survivors, and on stderr how many mutants each module
had (PART: a module as `bundle/room.py`, or part of a name as `bundle/`). Each mutant is loaded under the real module
names in this process, and the quick tests run against it until one fails. Words inside f-strings are left alone: they
are read by people and decide nothing.
"""

import copy
import importlib
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from inspect import signature
from io import StringIO
from itertools import product
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, NamedTuple

from tests.matcher.verifier.mutants import FOLDER, ROOT, Mutant, mutants

QUICK = (
    *("test_rules", "test_numbers", "test_proof", "test_format", "test_reading", "test_report", "test_edges"),
    *("test_limits", "test_names", "test_claims", "test_sums", "test_placements"),
)
FOR_BUNDLES = (
    *("test_bundle", "test_bundle_edges", "test_bundle_limits", "test_bundle_facts", "test_bundle_told"),
    "test_stability",
)
FOR_COMMAND = ("test_command", "test_command_calls")
FIRST = {
    "claims": "test_numbers",
    "formats": "test_format",
    "measure": "test_numbers",
    "proof": "test_proof",
    "reading": "test_reading",
    "references": "test_format",
    "report": "test_report",
    "shapes": "test_limits",
    "sums": "test_sums",
    "two_files": "test_numbers",
}
"""The tests that are likeliest to notice a mutant of a module; the rules for all others."""

SECONDS = 10
"""Of processor time, so that a loaded machine does not notice what the tests do not; more than all quick tests take."""

Place = tuple[str, int]
"""A test with one set of its parameters: the module, and which of its calls."""


class Written(NamedTuple):
    """What a command wrote."""

    out: str


class Captured:
    """What pytest's fixture `capsys` is to the tests of the command."""

    def __init__(self, out: StringIO) -> None:
        self.stream = out

    def readouterr(self) -> Written:
        """Return the text since it was last asked for."""
        text = self.stream.getvalue()
        self.stream.seek(0)
        self.stream.truncate()
        return Written(text)


def survivors(parts: list[str]) -> Iterator[str]:
    """Yield the description of every mutant that no quick test notices."""
    for path in modules():
        name = path.relative_to(FOLDER).as_posix()
        if parts and not any(part == name or (part in name and not part.endswith(".py")) for part in parts):
            continue
        first = FIRST.get(path.stem, "test_rules")
        in_order = tuple(sorted(QUICK, key=lambda test: test != first))
        tests = FOR_BUNDLES if path.parent.name == "bundle" else in_order
        tests = FOR_COMMAND if path.name == "__main__.py" else tests
        killers: list[Place] = []
        made = Counter[str]()
        for text, tree in mutants(path):
            made[name] += 1
            if not noticed(Mutant(_module(path), path, tree), tests, killers):
                yield text
        sys.stderr.write(f"{name}: {made[name]} mutants\n")


def modules() -> list[Path]:
    """Return the files of the verifier."""
    return sorted(FOLDER.rglob("*.py"))


def noticed(mutant: Mutant | None, tests: tuple[str, ...], killers: list[Place] | None = None) -> bool:
    """Whether a quick test fails, or does not come to an end, with the mutant in place of its module.

    The tests at `killers`, which noticed others before, are run first; the one that notices this mutant joins them.
    """
    _forget()
    if mutant is not None:
        sys.meta_path.insert(0, mutant)
    before = signal.signal(signal.SIGPROF, _too_long)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    known: list[Place] = [] if killers is None else killers
    at: Place | None = None
    try:
        for place, call in _in_order(tests, tuple(known)):
            at = place
            call()
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        if at is not None:
            known[:] = [at, *(place for place in known if place != at)]
        return True
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
        if mutant is not None:
            sys.meta_path.remove(mutant)
        _forget()
    return False


def _in_order(tests: tuple[str, ...], killers: tuple[Place, ...]) -> Iterator[tuple[Place, Callable[[], object]]]:
    """Yield every test with its place: those at `killers` first, then the rest as the modules and lines have them."""
    found: dict[str, list[Callable[[], object]]] = {}

    def calls(name: str) -> list[Callable[[], object]]:
        if name not in found:
            with redirect_stderr(StringIO()):
                module = importlib.import_module(f"tests.matcher.verifier.{name}")
            found[name] = list(_calls(module))
        return found[name]

    for name, index in killers:
        yield (name, index), calls(name)[index]
    for name in tests:
        for index, call in enumerate(calls(name)):
            if (name, index) not in killers:
                yield (name, index), call


def _too_long(_number: int, _frame: FrameType | None) -> None:
    raise TimeoutError


def _calls(module: ModuleType) -> Iterator[Callable[[], object]]:
    """Yield every test of a module with each set of its parameters; tests of properties and of processes are left out."""
    for name, test in list(vars(module).items()):
        if not name.startswith("test_") or hasattr(test, "hypothesis"):
            continue
        wanted = set(signature(test).parameters)
        marks = [mark for mark in getattr(test, "pytestmark", []) if mark.name == "parametrize"]
        if "module" in name or any(m.name == "deep" for m in getattr(test, "pytestmark", [])):
            continue
        for chosen in product(*(_rows(mark) for mark in marks)):
            arguments: dict[str, Any] = {key: copy.deepcopy(value) for row in chosen for key, value in row.items()}
            yield partial(_run, test, arguments, wanted)


def _run(test: Callable[..., object], arguments: dict[str, Any], wanted: set[str]) -> None:
    with tempfile.TemporaryDirectory() as folder, redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()):
        given = {"tmp_path": Path(folder), "capsys": Captured(out)}
        test(**arguments, **{name: value for name, value in given.items() if name in wanted})


def _rows(mark: Any) -> list[dict[str, Any]]:
    names, values = mark.args[0], mark.args[1]
    if isinstance(names, str):
        return [{names: value} for value in values]
    return [dict(zip(names, row, strict=True)) for row in values]


def _forget() -> None:
    for name in [name for name in sys.modules if name.startswith(("matcher.verifier", "tests.matcher.verifier.test_"))]:
        del sys.modules[name]
    for name in ("small", "bundles"):
        sys.modules.pop(f"tests.matcher.verifier.{name}", None)


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


if __name__ == "__main__":
    for survivor in survivors(sys.argv[1:]):
        sys.stdout.write(survivor + "\n")
        sys.stdout.flush()
