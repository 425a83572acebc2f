"""A manifest is one document with the hash of everything else in it."""

import hashlib
import platform
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from matcher.facts import Facts
from registry.database import unit_of_work
from registry.matching.age import age_part
from registry.matching.documents import canonical, sha256_of, to_document
from registry.matching.manifest import (
    OWN_HASH,
    PRESOLVE,
    is_sealed,
    sealed,
    second_opinion_part,
    software,
    verifier_sha256,
)
from registry.matching.manifest_software import git_commit, installed, processor
from registry.matching.records import record_sha256, records_of, records_sha256
from registry.matching.second_opinion import SecondOpinion, not_asked
from registry.matching.staleness import differences, reasons_stale
from registry.queries.data_age import data_age
from tests.registry.matching.small import Small, small_facts, stored

SOLVERS = Path(str(files("matcher")))
MANIFEST = {"run_id": "1", "params": {"seed": 3}, "account": {"rows": 5}}


def test_a_sealed_manifest_carries_the_hash_of_its_canonical_form() -> None:
    made = sealed(MANIFEST)
    assert made[OWN_HASH] == hashlib.sha256(canonical(MANIFEST)).hexdigest()
    assert is_sealed(made)
    assert sealed(made) == made


@pytest.mark.parametrize("change", [{"run_id": "2"}, {"params": {"seed": 4}}, {"more": None}, {OWN_HASH: "0" * 64}])
def test_sabotage_any_change_breaks_the_seal(change: dict[str, Any]) -> None:
    assert not is_sealed({**sealed(MANIFEST), **change})


def test_what_cannot_be_known_is_null(tmp_path: Path) -> None:
    assert git_commit(tmp_path) is None


def test_the_commit_is_read_from_a_checkout(tmp_path: Path) -> None:
    git = tmp_path / ".git"
    (git / "refs" / "heads").mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n", encoding="utf-8")
    assert git_commit(tmp_path) is None
    (git / "packed-refs").write_text(f"# packed\n{'b' * 40} refs/heads/main\n", encoding="utf-8")
    assert git_commit(tmp_path) == "b" * 40
    (git / "refs" / "heads" / "main").write_text(f"{'a' * 40}\n", encoding="utf-8")
    assert git_commit(tmp_path) == "a" * 40
    (git / "HEAD").write_text(f"{'c' * 40}\n", encoding="utf-8")
    assert git_commit(tmp_path) == "c" * 40


def test_the_kind_of_processor_is_named_and_its_serial_number_is_not(tmp_path: Path) -> None:
    said = tmp_path / "cpuinfo"
    said.write_text("processor\t: 0\nmodel name\t: Made-up 3000 @ 2.1GHz\nSerial\t\t: 00001234\n", encoding="utf-8")
    assert processor(said) == "Made-up 3000 @ 2.1GHz"
    assert processor(tmp_path / "none") == (platform.processor() or None)


def test_solvers_carry_the_version_of_what_they_come_in() -> None:
    inside = f"inside OR-Tools {software()['ortools']}"
    assert (software()["cp_sat"], software()["highs"]) == (inside, inside)
    asked = second_opinion_part(SecondOpinion(asked=True, solver="another"))
    assert asked["version"] == f"OR-Tools {software()['ortools']}"
    assert second_opinion_part(not_asked("too large"))["version"] is None


def aged(*days: int | None) -> Facts:
    """Facts of facilities confirmed so many days ago, weekly calendars; None was never confirmed."""
    facts = small_facts()
    on = facts.known_on
    return replace(
        facts,
        facilities=tuple(
            replace(
                facts.facilities[0],
                id=f"F{number}",
                calendar_confirmed_on=None if ago is None else on - timedelta(days=ago),
                calendar_clock_stopped_days=0,
            )
            for number, ago in enumerate(days)
        ),
    )


def test_the_age_of_calendars_is_of_those_that_took_part() -> None:
    facts = aged(1, 3, 8, 4000, None)
    assert age_part(facts) == {
        "facilities": 5,
        "oldest_on": (facts.known_on - timedelta(days=8)).isoformat(),
        "oldest_days": 8,
        "median_days": 3,
        "excluded": 1,
        "never_confirmed": 1,
    }
    none = age_part(aged(None))
    assert (none["oldest_on"], none["oldest_days"], none["median_days"]) == (None, None, None)


@pytest.mark.database
@pytest.mark.xdist_group("calculations")
def test_the_age_is_the_one_that_overseers_read(world: Small) -> None:
    with unit_of_work(world.coordinator) as session:
        told = data_age(session, world.coordinator, world.run)
    assert told is not None
    assert to_document(told.summary) == stored(world.run).manifest["snapshot"]["calendar_age"]


def test_software_and_verifier_are_named() -> None:
    assert software()["ortools"]
    assert len(str(software()["country_pack_sha256"])) == 64
    assert len(verifier_sha256()) == 64


def test_the_bill_of_software_is_every_installed_distribution_and_its_hash() -> None:
    bill = sorted(installed())
    assert len(bill) == len({line.split("==")[0] for line in bill}) > 20
    assert f"ortools=={software()['ortools']}" in bill
    assert software()["sbom_sha256"] == sha256_of(bill)
    assert software()["sbom_sha256"] != sha256_of([*bill, "smuggled==1.0"])


def test_what_is_said_of_presolve_is_what_the_solvers_are_told() -> None:
    told = {path.parent.name + "/" + path.name: path.read_text(encoding="utf-8") for path in SOLVERS.rglob("*.py")}
    without = sorted(name for name, text in told.items() if "cp_model_presolve = False" in text)
    assert (PRESOLVE["neighbourhoods"], without) == ("none", ["large/submodel.py", "model/neighbourhoods.py"])
    assert not [name for name, text in told.items() if "presolve = False" in text and name not in without]


def test_a_record_is_found_under_its_salt_and_no_other() -> None:
    facts = small_facts()
    records = records_of(facts, "key")
    first = records[0]
    assert record_sha256(first.salt, facts.requests[0]) == first.sha256
    assert record_sha256(first.salt, facts.requests[1]) != first.sha256
    assert {record.sha256 for record in records_of(facts, "another key")}.isdisjoint(one.sha256 for one in records)
    hashes = [record.sha256 for record in records]
    assert records_sha256(hashes) == records_sha256(reversed(hashes)) != records_sha256(hashes[1:])


def test_equal_facts_are_not_stale() -> None:
    assert reasons_stale(small_facts(), small_facts()) == ()


def test_an_older_confirmation_is_a_difference_and_a_newer_is_none() -> None:
    before = {"calendar_confirmed_on": "2026-11-20"}
    assert list(differences(before, {"calendar_confirmed_on": "2026-11-21"})) == []
    assert list(differences(before, {"calendar_confirmed_on": "2026-11-19"})) == ["calendar_confirmed_on"]
    assert list(differences(before, {"calendar_confirmed_on": None})) == ["calendar_confirmed_on"]
    assert list(differences({"a": [{"b": 1}]}, {"a": [{"b": 2}]})) == ["a.b"]
    assert list(differences({"a": [1]}, {"a": [1, 2]})) == ["a"]
