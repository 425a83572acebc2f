"""The same problem, seed and effort with one worker give the same answer, whatever the file looks like or the machine does."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest

from matcher.generate import SizeName, network
from matcher.serialise import JsonValue, problem_json

ROOT = Path(__file__).parents[2]
WITHOUT_SEQUENCE = {"facilities", "suites", "resources", "bookings", "previous", "requests", "batches", "options"}
"""Lists of a problem whose sequence says nothing."""
SAME = ("placements", "objective", "terms", "bound")
HASH_SEEDS = ("0", "1", "4294967295")
BURN = "while True: sum(range(10**6))"


def shuffled(value: JsonValue, chance: random.Random, key: str = "") -> JsonValue:
    """The same document with its keys, and its lists without a sequence, in another one."""
    if isinstance(value, Mapping):
        names = list(value)
        chance.shuffle(names)
        return {name: shuffled(value[name], chance, name) for name in names}
    if isinstance(value, Sequence) and not isinstance(value, str):
        items = [shuffled(item, chance) for item in value]
        if key in WITHOUT_SEQUENCE:
            chance.shuffle(items)
        return items
    return value


def answer_of_a_process(document: JsonValue, folder: Path, hash_seed: str, effort: int) -> dict[str, JsonValue]:
    """What a fresh process answers, without how long it took."""
    problem, outcome = folder / "problem.json", folder / "outcome.json"
    problem.write_text(json.dumps(document), encoding="utf-8")
    asked = ["solve", str(problem), "--out", str(outcome), "--effort", str(effort)]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    subprocess.run(
        [sys.executable, "-m", "registry.cli", *asked], cwd=ROOT, env=environment, check=True, capture_output=True
    )
    answer = cast("dict[str, JsonValue]", json.loads(outcome.read_text(encoding="utf-8")))
    return {name: answer[name] for name in SAME}


@contextmanager
def a_busy_machine(processes: int) -> Iterator[None]:
    """Other work on the same processors, so that nothing may lean on the clock."""
    others = [subprocess.Popen([sys.executable, "-c", BURN]) for _ in range(processes)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


def answers(size: SizeName, seed: int, effort: int, times: int, folder: Path) -> list[dict[str, JsonValue]]:
    """The answers of so many processes, each to its own sequence of the same problem; every other one on a busy machine."""
    document = cast("JsonValue", json.loads(problem_json(network(size, seed))))
    found = []
    for number in range(times):
        mixed = shuffled(document, random.Random(number)) if number else document
        with a_busy_machine(2 * (number % 2)):
            found.append(answer_of_a_process(mixed, folder, HASH_SEEDS[number % len(HASH_SEEDS)], effort))
    return found


def test_effort_one_is_repeated_to_the_last_figure(tmp_path: Path) -> None:
    first, *others = answers("S", 0, effort=1, times=2, folder=tmp_path)
    assert first["placements"]
    assert all(other == first for other in others)


def test_a_shuffled_file_is_another_file_of_the_same_problem() -> None:
    document = cast("JsonValue", json.loads(problem_json(network("S", 0))))
    mixed = shuffled(document, random.Random(1))
    assert json.dumps(mixed) != json.dumps(document)
    assert json.dumps(mixed, sort_keys=True) != json.dumps(document, sort_keys=True)
    assert sorted(json.dumps(mixed)) == sorted(json.dumps(document))


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(2))
def test_effort_one_is_repeated_twenty_times(seed: int, tmp_path: Path) -> None:
    first, *others = answers("S", seed, effort=1, times=20, folder=tmp_path)
    assert len(others) == 19
    assert all(other == first for other in others)


@pytest.mark.deep
def test_effort_ten_is_repeated_to_the_last_figure(tmp_path: Path) -> None:
    first, *others = answers("S", 2, effort=10, times=3, folder=tmp_path)
    assert all(other == first for other in others)
