"""The demo from the outside: figures that add up, a plan that is checked, nothing of a real name, the same again."""

import csv
import json
import os
import signal
import socket
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest

from tests.demo.conftest import Demo, gmphub, started

pytestmark = [pytest.mark.database, pytest.mark.xdist_group("demo")]

SHORTEST_NAME = 6
"""Names shorter than this are words of their own and would be found everywhere."""


def real_names() -> set[str]:
    """Names, organisations and holders of the directory; identifiers, titles and sponsors of the trials."""
    found = set()
    for name, columns in (
        ("directory.csv", ("name", "organisation", "holder")),
        ("trials.csv", ("trial_id", "title_short", "sponsor", "manufacturing_site_if_known")),
    ):
        text = files("seed_data").joinpath(name).read_text(encoding="utf-8")
        for row in csv.DictReader(text.splitlines()):
            found |= {row[column].strip() for column in columns}
    return {name for name in found if len(name) >= SHORTEST_NAME}


def test_every_row_of_both_files_is_accounted_for(demo: Demo) -> None:
    for part in demo.figures["rows"].values():
        left_out = sum(len(reason["rows"]) for reason in part["left_out"])
        assert part["modelled"] + left_out == part["rows"]
    assert demo.figures["facilities"] == 129
    assert demo.figures["requests"] >= 70


def test_the_plan_is_checked_and_not_below_first_come(demo: Demo) -> None:
    assert demo.figures["verified"] is True
    assert demo.figures["objective"] >= demo.figures["greedy_objective"]
    assert all(
        limit is None or value <= limit
        for value, limit in zip(demo.figures["objective"], demo.figures["bound"], strict=True)
    )


def test_the_rehearsal_is_tight_and_shows_each_kind_of_obstacle(demo: Demo) -> None:
    problem = json.loads((demo.kept / "problem.json").read_text(encoding="utf-8"))
    weight = sum(
        batch.get("weight") or request["weight"] for request in problem["requests"] for batch in request["batches"]
    )
    greedy = demo.figures["greedy_objective"][1]
    assert 0.10 <= 1 - greedy / weight <= 0.35
    rules = {reason["rule"] for one in demo.figures["unplaced"] for reason in one["reasons"]}
    assert rules >= {"scope-codes", "authorisation-validity", "fresh-material", "qc-limit", "no-room"}


def test_every_request_not_wholly_placed_has_its_reasons(demo: Demo) -> None:
    for one in demo.figures["unplaced"]:
        assert one["placed"] < one["batches"]
        assert one["reasons"]
        assert all(reason["rule"] and reason["text"] and reason["facilities"] >= 1 for reason in one["reasons"])


def test_no_output_of_the_rehearsal_holds_a_real_name(demo: Demo) -> None:
    listed = demo.run("facilities", "--json").stdout
    outputs = [demo.printed, json.dumps(demo.figures, ensure_ascii=False), listed]
    outputs += [path.read_text(encoding="utf-8") for path in demo.kept.iterdir()]
    found = {name for name in real_names() for text in outputs if name in text}
    assert found == set()


def test_the_search_for_real_names_would_find_one(demo: Demo) -> None:
    directory = demo.run("facilities", "--directory", "--json").stdout
    assert {name for name in real_names() if name in directory}


def test_a_second_run_shows_keeps_and_writes_the_same(demo: Demo, tmp_path: Path) -> None:
    again = demo.run("demo", "--once", "--keep", str(tmp_path), "--json", str(tmp_path / "figures.json"))
    assert again.returncode == 0
    assert json.loads((tmp_path / "figures.json").read_text(encoding="utf-8")) == demo.figures
    for name in ("problem.json", "outcome.json"):
        assert (tmp_path / name).read_bytes() == (demo.kept / name).read_bytes()


def test_the_kept_documents_pass_the_verifier(demo: Demo) -> None:
    checked = demo.run("verify", str(demo.kept / "problem.json"), str(demo.kept / "outcome.json"))
    assert checked.returncode == 0, checked.stdout


def test_a_changed_outcome_does_not_pass(demo: Demo, tmp_path: Path) -> None:
    outcome = json.loads((demo.kept / "outcome.json").read_text(encoding="utf-8"))
    outcome["placements"][0]["start"] += 1
    (tmp_path / "outcome.json").write_text(json.dumps(outcome), encoding="utf-8")
    assert demo.run("verify", str(demo.kept / "problem.json"), str(tmp_path / "outcome.json")).returncode == 1


def test_facilities_are_listed_as_objects_with_name_and_country(demo: Demo) -> None:
    matchable = json.loads(demo.run("facilities", "--matchable", "--json").stdout)
    assert len(matchable) == demo.figures["facilities_matchable"]
    assert all(one["id"] and one["name"].startswith("Rehearsal facility ") and one["country"] for one in matchable)
    assert len(json.loads(demo.run("facilities", "--limit", "3", "--json").stdout)) == 3


@pytest.mark.parametrize("person", ["planner", "developer-b"])
def test_a_key_is_the_last_line_printed(demo: Demo, person: str) -> None:
    made = demo.run("token", "create", "--person", person)
    assert made.returncode == 0
    assert made.stdout.splitlines()[-1].startswith("gmphub_")


def test_a_key_for_nobody_is_refused(demo: Demo) -> None:
    refused = demo.run("token", "create", "--person", "nobody")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "There is no account 'nobody'" in refused.stderr


def test_a_port_in_use_is_said_before_any_work(demo: Demo) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        refused = demo.run("demo", "--port", str(port))
    assert refused.returncode == 3
    assert str(port) in refused.stderr
    assert "Traceback" not in refused.stderr


def test_serving_after_a_rehearsal_gives_the_word_for_a_first_administrator(demo: Demo) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        ended = demo.run("serve", "--no-worker", "--port", str(port))
    assert "the account first-administrator" in ended.stdout + ended.stderr
    assert (ended.returncode, f"Port {port}" in ended.stderr) == (3, True), ended.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serving_leaves_no_process_behind(demo: Demo, number: signal.Signals) -> None:
    with started(demo.home, "serve", "--port", "0") as serving:
        assert serving.stderr is not None
        assert any("GMP Hub is at" in line for line in iter(serving.stderr.readline, ""))
        children = children_of(serving.pid)
        assert len(children) == 2
        serving.send_signal(number)
        serving.communicate(timeout=60)
        assert serving.returncode == 0
    assert not [pid for pid in children if alive(pid)]


def children_of(pid: int) -> list[int]:
    """The processes a process has started."""
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=True)
    return [int(word) for word in found.stdout.split()]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_file_that_is_not_there_is_refused_before_any_work(tmp_path: Path) -> None:
    refused = gmphub(tmp_path / "home", "demo", "--once", "--trials", str(tmp_path / "no.csv"))
    assert refused.returncode == 2
    assert "no.csv" in refused.stderr
    assert not (tmp_path / "home").exists()


def test_the_live_trail_is_whole(demo: Demo) -> None:
    checked = demo.run("audit", "verify")
    assert checked.returncode == 0, checked.stderr
