"""Bundles: a right one passes, and each fact that is spoiled is found by the check whose number it has."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from matcher.verifier import verify_bundle
from matcher.verifier.__main__ import main
from tests.matcher.verifier.bundles import (
    Documents,
    authorisation,
    good,
    judged,
    numbers,
    pair,
    period,
    place,
    resealed,
    snapshot_request,
    told_reasons,
    verdict,
    written,
)
from tests.matcher.verifier.small import DROP, with_value

SUITE = "snapshot.json|facilities.0.sites.0.suites.0"
SITE = "snapshot.json|facilities.0.sites.0"
R1 = "snapshot.json|requests.0"


def changed(path: str, value: Any) -> Documents:
    """The good bundle with one value of one file set: `file|dotted path`."""
    documents = good()
    name, inner = path.split("|")
    documents[name] = with_value(documents[name], inner, value)
    return resealed(documents) if name == "problem.json" else documents


def test_a_right_bundle_passes(tmp_path: Path) -> None:
    report = judged(tmp_path, good())
    assert (report.findings, report.remarks, report.exit_code) == ((), (), 0)
    assert report.objective == (3, -3)


ALLOWED: list[tuple[str, Any]] = [
    (f"{SITE}.authorisations.0.validity", period("2026-01-13", "2026-02-12")),
    (f"{SITE}.authorisations.0.suites", ["S1"]),
    (f"{SITE}.authorisations.0.holder", "Alpha"),
    (
        f"{SITE}.authorisations",
        [
            authorisation(validity=period("2026-01-20", None)),
            authorisation(validity=period("2026-01-01", "2026-01-20")),
        ],
    ),
    (f"{SITE}.non_compliances", [{"id": "N", "codes": ["1.3.1.3"], "period": period("2020-01-01", None)}]),
    (f"{SITE}.non_compliances", [{"id": "N", "codes": [], "period": period("2020-01-01", "2025-12-20")}]),
    (f"{SUITE}.open", [period("2026-01-13", "2026-01-25")]),
    (f"{SUITE}.start_weekdays", []),
    (f"{SUITE}.grade", "A"),
    (f"{SUITE}.mode", "isolator"),
    (f"{SUITE}.stays", [{"period": period("2026-01-25", "2026-01-30"), "places": 1, "family": None}]),
    (f"{SUITE}.stays", [{"period": period("2026-01-10", "2026-01-13"), "places": 1, "family": None}]),
    (f"{SUITE}.stays", [{"period": period("2026-03-01", "2026-03-03"), "places": 9, "family": None}]),
    ("snapshot.json|facilities.0.notice_days", None),
    ("snapshot.json|known_on", "2025-12-30"),
    ("snapshot.json|facilities.0.families", ["car-t"]),
    (f"{R1}.batches.0.latest", "2026-01-12"),
    (f"{R1}.batches.0.earliest", "2026-01-18"),
    (f"{R1}.stage", "starting_material"),
    (f"{R1}.stage", "fill_finish"),
    ("verdicts.json|pairs.0.conditional", []),
    ("policy.json|tie_break", ["R1", "R2", "R3"]),
]


@pytest.mark.parametrize(("path", "value"), ALLOWED)
def test_what_is_just_allowed_passes(tmp_path: Path, path: str, value: Any) -> None:
    assert numbers(judged(tmp_path, changed(path, value))) == set()


SPOILED: list[tuple[str, Any, str]] = [
    ("policy.json|format", "gmphub/policy/2", "V01 format"),
    ("reasons/R2.json|format", DROP, "V01 format"),
    ("snapshot.json|requests", DROP, "V01 shape"),
    ("outcome.json|problem_sha256", "0" * 64, "V01 hash"),
    ("outcome.json|placements.0.suite", "S9", "V02 unknown"),
    ("outcome.json|surplus", 1, "V02 format"),
    ("problem.json|requests.0.all_or_nothing", True, "V11 request"),
    ("problem.json|bookings", [{"suite": "S1", "start": 1, "end": 2, "family": "car-t"}], "V04 places"),
    ("problem.json|suites.0.open", [[2, 10]], "V06 start"),
    ("outcome.json|objective", [4, 0], "V12 objective"),
    (f"{SUITE}.stays", [{"period": period("2026-01-24", "2026-01-30"), "places": 1, "family": None}], "V04 days"),
    (f"{SUITE}.stays", [{"period": period("2026-01-10", "2026-01-14"), "places": 1, "family": None}], "V04 days"),
    (f"{SUITE}.open", [period("2026-01-05", "2026-01-24")], "V06 open"),
    (f"{SUITE}.open", [period("2026-01-14", "2026-03-16")], "V06 open"),
    ("snapshot.json|known_on", "2025-12-31", "V06 notice"),
    (f"{SITE}.authorisations", [], "V07 scope"),
    (f"{SITE}.authorisations.0.kind", "MIA", "V07 scope"),
    (f"{SITE}.authorisations.0.product_type", "human", "V07 scope"),
    (f"{SITE}.authorisations.0.holder", "Org South", "V07 scope"),
    (f"{SITE}.authorisations.0.suites", ["S2"], "V07 scope"),
    (f"{SITE}.authorisations.0.codes", ["1.3.1.3"], "V07 scope"),
    (f"{SITE}.authorisations.0.codes", [], "V07 scope"),
    (f"{SITE}.authorisations.0.validity", period("2020-01-01", "2026-02-11"), "V07 validity"),
    (f"{SITE}.authorisations.0.validity", period("2026-01-14", None), "V07 validity"),
    (
        f"{SITE}.non_compliances",
        [{"id": "N", "codes": ["1.3.1.4"], "period": period("2026-02-11", None)}],
        "V07 non-compliance",
    ),
    (
        f"{SITE}.non_compliances",
        [{"id": "N", "codes": [], "period": period("2020-01-01", "2025-12-21")}],
        "V07 non-compliance",
    ),
    (f"{R1}.pathway", "market", "V07 scope"),
    (f"{R1}.stage", "qc_only", "V07 scope"),
    (f"{R1}.stage", "certification_only", "V07 scope"),
    (f"{SUITE}.id", "S9", "V02 unknown"),
    (f"{SUITE}.equipment", [], "V08 equipment"),
    (f"{SUITE}.equipment.0.count", 0, "V08 equipment"),
    (f"{SUITE}.grade", "C", "V08 grade"),
    (f"{SUITE}.vector_work", False, "V08 vector"),
    (f"{SUITE}.containment_class", 1, "V08 containment"),
    (f"{R1}.product.gmo_class", 3, "V08 containment"),
    (f"{R1}.batches.0.earliest", "2026-01-19", "V09 window"),
    (f"{R1}.batches.0.latest", "2026-01-11", "V09 window"),
    (f"{R1}.excluded", ["F1"], "V09 excluded"),
    ("snapshot.json|facilities.0.service_model", "captive", "V10 service"),
    ("snapshot.json|facilities.0.service_model", "unknown", "V10 service"),
    ("snapshot.json|facilities.0.service_model", "academic collaboration", "V10 service"),
    ("snapshot.json|facilities.0.open_to_companies", None, "V10 service"),
    ("snapshot.json|facilities.0.families", [], "V10 family"),
    ("verdicts.json|pairs.0.fail", ["notice"], "V10 verdict"),
    ("verdicts.json|pairs.0.unknown", ["notice"], "V10 verdict"),
    ("snapshot.json|tiers", [{"placed": 1}], "V11 policy"),
    ("policy.json|tiers", [{"placed": 2}, {"waiting": 1}], "V11 policy"),
    ("policy.json|texts", ["patients first"], "V11 policy"),
    (f"{R1}.urgency", 1, "V11 request"),
    (f"{R1}.group", "north", "V11 request"),
    (f"{R1}.max_sites", 2, "V11 request"),
    (f"{R1}.batches.0.patients", 4, "V11 request"),
    (f"{R1}.batches.0.after", "b0", "V11 request"),
    (f"{R1}.id", "R9", "V02 unknown"),
    ("verdicts.json|pairs.6", verdict("R1", "S1"), "V13 verdicts"),
    ("verdicts.json|pairs.5", DROP, "V13 verdicts"),
    ("verdicts.json|set_aside", [], "V13 complete"),
    ("verdicts.json|set_aside.0.reasons", [], "V13 complete"),
    ("verdicts.json|set_aside.0.request", "R3", "V13 complete"),
    ("snapshot.json|requests.4", snapshot_request("R5"), "V13 complete"),
    ("reasons/R2.json|reasons", [], "V13 reasons"),
    ("reasons/R3.json|request", "R1", "V13 reasons"),
    ("reasons/R2.json|reasons.0.facilities", 2, "V13 reason"),
    ("reasons/R2.json|reasons.0.facilities", 0, "V13 reason"),
    ("reasons/R2.json|reasons.0.rule", "no-room", "V13 reason"),
    ("reasons/R3.json|reasons.0.rule", "qc-limit", "V13 reason"),
    ("reasons/R3.json|reasons.0.rule", "no-start-in-time", "V13 reason"),
    ("reasons/R3.json|reasons.0.rule", "other-product-in-the-room", "V13 reason"),
    ("reasons/R3.json|reasons.0.rule", "facilities-per-request", "V13 reason"),
    ("reasons/R3.json|reasons.0.rule", "all-or-nothing", "V13 reason"),
    ("reasons/R3.json|reasons.0.rule", "batch-sequence", "V13 reason"),
    ("reasons/R3.json|reasons.0.rule", "outweighed", "V13 reason"),
    ("reasons/R3.json|reasons.0.text", "R1 holds the room", "V16 reasons"),
    ("reasons/R3.json|reasons.0.text", "Request 1 holds the room", "V16 reasons"),
    ("reasons/R3.json|note", ["full at Facility North-02"], "V16 reasons"),
    ("reasons/R3.json|note", {"S2": 1}, "V16 reasons"),
    ("reasons/R3.json|note", "asked by Alpha.", "V16 reasons"),
    ("reasons/R3.json|note", "(F1)", "V16 reasons"),
    ("reasons/R3.json|note", "beside Alpha-cell", "V16 reasons"),
    ("reasons/R3.json|note", "Org North", "V16 reasons"),
]


@pytest.mark.parametrize(("path", "value", "check"), SPOILED)
def test_what_is_spoiled_is_found_by_its_check(tmp_path: Path, path: str, value: Any, check: str) -> None:
    report = judged(tmp_path, changed(path, value))
    assert report.exit_code == 1
    assert check in numbers(report)


@pytest.mark.parametrize("note", ["R3 asked", "Request 3", "R11 and Request 11", "xR1", "R1x"])
def test_a_letter_may_name_its_own_request_and_words_that_only_look_alike(tmp_path: Path, note: str) -> None:
    assert numbers(judged(tmp_path, changed("reasons/R3.json|note", note))) == set()


def test_a_letter_may_name_the_facility_that_was_found(tmp_path: Path) -> None:
    documents = good() | {"reasons/R1.json": told_reasons("R1", "placed", 1) | {"note": "Facility North-01, F1, S1"}}
    assert numbers(judged(tmp_path, documents)) == set()


@pytest.mark.parametrize(
    "name", ["R1", "Request 1", "Alpha", "Alpha-cell", "F2", "Facility North-02", "Org South", "S2"]
)
def test_each_name_of_another_party_is_found_by_itself(tmp_path: Path, name: str) -> None:
    report = judged(tmp_path, changed("reasons/R3.json|note", name))
    assert f'"{name}"' in {finding.found for finding in report.findings}


def test_a_number_in_a_letter_is_read_too(tmp_path: Path) -> None:
    documents = changed("reasons/R3.json|note", [777])
    documents["snapshot.json"]["requests"][1]["label"] = "777"
    assert numbers(judged(tmp_path, documents)) == {"V16 reasons"}


def test_the_site_of_another_facility_is_found_by_itself(tmp_path: Path) -> None:
    report = judged(tmp_path, changed("reasons/R3.json|note", "Org South site"))
    assert {finding.found for finding in report.findings} == {'"Org South"', '"Org South site"'}


def test_without_notice_a_stay_may_begin_at_once(tmp_path: Path) -> None:
    documents = changed("snapshot.json|facilities.0.notice_days", None)
    documents["snapshot.json"]["known_on"] = "2026-01-13"
    assert numbers(judged(tmp_path, documents)) == set()


def test_a_letter_to_nobody_is_found(tmp_path: Path) -> None:
    documents = good() | {"reasons/R9.json": told_reasons("R9", "no-room", 1)}
    assert numbers(judged(tmp_path, documents)) == {"V02 unknown"}


@pytest.mark.parametrize(("end", "found"), [("2026-01-23", set()), ("2026-01-22", {"V07 validity"})])
def test_without_later_loads_the_licence_covers_the_stay_alone(tmp_path: Path, end: str, found: set[str]) -> None:
    documents = changed(f"{SITE}.authorisations.0.validity", period("2026-01-13", end))
    documents["snapshot.json"]["requests"][0]["product"]["loads"] = []
    assert numbers(judged(tmp_path, documents)) == found


@pytest.mark.parametrize(("weekdays", "first", "last"), [([4, 2], "27", "08"), ([], "26", "07"), ([3], "28", "09")])
def test_a_stay_begins_on_the_first_start_weekday_of_its_week(
    tmp_path: Path, weekdays: list[int], first: str, last: str
) -> None:
    documents = changed(f"{SUITE}.start_weekdays", weekdays)
    documents["problem.json"]["requests"][0]["batches"][0]["latest"] = 3
    documents["outcome.json"]["placements"][0]["start"] = 3
    documents["snapshot.json"]["facilities"][0]["sites"][0]["suites"][0]["open"] = []
    required = {finding.required for finding in judged(tmp_path, resealed(documents)).findings}
    assert f"open from 2026-01-{first} to 2026-02-{last}" in required


def exempted(**changes: Any) -> Documents:
    documents = changed(f"{R1}.pathway", "hospital_exemption")
    national = authorisation(kind="national hospital exemption", product_type="national", codes=[])
    documents["snapshot.json"]["facilities"][0]["sites"][0]["authorisations"] = [national]
    request = documents["snapshot.json"]["requests"][0]
    request |= {"pairs": [pair(hospital_exemption=True)], **changes}
    return documents


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, set()),
        ({"treating": [place(), place()]}, set()),
        ({"treating": [place(), place(country="FR")]}, set()),
        ({"treating": [place(country="FR")]}, {"V09 country"}),
        ({"pairs": []}, {"V09 exemption"}),
        ({"pairs": [pair()]}, {"V09 exemption"}),
        ({"pairs": [pair(site="Org South site", hospital_exemption=True)]}, {"V09 exemption"}),
    ],
)
def test_the_hospital_exemption(tmp_path: Path, changes: dict[str, Any], found: set[str]) -> None:
    assert numbers(judged(tmp_path, exempted(**changes))) == found


def test_a_better_plan_is_only_a_remark(tmp_path: Path) -> None:
    documents = changed("problem.json|requests.2.batches.0.latest", 3)
    report = judged(tmp_path, documents)
    assert [remark[:4] for remark in report.remarks] == ["V14:"]
    assert numbers(report) == set()


def test_a_tie_broken_against_the_published_order_is_only_a_remark(tmp_path: Path) -> None:
    report = judged(tmp_path, changed("policy.json|tie_break", ["R3", "R1", "R2"]))
    assert [remark[:4] for remark in report.remarks] == ["V15:"]
    assert report.exit_code == 0
    report = judged(tmp_path, changed("policy.json|tie_break", DROP))
    assert report.remarks == ("V15: the policy publishes no order for ties",)


def with_limit(capacity: int) -> Documents:
    """R3 may start beside R1 in another place, but each takes one of a weekly resource."""
    documents = good()
    problem = documents["problem.json"]
    problem["suites"][0]["places"] = 2
    problem["resources"] = [{"id": "QC", "facility": "F1", "period": 10, "capacity": [capacity]}]
    for number in (0, 2):
        problem["requests"][number]["options"][0]["uses"] = [{"resource": "QC", "amount": 1, "at": "end"}]
    documents["reasons/R3.json"]["reasons"][0]["rule"] = "qc-limit"
    return resealed(documents)


def test_a_limit_of_the_facility_is_a_reason_only_where_it_is_reached(tmp_path: Path) -> None:
    assert numbers(judged(tmp_path / "1", with_limit(1))) == set()
    assert numbers(judged(tmp_path / "2", with_limit(2))) == {"V13 reason"}


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (lambda files: files | {"problem.json": "0" * 64}, {"V01 files"}),
        (lambda files: {name: value for name, value in files.items() if name != "reasons/R2.json"}, {"V01 files"}),
        (lambda files: files | {"reasons/R9.json": "0" * 64}, {"V01 files"}),
    ],
)
def test_files_are_those_of_the_manifest(
    tmp_path: Path, spoil: Callable[[dict[str, str]], object], found: set[str]
) -> None:
    folder = written(tmp_path, good(), lambda manifest: {**manifest, "files": spoil(manifest["files"])})
    assert numbers(verify_bundle(folder)) == found


@pytest.mark.parametrize("name", ["snapshot.json", "outcome.json", "policy.json", "verdicts.json"])
def test_a_missing_or_unreadable_file_is_found(tmp_path: Path, name: str) -> None:
    whole = good()
    rest = {key: value for key, value in whole.items() if key != name}
    assert "V01 files" in numbers(judged(tmp_path / "missing", rest))
    broken = numbers(judged(tmp_path / "broken", {**whole, name: b"{"}))
    assert "V01 files" in broken
    assert "V01 format" not in broken
    assert "V01 files" in numbers(judged(tmp_path / "twice", {**whole, name: b'{"a": 1, "a": 2}'}))
    assert "V01 shape" in numbers(judged(tmp_path / "list", {**whole, name: []}))


def test_a_folder_without_manifest_or_problem_is_refused(tmp_path: Path) -> None:
    assert verify_bundle(tmp_path / "nothing").exit_code == 2
    folder = written(tmp_path / "a", {key: value for key, value in good().items() if key != "problem.json"})
    assert verify_bundle(folder).exit_code == 2
    folder = written(tmp_path / "b", good(), lambda _: [])
    assert verify_bundle(folder).exit_code == 2
    folder = written(tmp_path / "c", good(), lambda _: {"format": "gmphub/bundle/2"})
    assert verify_bundle(folder).exit_code == 2
    assert judged(tmp_path / "d", changed("problem.json|horizon", 10) | {"problem.json": {}}).exit_code == 2
    folder = written(tmp_path / "e", good(), lambda manifest: {**manifest, "format": "gmphub/bundle/1"})
    assert numbers(verify_bundle(folder)) == {"V01 format"}


def test_the_command_reads_a_bundle(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--bundle", str(written(tmp_path, good())), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "pass"
    with pytest.raises(SystemExit) as stopped:
        main(["--bundle", str(tmp_path), "problem.json"])
    assert stopped.value.code == 2
