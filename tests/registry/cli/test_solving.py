"""The commands on files: exit codes, what is written, and a clean stop."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from matcher.generate import network
from matcher.outcome import Outcome
from matcher.serialise import problem_json, read_outcome
from tests.matcher.bad_files import bad_files
from tests.matcher.documents import FULL, as_bytes, changed
from tests.matcher.drawing import random_problem

COMMAND = [sys.executable, "-c", "from registry.cli import main; main()"]
ROOT = Path(__file__).parents[3]


def gmphub(*arguments: str | Path, into: Path) -> subprocess.CompletedProcess[str]:
    words = [*COMMAND, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(words, cwd=into, env=environment, capture_output=True, text=True, check=False, timeout=120)


def outcome_in(path: Path) -> Outcome:
    return read_outcome(path.read_bytes())


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "problem.json"
    path.write_bytes(problem_json(random_problem(4)))
    return path


def test_a_problem_is_solved_written_and_found_right(small: Path) -> None:
    solved = gmphub("solve", small, "--out", "outcome.json", "--effort", "1", "--seed", "3", into=small.parent)
    assert solved.returncode == 0, solved.stderr
    outcome = outcome_in(small.parent / "outcome.json")
    assert outcome.problem_sha256 == random_problem(4).sha256
    assert (outcome.effort, outcome.seed, outcome.workers) == (1, 3, 1)
    verified = gmphub("verify", small, "outcome.json", into=small.parent)
    assert verified.returncode == 0, verified.stdout
    assert "verdict: pass" in verified.stdout


def test_a_changed_outcome_is_a_finding_and_exit_code_1(small: Path) -> None:
    gmphub("solve", small, "--out", "outcome.json", "--effort", "1", into=small.parent)
    path = small.parent / "outcome.json"
    document = json.loads(path.read_bytes())
    document["objective"][0] += 1
    path.write_text(json.dumps(document), encoding="utf-8")
    verified = gmphub("verify", small, "outcome.json", "--json", into=small.parent)
    assert verified.returncode == 1
    assert json.loads(verified.stdout)["verdict"] == "findings"


def test_a_refused_problem_gives_exit_code_2_and_an_outcome_with_every_fault(tmp_path: Path) -> None:
    bad = tmp_path / "problem.json"
    bad.write_bytes(as_bytes(changed(("horizon", 0), ("surprise", 1))))
    solved = gmphub("solve", bad, "--out", "outcome.json", into=tmp_path)
    assert solved.returncode == 2
    outcome = outcome_in(tmp_path / "outcome.json")
    assert outcome.status == "rejected"
    assert {fault.path for fault in outcome.faults} == {"$.horizon", "$.surprise"}
    assert (outcome.placements, outcome.objective, outcome.bound, dict(outcome.terms)) == ((), (), (), {})
    assert outcome.problem_sha256 is not None
    assert "$.horizon" in solved.stderr
    assert "Traceback" not in solved.stderr


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b'{"horizon": NaN}'])
def test_a_file_that_is_not_json_gives_an_outcome_without_a_hash(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "problem.json").write_bytes(data)
    assert gmphub("solve", "problem.json", "--out", "outcome.json", into=tmp_path).returncode == 2
    assert outcome_in(tmp_path / "outcome.json").problem_sha256 is None


def test_a_missing_problem_is_refused_with_a_sentence(tmp_path: Path) -> None:
    solved = gmphub("solve", "nowhere.json", "--out", "outcome.json", into=tmp_path)
    assert solved.returncode == 2
    assert "nowhere.json cannot be read" in solved.stderr
    assert outcome_in(tmp_path / "outcome.json").status == "rejected"


@pytest.mark.parametrize("place", ["missing/outcome.json", "problem.json/outcome.json", "."])
def test_a_place_that_cannot_be_written_is_told_before_any_work(small: Path, place: str) -> None:
    solved = gmphub("solve", small, "--out", place, into=small.parent)
    assert solved.returncode == 3
    assert "Cannot write" in solved.stderr
    assert "Traceback" not in solved.stderr
    assert sorted(path.name for path in small.parent.iterdir()) == ["problem.json"]


def test_effort_that_is_not_done_in_the_given_seconds_fails_the_run(tmp_path: Path) -> None:
    (tmp_path / "problem.json").write_bytes(problem_json(network("S", 0)))
    arguments = ("solve", "problem.json", "--out", "outcome.json", "--effort", "50", "--seconds", "0.01")
    solved = gmphub(*arguments, into=tmp_path)
    assert solved.returncode == 3, solved.stderr
    outcome = outcome_in(tmp_path / "outcome.json")
    assert (outcome.status, outcome.stopped, outcome.placements) == ("unknown", "clock", ())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_with_the_plan_so_far(tmp_path: Path, number: signal.Signals) -> None:
    (tmp_path / "problem.json").write_bytes(problem_json(network("S", 0)))
    words = [*COMMAND, "solve", "problem.json", "--out", "outcome.json", "--seconds", "100"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(words, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        said = next(line for line in running.stderr if "best plan" in line)
        running.send_signal(number)
        rest = running.stderr.read()
    assert running.returncode == 130, said + rest
    outcome = outcome_in(tmp_path / "outcome.json")
    assert outcome.stopped == "cancelled"
    assert outcome.placements
    assert "Traceback" not in rest
    assert gmphub("verify", "problem.json", "outcome.json", into=tmp_path).returncode == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("solve",),
        ("solve", "problem.json"),
        ("solve", "problem.json", "--out", "o.json", "--effort", "0"),
        ("solve", "problem.json", "--out", "o.json", "--seconds", "-1"),
        ("solve", "problem.json", "--out", "o.json", "--workers", "none"),
        ("verify", "problem.json"),
        ("verify", "missing.json", "missing.json"),
        ("generate", "XXL", "--out", "o.json"),
        ("convert", "gap", "missing.txt", "--out", "o.json"),
    ],
)
def test_wrong_use_is_refused_without_a_traceback(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = gmphub(*arguments, into=tmp_path)
    assert done.returncode == 2
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_a_generated_network_and_a_converted_instance_are_written(tmp_path: Path) -> None:
    assert gmphub("generate", "S", "--seed", "2", "--out", "network.json", into=tmp_path).returncode == 0
    assert (tmp_path / "network.json").read_bytes() == problem_json(network("S", 2))
    instance = ROOT / "tests" / "matcher" / "instances" / "assignment_3_8.txt"
    assert gmphub("convert", "gap", instance, "--out", "gap.json", into=tmp_path).returncode == 0
    assert len(json.loads((tmp_path / "gap.json").read_bytes())["requests"]) == 8


MEASURED = """
import resource
from registry.cli import main
try:
    main()
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def batches_without_end() -> bytes:
    batches = b",".join(b'{"id":"b%d","earliest":0,"latest":1}' % number for number in range(1_500_000))
    return as_bytes(FULL).partition(b'"batches": [')[0] + b'"batches": [' + batches


LARGE_FILES: dict[str, Callable[[], bytes]] = {
    "a thousand million batches claimed": lambda: as_bytes(changed(("requests[0].batches", 10**9))),
    "a thousand million ticks": lambda: as_bytes(changed(("horizon", 10**9), ("resources", []))),
    "batches without end": batches_without_end,
    "short lists": lambda: b"[" + b"[0]," * 1_400_000 + b"0]",
    "numbers only": lambda: b"[" + b"7," * 30_000_000 + b"7]",
    "empty objects": lambda: b"[" + b"{}," * 1_400_000 + b"{}]",
    "objects of one key": lambda: b"[" + b'{"a":1},' * 1_400_000 + b"{}]",
    "one long text": lambda: b'{"format": "' + b"x" * 200_000_000 + b'"}',
    "a long number": lambda: b'{"horizon": ' + b"9" * 5_000_000 + b"}",
    "many unknown keys": lambda: b"{" + b",".join(b'"k%d":1' % number for number in range(2_900_000)) + b"}",
}
"""Files that claim or hold very much."""


@pytest.mark.deep
@pytest.mark.parametrize("name", LARGE_FILES)
def test_a_hostile_file_is_rejected_in_less_than_a_gigabyte(tmp_path: Path, name: str) -> None:
    (tmp_path / "problem.json").write_bytes(LARGE_FILES[name]())
    words = [sys.executable, "-c", MEASURED, "solve", "problem.json", "--out", "outcome.json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr[-2000:]
    assert "Traceback" not in done.stderr
    assert int(done.stdout.split()[-1]) < 1024
    assert outcome_in(tmp_path / "outcome.json").faults


@pytest.mark.deep
@pytest.mark.parametrize("kind", range(0, len(bad_files()), 40))
def test_bad_files_leave_the_command_with_exit_code_2(tmp_path: Path, kind: int) -> None:
    bad = bad_files()[kind]
    (tmp_path / "problem.json").write_bytes(bad.data)
    done = gmphub("solve", "problem.json", "--out", "outcome.json", into=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert set(bad.paths) <= {fault.path for fault in outcome_in(tmp_path / "outcome.json").faults}


def test_a_device_a_pipe_and_a_link_stay_what_they_are(small: Path, tmp_path: Path) -> None:
    target, link, pipe = tmp_path / "target.json", tmp_path / "link.json", tmp_path / "pipe"
    target.write_text("before", encoding="utf-8")
    link.symlink_to(target)
    os.mkfifo(pipe)
    assert gmphub("solve", small, "--out", link, "--effort", "1", into=tmp_path).returncode == 0
    assert link.is_symlink()
    assert outcome_in(target).status == "optimal"
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        assert gmphub("solve", small, "--out", pipe, "--effort", "1", into=tmp_path).returncode == 0
        written, _ = reader.communicate(timeout=60)
    assert read_outcome(written).status == "optimal"
    assert pipe.is_fifo()


def test_an_outcome_goes_to_standard_output(small: Path) -> None:
    solved = gmphub("solve", small, "--out", "/dev/stdout", "--effort", "1", into=small.parent)
    assert solved.stdout.startswith("{")
    assert Path("/dev/stdout").is_symlink()


def test_the_outcome_does_not_take_the_place_of_the_problem(small: Path) -> None:
    before = small.read_bytes()
    refused = gmphub("solve", small, "--out", small, into=small.parent)
    assert (refused.returncode, small.read_bytes()) == (2, before)
    assert "is the problem itself" in refused.stderr


@pytest.mark.parametrize("option", ["--seed", "--effort", "--workers"])
def test_numbers_that_no_outcome_can_hold_are_refused(small: Path, option: str) -> None:
    assert gmphub("solve", small, "--out", "o.json", option, str(2**53), into=small.parent).returncode == 2
