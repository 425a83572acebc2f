"""Bundles at the edges of the checks against the snapshot: the last that is right and the first that is wrong."""

from pathlib import Path
from typing import Any

import pytest

from matcher.verifier import verify_bundle
from matcher.verifier.bundle.room import Room
from matcher.verifier.problem import build
from tests.matcher.verifier.bundles import (
    Documents,
    authorisation,
    good,
    judged,
    numbers,
    pair,
    resealed,
    snapshot_request,
)
from tests.matcher.verifier.small import option, problem, request, use, with_value


@pytest.mark.parametrize(("name", "found"), [("R1", {"V13 complete"}), ("R2", {"V13 complete"}), ("R4", set())])
def test_only_a_request_that_is_set_aside_may_stand_twice(tmp_path: Path, name: str, found: set[str]) -> None:
    documents = good()
    documents["snapshot.json"]["requests"].append(snapshot_request(name))
    assert numbers(judged(tmp_path, documents)) == found


def told(rule: str, batches: int = 1, **changes: Any) -> Documents:
    """The good bundle, where R3 finds no room, with one reason told to it and this many batches."""
    documents = good()
    request, fact = documents["problem.json"]["requests"][2], documents["snapshot.json"]["requests"][2]
    for number in range(2, batches + 1):
        request["batches"].append({**request["batches"][0], "id": f"b{number}"})
        fact["batches"].append({**fact["batches"][0], "id": f"b{number}"})
    request |= changes
    fact |= {key: value for key, value in changes.items() if key in fact}
    documents["reasons/R3.json"]["reasons"][0]["rule"] = rule
    return resealed(documents)


@pytest.mark.parametrize(
    ("batches", "wanted", "found"),
    [(1, False, {"V13 reason"}), (1, True, {"V13 reason"}), (2, False, {"V13 reason"}), (2, True, set())],
)
def test_all_or_nothing_stands_in_the_way_only_of_two_batches(
    tmp_path: Path, batches: int, found: set[str], *, wanted: bool
) -> None:
    assert numbers(judged(tmp_path, told("all-or-nothing", batches, all_or_nothing=wanted))) == found


@pytest.mark.parametrize(
    ("held", "most", "found"),
    [([], 1, {"V13 reason"}), (["F1"], 1, {"V13 reason"}), (["F2"], 1, set()), (["F2"], 2, {"V13 reason"})],
)
def test_a_further_facility_stands_in_the_way_only_beyond_the_number_wanted(
    tmp_path: Path, held: list[str], most: int, found: set[str]
) -> None:
    assert numbers(judged(tmp_path, told("facilities-per-request", held=held, max_sites=most))) == found


@pytest.mark.parametrize("amounts", [(1, 2), (2, 1), (2, 2)])
@pytest.mark.parametrize(("capacity", "found"), [(2, set()), (1, {"resource"})])
def test_of_several_onboardings_the_largest_counts(amounts: tuple[int, int], capacity: int, found: set[str]) -> None:
    options = [option("F1", uses=[use("once", amount) for amount in amounts])]
    resource = {"id": "QC", "facility": "F", "period": 2, "capacity": [capacity, 0, 0, 0, 0]}
    built = build(problem(requests=[request("A", options=options)], resources=[resource]))
    asked = built.requests["A"]
    assert Room(built, {}).blocks(asked, asked.batches["1"], asked.options["F1"], 0) == found


def test_a_folder_that_cannot_be_looked_into_is_refused(tmp_path: Path) -> None:
    """A name longer than any file system takes."""
    report = verify_bundle(tmp_path / ("x" * 5000))
    assert report.exit_code == 2
    assert [text.split(":")[0] for text in report.refused] == ["the folder cannot be read"]


@pytest.mark.parametrize("document", [{"format": "gmphub/notes/1"}, {}, [], 3])
def test_a_further_file_may_have_any_format(tmp_path: Path, document: object) -> None:
    assert numbers(judged(tmp_path, good() | {"notes.json": document})) == set()


@pytest.mark.parametrize(("written", "shown"), [(b'{"format": 1.5}', "1.5"), (b'{"format": 2}', "2"), (b"[]", "null")])
def test_a_format_of_another_kind_is_shown_as_it_stands(tmp_path: Path, written: bytes, shown: str) -> None:
    found = judged(tmp_path, good() | {"reasons/R2.json": written}).findings
    assert [(one.text, one.found) for one in found if one.check == "V01 format"] == [("reasons/R2.json", shown)]


@pytest.mark.parametrize("label", ["Hôpital Nord", 'the "North"', "North\\West"])
def test_names_are_found_as_they_are_written_not_as_json_escapes_them(tmp_path: Path, label: str) -> None:
    documents = good()
    documents["snapshot.json"]["facilities"][1]["label"] = label
    assert numbers(judged(tmp_path / "1", documents)) == set()
    documents["reasons/R3.json"]["note"] = [{"full": f"at {label}, too"}]
    assert numbers(judged(tmp_path / "2", documents)) == {"V16 reasons"}


@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        ("requests.0.id", "R9", {"V02 unknown", "V13 complete", "V13 verdicts", "V16 told"}),
        ("facilities.0.sites.0.suites.0.id", "S9", {"V02 unknown", "V01 shape"}),
    ],
)
def test_a_placement_on_what_the_snapshot_does_not_have_is_named(
    tmp_path: Path, path: str, value: str, found: set[str]
) -> None:
    documents = good()
    documents["snapshot.json"] = with_value(documents["snapshot.json"], path, value)
    report = judged(tmp_path, documents)
    assert numbers(report) == found
    texts = [one.text for one in report.findings if one.check == "V02 unknown"]
    assert 'batch "b1" of request "R1"' in texts


@pytest.mark.parametrize(("stage", "found"), [("starting_material", set()), ("cell_product", {"V07 scope"})])
def test_starting_material_needs_no_authorisation(tmp_path: Path, stage: str, found: set[str]) -> None:
    documents = good()
    documents["snapshot.json"]["facilities"][0]["sites"][0]["authorisations"] = []
    documents["snapshot.json"]["requests"][0]["stage"] = stage
    assert numbers(judged(tmp_path, documents)) == found


@pytest.mark.parametrize(
    ("codes", "found"), [([], set()), (["1.3.1.4"], set()), (["1.3.1.3", "1.3.1.7"], {"V07 scope"})]
)
def test_an_exemption_that_names_operations_is_for_these(tmp_path: Path, codes: list[str], found: set[str]) -> None:
    documents = good()
    national = authorisation(kind="national hospital exemption", product_type="national", codes=codes)
    documents["snapshot.json"]["facilities"][0]["sites"][0]["authorisations"] = [national]
    approved = pair(hospital_exemption=True)
    documents["snapshot.json"]["requests"][0] |= {"pathway": "hospital_exemption", "pairs": [approved]}
    assert numbers(judged(tmp_path, documents)) == found


@pytest.mark.parametrize(
    ("step", "suite", "found"),
    [
        ("open", "open", {"V08 grade"}),
        ("open", "isolator", set()),
        ("isolator", "isolator", {"V08 grade"}),
        ("closed", "open", {"V08 grade"}),
        ("closed", "closed", {"V08 grade"}),
    ],
)
def test_a_stated_grade_is_kept_to_unless_an_isolator_protects_more(
    tmp_path: Path, step: str, suite: str, found: set[str]
) -> None:
    """The step needs no equipment, which is no fault either."""
    documents = good()
    documents["snapshot.json"]["facilities"][0]["sites"][0]["suites"][0] |= {"grade": "C", "mode": suite}
    steps = [{"mode": step, "background": "B", "equipment": []}]
    documents["snapshot.json"]["requests"][0]["product"]["steps"] = steps
    assert numbers(judged(tmp_path, documents)) == found


@pytest.mark.parametrize(("kind", "found"), [("company", {"V10 service"}), ("hospital", set())])
@pytest.mark.parametrize("changes", [{"service_model": "academic collaboration"}, {"open_to_companies": False}])
def test_only_companies_need_a_facility_that_serves_them(
    tmp_path: Path, changes: dict[str, object], kind: str, found: set[str]
) -> None:
    documents = good()
    documents["snapshot.json"]["facilities"][0] |= changes
    documents["snapshot.json"]["requests"][0]["sponsor_kind"] = kind
    assert numbers(judged(tmp_path, documents)) == found
