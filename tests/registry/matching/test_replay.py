"""A calculation is repeated, compared and handed out: to an auditor whole, to a party only what is its own (T-G5)."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import typer
from pydantic import TypeAdapter
from sqlalchemy import select
from typer.testing import CliRunner

from matcher.outcome import SolveOptions
from matcher.verifier import verify_bundle
from registry import models
from registry.access.subject import OPERATOR, Subject
from registry.cli import rounds, solving
from registry.database import unit_of_work
from registry.errors import NotAllowedError, NotVisibleError
from registry.matching import told
from registry.matching.bundle import check_party_bundle, file_of
from registry.matching.bundling import auditor_bundle, party_bundle
from registry.matching.difference import difference
from registry.matching.disclosure import Withheld
from registry.matching.letters import letter_json
from registry.matching.publishing import publish
from registry.matching.replay import Kept, kept_of, replay, sha256_of_bytes
from registry.matching.runs import execute
from registry.matching.shadow import shadow
from registry.matching.telling import explanation_told, letter_told
from tests.registry.matching.small import REASON, Small, publication_proof, queued, small_facts, stored
from tests.registry.matching.test_publishing import change_urgency, member

pytestmark = [pytest.mark.database, pytest.mark.xdist_group("calculations")]

EFFORT = SolveOptions(effort=1)


def kept(run: object) -> Kept:
    with unit_of_work(OPERATOR) as session:
        return kept_of(session, session.get_one(models.Run, run))


def written(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def test_a_repetition_gives_the_same_again(world: Small) -> None:
    found = replay(kept(world.run))
    assert found.differences == ()
    assert found.again_sha256 == found.kept_sha256 == stored(world.run).manifest["result"]["repeatable_sha256"]


def test_sabotage_what_was_changed_afterwards_is_found(world: Small) -> None:
    true = kept(world.run)
    worse = json.loads(true.outcome)
    worse["placements"][0]["start"] += 1
    found = replay(replace(true, outcome=json.dumps(worse).encode()))
    assert any(line.startswith("the outcome: SHA-256") for line in found.differences)
    assert any(line.startswith("now placed") for line in found.differences)
    other = replay(replace(true, manifest={**true.manifest, "execution": 9}))
    assert other.differences == ("the manifest does not carry its own hash",)


def test_another_rank_gives_another_plan(world: Small) -> None:
    true = kept(world.run)
    found = replay(replace(true, rank=true.rank[::-1]))
    assert any(line.startswith("now placed") for line in found.differences)


def test_an_exploration_is_said_not_to_be_repeatable(world: Small) -> None:
    true = kept(world.run)
    explored = {**json.loads(true.outcome), "effort": None}
    assert "cannot be repeated" in replay(replace(true, outcome=json.dumps(explored).encode())).differences[0]


def test_a_repetition_that_is_stopped_says_so(world: Small) -> None:
    found = replay(kept(world.run), SolveOptions(cancelled=lambda: True))
    assert found.differences == ("The repetition was interrupted before its end.",)


def test_a_run_without_a_result_is_not_repeated(world: Small) -> None:
    with pytest.raises(NotAllowedError, match="no result"):
        kept(queued(world.coordinator, world.round))


def test_two_calculations_of_the_same_facts_have_the_same_plan(world: Small) -> None:
    other = queued(world.coordinator, world.round)
    execute(world.coordinator, other, EFFORT)
    found = difference(kept(world.run), kept(other))
    assert found.same
    assert (found.facts, found.policy, found.params, found.software) == ((), (), (), ())


def test_a_difference_names_what_was_different(world: Small) -> None:
    with unit_of_work(OPERATOR) as session:
        change_urgency(session)
    other = queued(world.coordinator, world.round)
    execute(world.coordinator, other, SolveOptions(effort=2))
    found = difference(kept(world.run), kept(other))
    assert found.facts == ("request R1: urgency",)
    assert found.params == ("effort: 1, then 2",)
    assert not found.unexplained


def test_a_plan_that_differs_for_no_reason_is_unexplained(world: Small) -> None:
    true = kept(world.run)
    moved = json.loads(true.outcome)
    moved["placements"].pop()
    found = difference(true, replace(true, outcome=json.dumps(moved).encode()))
    assert found.unexplained
    assert len(found.moved) == 1
    assert found.moved[0].second is None


def test_an_auditors_folder_passes_the_verifier(world: Small, tmp_path: Path) -> None:
    report = verify_bundle(written(tmp_path, auditor_bundle(OPERATOR, world.run)))
    assert report.exit_code == 0, report.as_text()
    assert report.remarks == ()


def test_an_auditors_folder_holds_what_each_requester_is_told(world: Small) -> None:
    """Letter and explanation word for word, as the API gives them, and the same folder again from the same calculation."""
    published(world)
    files = auditor_bundle(OPERATOR, world.run)
    assert files == auditor_bundle(OPERATOR, world.run)
    documents = [json.loads(files[name]) for name in files if name.startswith("told/")]
    found = {one["request"]: one for one in documents}
    assert sorted(found) == [f"R{number}" for number in range(1, 7)]
    with unit_of_work(OPERATOR) as session:
        rows = session.scalars(select(models.Request).where(models.Request.code.in_(found))).all()
        keys = {row.code: row.id for row in rows}
    sponsor = member(world, "SP2", Subject(world.approver.person))
    explanation = explanation_told(sponsor, world.run, keys["R2"])
    assert found["R2"]["explanation"] == TypeAdapter(type(explanation)).dump_python(explanation, mode="json")
    letter = letter_told(sponsor, world.run, keys["R2"], date(2030, 1, 1))
    assert found["R2"]["letter"] == json.loads(letter_json(letter))


@pytest.mark.parametrize("part", ["letter", "explanation"])
@pytest.mark.parametrize("leak", ["F1", "F2-S", "O2", "Rehearsal facility North-01", "R5", "SP6", "PR5"])
def test_sabotage_a_name_of_another_party_in_what_is_told_is_found(
    world: Small, tmp_path: Path, part: str, leak: str
) -> None:
    files = dict(auditor_bundle(OPERATOR, world.run))
    name = f"told/{file_of('R1')}"
    document = json.loads(files[name])
    document[part]["note"] = f"nothing left beside {leak}"
    manifest = json.loads(files["manifest.json"])
    files[name] = json.dumps(document).encode()
    manifest["files"][name] = sha256_of_bytes(files[name])
    files["manifest.json"] = json.dumps(manifest).encode()
    report = verify_bundle(written(tmp_path, files))
    assert [(one.check, one.found) for one in report.findings] == [(f"V16 {part}", f'"{leak}"')]


def test_what_is_withheld_stands_there_as_withheld(
    world: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(told, "released", lambda _done, one, reader: Withheld(one.request, reader, ("not true",)))
    files = auditor_bundle(OPERATOR, world.run)
    documents = [json.loads(files[name]) for name in files if name.startswith("told/")]
    assert {(one["letter"], one["explanation"], *one["withheld"]) for one in documents} == {(None, None, "not true")}
    assert verify_bundle(written(tmp_path, files)).exit_code == 0


@pytest.mark.parametrize("name", ["snapshot.json", "outcome.json", "policy.json", "verdicts.json"])
def test_sabotage_a_changed_file_of_it_does_not(world: Small, tmp_path: Path, name: str) -> None:
    written(tmp_path, auditor_bundle(OPERATOR, world.run))
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes() + b" ")
    assert verify_bundle(tmp_path).exit_code == 1


def test_a_sponsor_and_a_planner_may_not_have_an_auditors_folder(world: Small) -> None:
    for code in ("SP1", "O1"):
        person = member(world, code, Subject(world.approver.person))
        with pytest.raises(NotAllowedError):
            auditor_bundle(person, world.run)


def published(world: Small) -> None:
    publish(world.approver, world.run, publication_proof(world.approver, world.run), reason=REASON)


def test_a_partys_folder_comes_with_the_publication(world: Small) -> None:
    sponsor = member(world, "SP1", Subject(world.approver.person))
    with pytest.raises(NotVisibleError):
        party_bundle(sponsor, world.run)
    published(world)
    assert "records.json" in party_bundle(sponsor, world.run)
    with pytest.raises(NotAllowedError, match="did not take part"):
        party_bundle(Subject(world.approver.person), world.run)


@pytest.mark.parametrize("code", ["SP1", "O1"])
def test_a_partys_folder_proves_its_own_part_and_shows_no_other(world: Small, tmp_path: Path, code: str) -> None:
    published(world)
    files = party_bundle(member(world, code, Subject(world.approver.person)), world.run)
    assert check_party_bundle(written(tmp_path, files)) == ()
    assert {"calendar_age", "counts"}.isdisjoint(json.loads(files["manifest.json"])["snapshot"])

    facts = small_facts()
    requests = [one for one in facts.requests if one.sponsor != code]
    makers = [one for one in facts.facilities if one.organisation != code]
    foreign = {name for one in requests for name in (one.label, one.sponsor, one.product.id)}
    foreign |= {name for one in makers for name in (one.label, one.organisation)}
    everything = b"\n".join(files.values()).decode()
    assert [name for name in sorted(foreign) if f'"{name}"' in everything] == []
    assert len(json.loads(files["hashes.json"])["records"]) == len(facts.requests) + len(facts.facilities)


def test_a_start_is_shown_without_the_name_of_its_other_side(world: Small) -> None:
    """The code of a suite carries the one of its facility, which a sponsor does not know before it is disclosed."""
    published(world)
    start = json.loads(kept(world.run).outcome)["placements"][0]
    sponsor, maker = start["request"].replace("R", "SP"), start["suite"].replace("F", "O").removesuffix("-S")
    nothing = {"request": None, "batch": None, "suite": None}
    shown = {(sponsor,): start | {"suite": None}, (maker,): start | nothing | {"suite": start["suite"]}}
    for codes, expected in (shown | {(sponsor, maker): start}).items():
        person = Subject(world.approver.person)
        for code in codes:
            person = member(world, code, person)
        files = party_bundle(person, world.run)
        assert json.loads(files["placements.json"])["placements"] == [expected]


def test_sabotage_a_record_or_a_list_that_was_changed_is_found(world: Small, tmp_path: Path) -> None:
    published(world)
    files = dict(party_bundle(member(world, "SP1", Subject(world.approver.person)), world.run))
    shown = json.loads(files["records.json"])
    shown["records"][0]["record"]["urgency"] = 0
    written(tmp_path, {**files, "records.json": json.dumps(shown).encode()})
    assert check_party_bundle(tmp_path) == (
        "records.json is not the file of the manifest",
        "request R1 was not in the snapshot like this",
    )
    fewer = json.loads(files["hashes.json"])
    fewer["records"].pop()
    written(tmp_path, {**files, "hashes.json": json.dumps(fewer).encode()})
    assert "the list of hashes is not the one of the manifest" in check_party_bundle(tmp_path)


def test_a_policy_tried_on_earlier_facts_says_who_gains_and_who_loses(world: Small) -> None:
    same = shadow(kept(world.run), small_facts().tiers)
    assert same.checked
    assert [(one.group, one.requests, one.gaining, one.losing) for one in same.groups] == [("DE", 6, 0, 0)]

    nothing_travels = shadow(kept(world.run), [{"travel": 1}, {"placed": 1}])
    group = nothing_travels.groups[0]
    assert nothing_travels.placed_now == 0
    assert (group.patients_before, group.patients_now, group.losing) == (2, 0, 2)


def test_the_commands(world: Small, tmp_path: Path) -> None:
    app = typer.Typer()
    rounds.register(app)
    solving.register(app)

    @app.callback()
    def options() -> None:
        """As the machine's own account."""

    def said(*arguments: str) -> tuple[int, str]:
        answer = CliRunner().invoke(app, list(arguments))
        return answer.exit_code, answer.output

    folder, run = tmp_path / "bundle", str(world.run)
    assert said("bundle", run, "--for", "auditor", "--out", str(folder))[0] == 0
    assert said("verify", "--bundle", str(folder))[0] == 0
    assert said("bundle", run, "--for", "auditor", "--out", str(folder))[0] == 2
    assert said("replay", run)[0] == 0
    assert said("diff", run, "newest")[0] == 0
    code, words = said("policy", "show", "official")
    assert code == 0
    assert "as many as possible: patients who could be treated" in words.lower()
    tiers = tmp_path / "tiers.json"
    tiers.write_text('[{"placed": 1}, {"waiting": 1}]', encoding="utf-8")
    code, words = said("policy", "check", str(tiers), "--on", run)
    assert code == 0
    assert "0 gain, 0 lose" in words
    tiers.write_text('[{"plaiced": 1}, {}]', encoding="utf-8")
    assert said("policy", "check", str(tiers))[0] == 1
    code, words = said("round", "list")
    assert code == 0
    assert run in words
