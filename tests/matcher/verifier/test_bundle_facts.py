"""The checks against the snapshot at their edges: for each fact the last value that is right and the first that is wrong."""

from pathlib import Path
from typing import Any

import pytest

from matcher.verifier.bundle.travel import _late, distance
from tests.matcher.verifier.bundles import (
    Documents,
    asked,
    authorisation,
    certificate,
    good,
    judged,
    lot,
    numbers,
    pair,
    period,
    permit,
    place,
    resealed,
    starts,
)
from tests.matcher.verifier.small import Document, with_value

FACILITY, REQUEST = "facilities.0", "requests.0"
SITE, PRODUCT = f"{FACILITY}.sites.0", f"{REQUEST}.product"
SUITE = f"{SITE}.suites.0"
Changes = dict[str, Any]


def changed(changes: Changes) -> Documents:
    """The good bundle with values of its snapshot set: path or the last part of it → value."""
    documents = good()
    for path, value in changes.items():
        documents["snapshot.json"] = with_value(documents["snapshot.json"], path, value)
    return documents


def step(mode: str | None, background: str | None = None) -> Document:
    return {"mode": mode, "background": background, "equipment": []}


def room(mode: str | None, grade: str | None, *steps: Document) -> Changes:
    return {f"{PRODUCT}.steps": list(steps), f"{SUITE}.mode": mode, f"{SUITE}.grade": grade}


def device(name: str, until: str | None, count: int = 1) -> Document:
    return {"equipment_class": name, "count": count, "qualified_until": until}


def statement(*codes: str) -> Changes:
    return {f"{SITE}.non_compliances": [{"id": "N", "codes": codes, "period": period("2027-01-01", None)}]}


def load(kind: str, days: int, at: str = "end") -> Document:
    return {"kind": kind, "amount": 1, "at": at, "delay_days": days}


def licences(*found: Document) -> Changes:
    return {f"{SITE}.authorisations": list(found)}


def new_product(states: Changes, *amounts: tuple[int, list[int] | None], kind: str = "new_products") -> Changes:
    limits = [{"kind": kind, "amount": amount, "weekly": weekly} for amount, weekly in amounts]
    return {f"{FACILITY}.limits": limits, f"{REQUEST}.pairs": [pair(stages=states)] if states else []}


def brought(ready_by: str, states: Changes | None = None, **batch: Any) -> Changes:
    ready = pair(ready_by=ready_by, stages=states or {})
    return {f"{REQUEST}.pairs": [ready], f"{REQUEST}.batches": [asked(**batch)]}


def batches(number: int, **changes: Any) -> Changes:
    several = [asked(), *(asked(id=f"b{k}") for k in range(2, number + 1))]
    return {f"{REQUEST}.batches": several, **{f"{REQUEST}.{name}": value for name, value in changes.items()}}


LICENCE: list[tuple[Changes, str]] = [
    (licences(authorisation(open_ended_confirmed=False)), "V07 validity"),
    (licences(authorisation(open_ended_confirmed=False, validity=period("2020-01-01", "2026-02-12"))), ""),
    (licences(authorisation(), authorisation(open_ended_confirmed=False)), ""),
    # what holds the code ends before the stay does, and what lasts longer holds another
    (
        licences(authorisation(validity=period("2020-01-01", "2026-02-11")), authorisation(codes=["1.3.1.3"])),
        "V07 validity",
    ),
    *(
        (licences(authorisation(codes=[code])) | {f"{REQUEST}.stage": "fill_finish"}, found)
        for code, found in (("1.1.1.4", ""), ("1.1.1.6", ""), ("1.3.1.4", ""), ("1.1.1.5", "V07 scope"))
    ),
    (statement("1.3.1.4"), "V07 non-compliance"),
    (statement("1.3.1"), "V07 non-compliance"),
    (statement("1.3", "9"), "V07 non-compliance"),
    (statement("1.3.1.40"), ""),
    (statement("1.3.1.4.1"), ""),
    (statement("1.3.1.3"), ""),
    *(
        (licences(authorisation(codes=codes, **changes)) | {f"{REQUEST}.stage": "storage"}, found)
        for codes, changes, found in (
            ([], {}, ""),
            (["1.3.1.4"], {}, ""),
            ([], {"kind": "MIA"}, "V07 scope"),
            ([], {"validity": period("2020-01-01", "2026-02-11")}, "V07 validity"),
        )
    ),
    (statement("1.3.1.4") | {f"{REQUEST}.stage": "storage"}, ""),
    (statement() | {f"{REQUEST}.stage": "storage"}, "V07 non-compliance"),
    (
        {
            f"{REQUEST}.stage": "storage",
            f"{SITE}.certificates": [certificate(withdrawn_on="2025-01-01", codes=["1.6.1"])],
        },
        "V07 certificate",
    ),
    ({f"{SITE}.certificates": [certificate(withdrawn_on="2025-01-01", codes=["1.3.1"])]}, "V07 certificate"),
    (statement() | {f"{REQUEST}.stage": "starting_material"}, "V07 non-compliance"),
    (statement("1.3.1.4") | {f"{REQUEST}.stage": "starting_material"}, ""),
    ({f"{SITE}.certificates": [certificate(withdrawn_on="2025-01-01")]}, "V07 certificate"),
    ({f"{SITE}.certificates": [certificate(withdrawn_on="2025-01-01", codes=[])]}, "V07 certificate"),
    ({f"{SITE}.certificates": [certificate(withdrawn_on="2025-01-01", codes=["1.3.1.3"])]}, ""),
    (
        {f"{SITE}.certificates": [certificate(withdrawn_on="2025-01-01", last_inspection="2023-12-31"), certificate()]},
        "",
    ),
    ({f"{SITE}.certificates": [certificate(withdrawn_on="2025-01-01", id="C0"), certificate()]}, ""),
    ({f"{SITE}.certificates": [certificate(withdrawn_on="2025-01-01", id="C2"), certificate()]}, "V07 certificate"),
    ({f"{SITE}.certificates": []}, ""),
    (
        {
            f"{SITE}.certificates": [certificate(withdrawn_on="2025-01-01", codes=[])],
            f"{REQUEST}.stage": "starting_material",
        },
        "",
    ),
    ({f"{FACILITY}.qp": None}, "V07 qualified person"),
    ({f"{FACILITY}.qp.classes": ["TEP"]}, "V07 qualified person"),
    *(
        ({f"{FACILITY}.qp": None, f"{REQUEST}.stage": stage, **licences(authorisation(codes=["1.6.1", "1.3.1.4"]))}, "")
        for stage in ("starting_material", "qc_only", "storage")
    ),
    (
        {
            f"{FACILITY}.qp": None,
            f"{REQUEST}.pathway": "named_patient",
            **licences(authorisation(kind="named patient", product_type="national")),
        },
        "",
    ),
]

LATER: list[tuple[Changes, str]] = [
    ({f"{FACILITY}.qp.valid_to": "2026-02-12"}, ""),
    ({f"{FACILITY}.qp.valid_to": "2026-02-11"}, "V07 qualified person"),
    ({f"{FACILITY}.qp.valid_to": None}, ""),
    *(
        (
            {f"{FACILITY}.qc_days": [["sterility", days], ["other", 99]], **loads}
            | licences(authorisation(validity=period("2020-01-01", "2026-02-12"))),
            found,
        )
        for days, loads, found in (
            (5, {}, ""),
            (6, {}, "V07 validity"),
            (0, {f"{PRODUCT}.loads": []}, ""),
            (20, {f"{PRODUCT}.loads": []}, ""),
            (21, {f"{PRODUCT}.loads": []}, "V07 validity"),
            (20, {f"{PRODUCT}.loads": [load("certifications", 20), load("operators", 1)]}, ""),
            (21, {f"{PRODUCT}.loads": [load("certifications", 20)]}, "V07 validity"),
            (20, {f"{PRODUCT}.loads": [load("qc_results", 9), load("qc_results", 20)]}, ""),
            (16, {f"{PRODUCT}.loads": [load("qc_results", 15), load("qc_results", 20, at="each")]}, ""),
        )
    ),
    (
        {
            f"{FACILITY}.qc_days": [["sterility", 6], ["pcr", 1]],
            f"{FACILITY}.qc_methods": ["sterility", "pcr"],
            f"{PRODUCT}.qc_methods": ["sterility", "pcr"],
        }
        | licences(authorisation(validity=period("2020-01-01", "2026-02-12"))),
        "V07 validity",
    ),
    ({f"{FACILITY}.qc_unclear": ["sterility"]}, ""),
    ({f"{FACILITY}.qc_unclear": ["sterility"], f"{FACILITY}.qc_methods": []}, "V08 methods"),
    ({f"{FACILITY}.qc_unclear": ["other"], f"{FACILITY}.qc_methods": []}, ""),
]
"""Facts that only some snapshots have: an end of the cover, days until results, methods nobody has said how."""

TECHNICAL: list[tuple[Changes, str]] = [
    (room("isolator", "D", step("open", "B")), ""),
    (room("isolator", "D", step("open")), ""),
    (room("isolator", "D", step("isolator", "C")), "V08 grade"),
    (room("open", "B", step("open")), ""),
    (room("open", "C", step("open")), "V08 grade"),
    (room("open", "D", step("open", "C")), "V08 grade"),
    (room("open", "B", step("open", "A")), "V08 grade"),
    (room("closed", "D", step("closed")), ""),
    (room("closed", "D", step("closed", "C")), "V08 grade"),
    (room("closed", "C", step("closed", "C")), ""),
    (room("closed", "B", step("closed", "C"), step("closed", "A")), "V08 grade"),
    (room("closed", None, step("closed")), "V08 grade"),
    (room("open", "D", step("open", "D")), "V08 grade"),
    (room("open", "C", step("open", "D")), ""),
    (room("open", "B", step(None)), "V08 mode"),
    (room("open", "C", step(None), step("closed")), "V08 grade"),
    (room(None, None), "V08 steps"),
    (room("closed", "A", step("open")), "V08 mode"),
    (room("closed", "A", step(None)), "V08 mode"),
    (room("closed", "A", step("closed"), step("open")), "V08 mode"),
    (room(None, "A", step("open")), "V08 mode"),
    (room(None, "A", step("closed")), ""),
    (room("open", "A", step("isolator")), "V08 mode"),
    (room("isolator", "B", step("isolator"), step(None)), ""),
    (room("isolator", "C", step("isolator"), step(None)), "V08 grade"),
    *(
        (room(None, None, step("open")) | {f"{REQUEST}.stage": stage} | licences(authorisation(codes=list(codes))), "")
        for stage, codes in (("storage", ["1.3.1.4"]), ("qc_only", ["1.6.4"]), ("certification_only", ["1.3.2.4"]))
    ),
    ({f"{SUITE}.equipment": [device("bag", None)]}, "V08 qualification"),
    ({f"{SUITE}.equipment": [device("bag", None), device("bioreactor", "2020-01-01")]}, ""),
    ({f"{SUITE}.equipment": [device("bag", None), device("bioreactor", "2020-01-01", 0)]}, "V08 qualification"),
    ({f"{SUITE}.equipment": [device("bag", "2020-01-01"), device("press", None)]}, ""),
    ({f"{PRODUCT}.vector": "unknown"}, "V08 vector"),
    ({f"{PRODUCT}.vector": "crispr", f"{SUITE}.vector_work": None}, ""),
    *(
        ({f"{PRODUCT}.vector": one, f"{SUITE}.vector_work": None}, "V08 vector")
        for one in ("retroviral", "aav", "other")
    ),
    (
        {f"{PRODUCT}.vector": "unknown", f"{REQUEST}.stage": "certification_only"}
        | licences(authorisation(codes=["1.3.2.4"])),
        "",
    ),
    ({f"{PRODUCT}.vector": "none", f"{PRODUCT}.gmo_class": None, f"{SITE}.permits": []}, ""),
    ({f"{PRODUCT}.vector": "none", f"{PRODUCT}.gmo_class": 2, f"{SITE}.permits": []}, "V08 permit"),
    ({f"{PRODUCT}.gmo_class": None}, "V08 containment"),
    ({f"{PRODUCT}.gmo_class": 0, f"{SITE}.permits": [], f"{SUITE}.containment_class": None}, ""),
    ({f"{PRODUCT}.gmo_class": 1}, ""),
    ({f"{PRODUCT}.gmo_class": 1, f"{SUITE}.containment_class": 1}, ""),
    ({f"{PRODUCT}.gmo_class": 1, f"{SITE}.permits": [permit(gmo_class=None)]}, "V08 permit"),
    ({f"{SUITE}.containment_class": None}, "V08 containment"),
    ({f"{SUITE}.containment_class": 3}, ""),
    ({f"{SITE}.permits": []}, "V08 permit"),
    ({f"{SITE}.permits": [permit(gmo_class=1)]}, "V08 permit"),
    ({f"{SITE}.permits": [permit(gmo_class=3)]}, ""),
    ({f"{SITE}.permits": [permit(kind="tissue_establishment")]}, "V08 permit"),
    ({f"{SITE}.permits": [permit(validity=period("2026-01-13", "2026-02-12"))]}, ""),
    ({f"{SITE}.permits": [permit(validity=period("2026-01-13", "2026-02-11"))]}, "V08 permit"),
    (
        {
            f"{SITE}.permits": [
                permit(validity=period("2026-01-20", None)),
                permit(validity=period("2026-01-01", "2026-01-20")),
            ]
        },
        "",
    ),
    ({f"{FACILITY}.qc_methods": []}, ""),
    *(
        (
            {f"{FACILITY}.qc_methods": methods, f"{REQUEST}.stage": "qc_only"}
            | licences(authorisation(codes=["1.6.2", "1.6.3"])),
            found,
        )
        for methods, found in (
            ([], "V08 methods"),
            (["endotoxin"], "V08 methods"),
            (["endotoxin", "sterility"], ""),
        )
    ),
]

MATERIAL: list[tuple[Changes, str]] = [
    ({f"{REQUEST}.materials": []}, ""),
    *(
        ({f"{REQUEST}.materials": [lot(), lot(**changes)]}, found and f"V09 material {found}")
        for changes, found in (
            ({"transport_days": 4}, ""),
            ({"transport_days": 5}, "release"),
            ({"released_on": None}, "release"),
            ({"expires_on": None}, "expiry"),
            ({"expires_on": "2026-01-13"}, "expiry"),
            ({"doses": None}, "doses"),
            ({"doses": 0}, "doses"),
        )
    ),
    (batches(2), ""),
    (batches(2, max_sites=2), "V09 material doses"),
    (batches(2, all_or_nothing=True), "V09 material doses"),
    (batches(2, max_sites=2, materials=[lot(doses=2)]), ""),
]

HERE = {"latitude": 41, "longitude": 2}
NEAR = {"latitude": 46.0, "longitude": 2}
"""556 km north of here: 10.3 hours by road."""

FARTHER = {"latitude": 46.5, "longitude": 2}
"""611.6 km north of here: 4.9 hours by air."""

AWAY = {"latitude": -46.5, "longitude": 2}


def way(key: str, hours: int | None, *places: Document, **changes: Any) -> Changes:
    """A way in or back, which takes as many hours at most."""
    limit = {"collection": "hours_fresh", "treating": "shelf_life_hours"}[key]
    there = [place(**one) for one in places]
    return {f"{REQUEST}.{key}": there, f"{REQUEST}.{limit}": hours} | {f"{REQUEST}.{k}": v for k, v in changes.items()}


TRAVEL: list[tuple[Changes, str]] = [
    *(
        (way(key, hours, *places), found and f"V09 way {word}")
        for key, word in (("collection", "in"), ("treating", "back"))
        for hours, places, found in (
            (11, (NEAR,), ""),
            (10, (NEAR,), "late"),
            (5, (FARTHER,), ""),
            (4, (FARTHER,), "late"),
            (10, (NEAR, FARTHER), ""),
            (10, (NEAR, AWAY), "late"),
            (None, (HERE,), "not stated"),
        )
    ),
    (way("collection", 0, HERE), ""),
    (way("collection", 24), "V09 way in"),
    (way("collection", None, input_state="frozen"), ""),
    (way("collection", 24, HERE, input_state="unknown"), "V09 way in"),
    (way("collection", None) | {f"{PRODUCT}.donor": "none"}, ""),
    (way("treating", None, HERE, product_fresh=False), ""),
    (way("treating", 24, HERE, product_fresh=None), "V09 way back"),
    ({f"{SITE}.latitude": None}, "V09 way in"),
    ({f"{SITE}.longitude": None}, "V09 way back"),
    (way("collection", None, stage="in_vivo_product"), ""),
    (way("treating", 1, NEAR, stage="in_vivo_product"), "V09 way back"),
    (way("treating", 1, NEAR, stage="starting_material"), ""),
    (way("collection", 1, NEAR, stage="starting_material"), ""),
    *(
        (
            {f"{REQUEST}.stage": stage, f"{SITE}.latitude": None} | licences(authorisation(codes=["1.3.2.4", "1.6.1"])),
            found,
        )
        for stage, found in (("certification_only", ""), ("qc_only", "V09 way in"))
    ),
    (way("treating", 1, NEAR, stage="qc_only") | licences(authorisation(codes=["1.6.1"])), ""),
]


def crossing(here: str, *there: str, **changes: Any) -> Changes:
    treating = [place(country=country) for country in there]
    return {f"{SITE}.country": here, f"{REQUEST}.treating": treating} | {
        f"{REQUEST}.{name}": value for name, value in changes.items()
    }


BORDERS: list[tuple[Changes, str]] = [
    (crossing("ES", "NO", "IS"), ""),
    (crossing("CH", "ES"), ""),
    (crossing("ES", "GB"), ""),
    (crossing("CH", "GB"), "V09 import"),
    (crossing("GB", "GB"), ""),
    (crossing("US", "US"), ""),
    (crossing("US", "ES"), "V09 import"),
    (crossing("ES", "ES", "US"), "V09 import"),
    (crossing("US", "ES", stage="starting_material"), ""),
    (crossing("US", "ES", stage="qc_only") | licences(authorisation(codes=["1.6.1"])), ""),
    *(
        (
            crossing("ES", there, pathway="named_patient")
            | licences(authorisation(kind="named patient", product_type="national")),
            found,
        )
        for there, found in (("FR", ""), ("CH", "V09 import"))
    ),
    (crossing("ES", "CH", pathway="market") | licences(authorisation(kind="MIA", product_type="human")), ""),
]

AGES: list[tuple[Changes, str]] = [
    *(
        ({f"{FACILITY}.calendar_confirmed_on": day, f"{FACILITY}.rhythm": rhythm}, found and "V10 calendar")
        for rhythm, day, found in (
            ("weekly", "2025-11-30", ""),
            ("weekly", "2025-11-29", "old"),
            ("fortnightly", "2025-11-23", ""),
            ("fortnightly", "2025-11-22", "old"),
            ("monthly", "2025-10-22", ""),
            ("monthly", "2025-10-21", "old"),
            ("quarterly", "2025-07-24", ""),
            ("quarterly", "2025-07-23", "old"),
            ("quarterly", None, "never"),
        )
    ),
    ({f"{FACILITY}.calendar_confirmed_on": "2025-10-21", f"{FACILITY}.calendar_clock_stopped_days": 1}, ""),
    ({f"{FACILITY}.calendar_confirmed_on": "2025-10-20", f"{FACILITY}.calendar_clock_stopped_days": 1}, "V10 calendar"),
    ({f"{FACILITY}.legal_confirmed_on": "2024-12-20"}, ""),
    ({f"{FACILITY}.legal_confirmed_on": "2024-12-19"}, "V10 attestation"),
    ({f"{FACILITY}.legal_confirmed_on": None}, "V10 attestation"),
]

SERVICE: list[tuple[Changes, str]] = [
    ({f"{FACILITY}.smallest_campaign": 2}, "V10 campaign"),
    ({f"{FACILITY}.smallest_campaign": None, f"{FACILITY}.largest_campaign": None}, ""),
    (batches(2, materials=[]), ""),
    (batches(2, materials=[], all_or_nothing=True), "V10 campaign"),
    (batches(2, materials=[], all_or_nothing=True, max_sites=2), ""),
    ({f"{FACILITY}.largest_campaign": 0}, "V10 campaign"),
    ({f"{FACILITY}.largest_campaign": 0, f"{FACILITY}.notice_days": None}, "V10 campaign"),
    *(
        ({f"{FACILITY}.starts": [starts(platform="open"), starts(**changes)]}, found and "V06 offered")
        for changes, found in (
            ({"pooled": False}, "no"),
            ({"starts_class": "indicative"}, "no"),
            ({"starts_per_week": 0}, "no"),
            ({"period": period("2026-01-13", "2026-01-14")}, ""),
            ({"period": period("2026-01-14", None)}, "no"),
            ({"period": period("2026-01-01", "2026-01-13")}, "no"),
        )
    ),
    (brought("2026-01-13"), ""),
    (brought("2026-01-14"), "V10 pair"),
    (brought("2026-01-14", {"ready": "expired"}), "V10 pair"),
    (brought("2026-01-14", {"ready": "not_needed"}), "V10 pair"),
    (brought("2026-01-14", {"ready": "done"}), ""),
    (brought("2026-01-14", kind="repeat"), "V10 pair"),
    (brought("2026-01-14", kind="engineering"), ""),
    # a window within the week: the start lies on the nearest of its days
    (brought("2026-01-14", earliest="2026-01-14", latest="2026-01-15") | {f"{REQUEST}.materials": []}, ""),
    (brought("2026-01-15", earliest="2026-01-14", latest="2026-01-15"), "V10 pair"),
    (new_product({}, (1, None)), ""),
    (new_product({}, (0, None)), "V10 new product"),
    (new_product({}, (1, None), (0, None)), "V10 new product"),
    (new_product({}, (0, None), kind="operators"), ""),
    (new_product({}, (1, [0, 0])), "V10 new product"),
    (new_product({}, (0, [0, 1])), ""),
    (new_product({"transfer": "open"}, (0, None)), "V10 new product"),
    (new_product({"ready": "done"}, (0, None)), ""),
    (new_product({"transfer": "done"}, (0, None)), ""),
    (new_product({"transfer": "not_needed"}, (0, None)), ""),
]


@pytest.mark.parametrize(
    ("changes", "found"), [*LICENCE, *LATER, *TECHNICAL, *MATERIAL, *TRAVEL, *BORDERS, *AGES, *SERVICE]
)
def test_each_fact_is_judged_at_its_edge(tmp_path: Path, changes: Changes, found: str) -> None:
    checks = {one for one in numbers(judged(tmp_path, changed(changes))) if one[:3] not in ("V11", "V13", "V02")}
    assert found in checks if found else checks == set()


@pytest.mark.parametrize(
    ("largest", "doses", "found"), [(2, 2, ""), (1, 2, "V10 campaign"), (None, 1, "V09 material doses")]
)
def test_the_starts_placed_together_keep_to_campaign_and_doses(
    tmp_path: Path, largest: int | None, doses: int, found: str
) -> None:
    documents = good()
    snapshot, problem = documents["snapshot.json"], documents["problem.json"]
    snapshot["facilities"][0]["largest_campaign"] = largest
    snapshot["requests"][0] |= {"batches": [asked(), asked(id="b2")], "materials": [lot(doses=doses)]}
    problem["suites"][0]["places"] = 2
    snapshot["facilities"][0]["sites"][0]["suites"][0]["places"] = 2
    problem["requests"][0]["batches"].append(problem["requests"][0]["batches"][0] | {"id": "b2"})
    rows = documents["outcome.json"]["placements"]
    rows.append(rows[0] | {"batch": "b2"})
    checks = {one for one in numbers(judged(tmp_path, resealed(documents))) if one[:3] != "V13"}
    assert checks == ({found} if found else set())


@pytest.mark.parametrize(
    ("tenths_of_a_metre", "hours", "late"),
    [
        (5_384_715, 10, False),  # by road: 1.3 times 538.46 km at 70 km/h, and ten metres of doubt
        (5_384_716, 10, True),
        (5_999_900, 5, True),  # up to 600 km by road, but for twice the doubt
        (5_999_901, 5, False),  # beyond by air: 4 hours and 700 km/h
        (7_000_100, 5, False),
        (7_000_101, 5, True),
    ],
)
def test_a_way_is_late_from_the_first_tenth_of_a_metre_too_many(tenths_of_a_metre: int, hours: int, late: bool) -> None:
    assert _late(tenths_of_a_metre, hours) is late


def test_distances_are_those_of_the_globe() -> None:
    def there(latitude: int, longitude: int) -> Document:
        return {"latitude": latitude, "longitude": longitude}

    quarter = 100_075_572
    assert abs(distance(there(0, 0), there(0, 90)) - quarter) < 10
    assert abs(distance(there(0, 10), there(90, 77)) - quarter) < 10
    assert abs(distance(there(60, 0), there(60, 180)) - 66_717_048) < 10
    assert abs(distance(there(0, 0), there(0, 180)) - 2 * quarter) < 100
    assert distance(there(5, 5), there(5, 5)) == 0
