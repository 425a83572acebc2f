"""What each requester is told: once, nothing of another party, and nothing of a facility's record."""

from pathlib import Path
from typing import Any

import pytest

from tests.matcher.verifier.bundles import (
    Documents,
    certificate,
    facility,
    good,
    judged,
    lot,
    numbers,
    permit,
    told,
    verdict,
)
from tests.matcher.verifier.small import DROP, Document, with_value


def with_note(part: str, note: Any) -> Documents:
    """The good bundle with something more in what R3, which is not placed, is told."""
    documents = good()
    documents["told/R3.json"][part]["note"] = note
    return documents


NAMES = ("R1", "Request 1", "Alpha", "Alpha-cell", "F1", "F2", "Facility North-01", "Org North", "Org South site", "S1")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("part", ["letter", "explanation"])
def test_a_name_of_another_party_is_found(tmp_path: Path, part: str, name: str) -> None:
    report = judged(tmp_path, with_note(part, [{"text": f"full at {name}."}]))
    assert numbers(report) == {f"V16 {part}"}
    assert f'"{name}"' in {one.found for one in report.findings}


def test_a_requester_reads_no_name_even_of_the_facility_where_it_is_placed(tmp_path: Path) -> None:
    documents = good()
    documents["told/R1.json"]["letter"]["sites"] = ["Facility North-01"]
    assert numbers(judged(tmp_path, documents)) == {"V16 letter"}


@pytest.mark.parametrize("name", ["A1", "C1", "N1", "P1", "Holder"])
def test_records_of_a_facility_are_names_too(tmp_path: Path, name: str) -> None:
    documents = with_note("letter", name)
    site = documents["snapshot.json"]["facilities"][1]["sites"][0]
    site["certificates"], site["permits"] = [certificate()], [permit()]
    site["non_compliances"] = [{"id": "N1", "codes": [], "period": {"start": "2020-01-01", "end": None}}]
    site["authorisations"][0]["holder"] = "Holder"
    assert numbers(judged(tmp_path, documents)) == {"V16 letter"}


@pytest.mark.parametrize("name", ["R3", "Request 3", "Gamma", "Gamma-cell", "b1", "L1", "R11", "R1-x", "x-R1", "North"])
def test_own_names_and_words_that_only_look_alike_are_none(tmp_path: Path, name: str) -> None:
    assert numbers(judged(tmp_path, with_note("letter", name))) == set()


@pytest.mark.parametrize(("batch", "material", "found"), [("b1", "L1", set()), ("R2-b", "R2-lot", {"V16 letter"})])
def test_batches_and_lots_are_names_where_they_carry_the_code_of_their_request(
    tmp_path: Path, batch: str, material: str, found: set[str]
) -> None:
    for number, name in enumerate((batch, material)):
        documents = with_note("letter", f"beside {name}")
        documents["snapshot.json"]["requests"][1]["materials"] = [lot(id=material)]
        documents["snapshot.json"]["requests"][1]["batches"][0]["id"] = batch
        checks = numbers(judged(tmp_path / str(number), documents)) - {"V11 request"}
        assert checks == found


@pytest.mark.parametrize(("label", "found"), [("Q", set()), ("QQ", {"V16 letter"})])
def test_a_name_of_one_character_says_nothing(tmp_path: Path, label: str, found: set[str]) -> None:
    documents = with_note("letter", f"{label} is full")
    documents["snapshot.json"]["requests"][0]["label"] = label
    assert numbers(judged(tmp_path, documents)) == found


def test_nothing_or_twice_or_a_stranger_is_told_of(tmp_path: Path) -> None:
    for name, change in {
        "nothing": {"told/R2.json": told("R3")},
        "twice": {"told/R5.json": told("R3")},
        "stranger": {"told/R5.json": told("R5")},
    }.items():
        assert numbers(judged(tmp_path / name, good() | change)) == {"V16 told"}
    missing = {name: document for name, document in good().items() if name != "told/R2.json"}
    assert numbers(judged(tmp_path / "missing", missing)) == {"V16 told"}


def test_what_is_withheld_is_not_looked_at(tmp_path: Path) -> None:
    withheld = told("R3", letter=None, explanation=None, withheld=["it names 'R1' of another party"])
    assert numbers(judged(tmp_path, good() | {"told/R3.json": withheld})) == set()


def rule(**changes: Any) -> Document:
    """A rule that keeps a near miss out, as a requester reads it."""
    return {"rule": "notice", "required": "notice", "actual": None, "margin": None, "unit": None, **changes}


SPOILED: list[tuple[str, Any, str]] = [
    ("format", "gmphub/letter/1", "V01 format"),
    ("letter.format", "gmphub/told/1", "V01 format"),
    ("explanation.format", "gmphub/explanation/2", "V01 format"),
    ("explanation.request", "R4", "V16 explanation"),
    ("explanation.reader", "coordinator", "V16 explanation"),
    ("explanation.near", [{"rules": [rule(), rule(actual="28 days")]}], "V16 explanation"),
    ("explanation.near", [{"rules": [rule(margin=3)]}], "V16 explanation"),
    ("explanation.near", [{"rules": [rule(unit="days")]}], "V16 explanation"),
    ("explanation.near", [{"rules": [rule()]}], ""),
    ("explanation.changes", [{"side": "sponsor", "kind": "later"}, {"side": "facility", "kind": "staff"}], "V16 explanation"),
    ("explanation.changes", [{"side": "sponsor", "kind": "later"}], ""),
    ("explanation.changes", DROP, "V01 shape"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "check"), SPOILED)
def test_what_a_requester_must_not_read_is_found(tmp_path: Path, path: str, value: Any, check: str) -> None:
    documents = good()
    documents["told/R3.json"] = with_value(documents["told/R3.json"], path, value)
    assert numbers(judged(tmp_path, documents)) == ({check} if check else set())


@pytest.mark.parametrize(
    ("candidates", "refused", "country", "found"),
    [
        (5, {}, "ES", set()),
        (4, {}, "ES", {"V16 explanation"}),
        (5, {"fail": ["notice"]}, "ES", {"V16 explanation"}),
        (5, {"unknown": ["notice"]}, "ES", {"V16 explanation"}),
        (5, {"conditional": ["notice"]}, "ES", set()),
        (9, {}, "FR", {"V16 explanation"}),
        (1, {}, None, set()),
    ],
)
def test_a_country_is_named_only_where_enough_candidates_share_it(
    tmp_path: Path, candidates: int, refused: dict[str, list[str]], country: str | None, found: set[str]
) -> None:
    documents = good()
    with_candidates(documents, candidates)
    rows = documents["verdicts.json"]["pairs"]
    rows[4] = verdict("R3", "S1", **refused)
    assert rows[4]["suite"] == "S1"
    documents["told/R3.json"]["explanation"]["facilities"] = [{"name": "Facility A", "country": country}]
    assert numbers(judged(tmp_path, documents)) == found


@pytest.mark.parametrize(("candidates", "found"), [(5, set()), (4, {"V16 explanation"})])
@pytest.mark.parametrize(("part", "count"), [("limits", "facilities"), ("held", "weeks")])
def test_what_is_full_is_counted_only_where_enough_candidates_stand_behind_it(
    tmp_path: Path, candidates: int, found: set[str], part: str, count: str
) -> None:
    documents = good()
    with_candidates(documents, candidates)
    documents["told/R3.json"]["explanation"][part][0][count] = 1
    assert numbers(judged(tmp_path, documents)) == found


def with_candidates(documents: Documents, candidates: int) -> None:
    """Let R3 have so many candidates, F1 and new ones, all in one country."""
    rows = documents["verdicts.json"]["pairs"]
    for number in range(3, candidates + 2):
        name, suite = f"F{number}", f"S{number}"
        documents["snapshot.json"]["facilities"].append(facility(name, f"Facility {name}", f"Org {name}", [suite]))
        rows += [verdict("R1", suite), verdict("R2", suite), verdict("R3", suite)]
