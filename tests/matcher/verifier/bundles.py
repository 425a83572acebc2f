"""A small run as a bundle, made by hand: R1 placed, R2 with no facility, R3 without room, R4 set aside."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from matcher.verifier import Report, verify_bundle
from matcher.verifier.reading import sha256
from tests.matcher.verifier.small import Document, outcome

Documents = dict[str, Any]
SPONSORS = {"R1": "Alpha", "R2": "Beta", "R3": "Gamma", "R4": "Delta", "R5": "Epsilon"}
TIERS = [{"placed": 1}, {"waiting": 1}]


def period(start: str, end: str | None) -> Document:
    return {"start": start, "end": end}


def authorisation(**changes: Any) -> Document:
    return {
        "id": "A1",
        "kind": "MIA(IMP)",
        "holder": "Org North",
        "product_type": "IMP",
        "codes": ["1.3.1.4"],
        "validity": period("2020-01-01", None),
        "open_ended_confirmed": True,
        "suites": None,
        **changes,
    }


def certificate(**changes: Any) -> Document:
    plain: Document = {"id": "C1", "codes": ["1.3.1.4"], "last_inspection": "2024-01-01", "withdrawn_on": None}
    return {**plain, **changes}


def permit(**changes: Any) -> Document:
    plain: Document = {"id": "P1", "kind": "gmo_contained_use", "gmo_class": 2, "validity": period("2020-01-01", None)}
    return {**plain, **changes}


def starts(**changes: Any) -> Document:
    """A statement of starts on offer."""
    plain: Document = {"platform": "closed", "period": period("2026-01-05", "2026-03-01"), "starts_per_week": 1}
    return {**plain, "starts_class": "firm", "pooled": True, **changes}


def place(**changes: Any) -> Document:
    return {"country": "ES", "latitude": 40, "longitude": -3, **changes}


def lot(**changes: Any) -> Document:
    """A material lot that is there on 12 January."""
    plain: Document = {
        "id": "L1",
        "released_on": "2026-01-09",
        "transport_days": 3,
        "doses": 1,
        "expires_on": "2026-01-14",
    }
    return {**plain, **changes}


def asked(**changes: Any) -> Document:
    """A batch of the snapshot."""
    plain: Document = {"id": "b1", "kind": "patient", "earliest": "2026-01-05", "latest": "2026-01-18", "patients": 3}
    return {**plain, "after": None, **changes}


def pair(**changes: Any) -> Document:
    """The pair of a product and the first site, not ready and with no day of readiness."""
    plain: Document = {"site": "Org North site", "stages": {}, "ready_by": None, "hospital_exemption": False}
    return {**plain, **changes}


def snapshot_suite(name: str) -> Document:
    return {
        "id": name,
        "grade": "B",
        "mode": "open",
        "containment_class": 2,
        "vector_work": True,
        "places": 1,
        "clearance_days": 2,
        "start_weekdays": [4, 2],
        "equipment": [{"equipment_class": "bioreactor", "count": 1, "qualified_until": "2026-02-12"}],
        "open": [period("2026-01-20", "2026-03-16"), period("2026-01-05", "2026-01-20")],
        "stays": [],
    }


def facility(name: str, label: str, organisation: str, suites: list[str]) -> Document:
    return {
        "id": name,
        "label": label,
        "organisation": organisation,
        "country": "ES",
        "service_model": "contract",
        "open_to_companies": True,
        "families": None,
        "smallest_campaign": 1,
        "largest_campaign": 1,
        "notice_days": 14,
        "qc_methods": ["sterility"],
        "qp": {"classes": ["GTMP_exvivo"], "here": True},
        "rhythm": "monthly",
        "calendar_confirmed_on": "2025-12-01",
        "calendar_clock_stopped_days": 0,
        "legal_confirmed_on": "2025-03-01",
        "starts": [starts()],
        "limits": [{"kind": "new_products", "amount": 1, "weekly": None}],
        "sites": [
            {
                "id": f"{organisation} site",
                "country": "ES",
                "latitude": 41,
                "longitude": 2,
                "authorisations": [authorisation(holder=organisation)],
                "certificates": [certificate()],
                "non_compliances": [],
                "permits": [permit()],
                "suites": [snapshot_suite(suite) for suite in suites],
            }
        ],
    }


def snapshot_request(name: str, **changes: Any) -> Document:
    return {
        "id": name,
        "label": f"Request {name[1:]}",
        "sponsor": SPONSORS[name],
        "sponsor_kind": "company",
        "product": {
            "id": f"{SPONSORS[name]}-cell",
            "product_class": "GTMP_exvivo",
            "donor": "autologous",
            "vector": "lentiviral",
            "gmo_class": 2,
            "family": "car-t",
            "platform": "closed",
            "qc_methods": ["sterility"],
            "stay_days": 10,
            "steps": [{"mode": "open", "background": "B", "equipment": ["bioreactor", "bag"]}],
            "loads": [
                {"kind": "certifications", "amount": 1, "at": "end", "delay_days": 20},
                {"kind": "qc_results", "amount": 1, "at": "end", "delay_days": 5},
                {"kind": "operators", "amount": 1, "at": "end", "delay_days": 60},
                {"kind": "qc_results", "amount": 1, "at": "each", "delay_days": 60},
            ],
        },
        "stage": "cell_product",
        "pathway": "trial",
        "treating": [place()],
        "collection": [place()],
        "input_state": "fresh",
        "hours_fresh": 24,
        "product_fresh": True,
        "shelf_life_hours": 24,
        "batches": [asked()],
        "materials": [lot()],
        "urgency": 0,
        "max_sites": 1,
        "all_or_nothing": False,
        "excluded": [],
        "pairs": [],
        "group": "south",
        **changes,
    }


def problem_request(name: str, suites: list[str]) -> Document:
    options = [{"suite": suite, "duration": 2} for suite in suites]
    batches = [{"id": "b1", "earliest": 0, "latest": 1, "weight": 3}]
    return {"id": name, "batches": batches, "options": options, "group": "south", "family": "car-t"}


def verdict(request: str, suite: str, **rules: list[str]) -> Document:
    return {"request": request, "suite": suite, "fail": [], "unknown": [], "conditional": [], **rules}


def told_reasons(request: str, rule: str, facilities: int) -> Document:
    reason = {"rule": rule, "facilities": facilities, "text": "in plain words"}
    return {"format": "gmphub/reasons/1", "request": request, "reasons": [reason]}


def told(request: str, **changes: Any) -> Document:
    """What a requester is told, as far as it is looked at."""
    explanation: Document = {
        "format": "gmphub/explanation/1",
        "request": request,
        "reader": "requester",
        "label": f"Request {request[1:]}",
        "facilities": [{"name": "Facility A", "country": None}],
        "near": [],
        "limits": [{"rule": "no-start-free", "facilities": None}],
        "held": [{"kind": "car-t", "weeks": None}],
        "changes": [],
    }
    letter = {"format": "gmphub/letter/1", "asked": f"Request {request[1:]} asked for 1 start", "sites": []}
    whole = {"format": "gmphub/told/1", "request": request, "letter": letter, "explanation": explanation}
    return {**whole, "withheld": [], **changes}


def good() -> Documents:
    """The documents of a bundle in which everything is right, without its manifest."""
    problem: Document = {
        "format": "gmphub/problem/1",
        "origin": "2026-01-05",
        "tick": "week",
        "horizon": 10,
        "facilities": [{"id": "F1"}, {"id": "F2"}],
        "suites": [
            {"id": "S1", "facility": "F1", "places": 1, "open": [[0, 10]]},
            {"id": "S2", "facility": "F2", "places": 1, "open": [[0, 10]]},
        ],
        "resources": [],
        "requests": [problem_request("R1", ["S1"]), problem_request("R2", []), problem_request("R3", ["S1"])],
        "bookings": [],
        "previous": [],
        "policy": {"tiers": TIERS},
    }
    return {
        "problem.json": problem,
        "outcome.json": outcome(problem, [("R1", "b1", "S1", 1)]),
        "snapshot.json": {
            "origin": "2026-01-05",
            "horizon_weeks": 10,
            "known_on": "2025-12-20",
            "facilities": [
                facility("F1", "Facility North-01", "Org North", ["S1"]),
                facility("F2", "Facility North-02", "Org South", ["S2"]),
            ],
            "requests": [snapshot_request(name) for name in ("R1", "R2", "R3", "R4")],
            "tiers": TIERS,
        },
        "policy.json": {
            "format": "gmphub/policy/1",
            "tiers": TIERS,
            "texts": ["patients first", "then waiting"],
            "tie_break": ["R1", "R3", "R2"],
        },
        "verdicts.json": {
            "format": "gmphub/verdicts/1",
            "pairs": [
                verdict("R1", "S1", conditional=["notice"]),
                verdict("R1", "S2", fail=["scope-codes"]),
                verdict("R2", "S1", fail=["excluded-by-requester"]),
                verdict("R2", "S2", fail=["scope-codes"], unknown=["language"]),
                verdict("R3", "S1"),
                verdict("R3", "S2", unknown=["scope-codes"]),
            ],
            "set_aside": [{"request": "R4", "reasons": ["no treating hospital is stated"]}],
        },
        "reasons/R2.json": told_reasons("R2", "scope-codes", 1),
        "reasons/R3.json": told_reasons("R3", "no-room", 1),
        **{f"told/{name}.json": told(name) for name in ("R1", "R2", "R3", "R4")},
    }


def written(folder: Path, documents: Documents, manifest: Callable[[Document], object] = lambda m: m) -> Path:
    """Write the files and a manifest that fits them, after `manifest` had its hands on it."""
    files = {}
    for name, document in documents.items():
        data = document if isinstance(document, bytes) else json.dumps(document).encode()
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
        files[name] = sha256(data)
    body = manifest({"format": "gmphub/bundle/2", "run": "7", "files": files})
    (folder / "manifest.json").write_text(json.dumps(body), encoding="utf-8")
    return folder


def resealed(documents: Documents) -> Documents:
    """The documents after a change of the problem: hash and numbers of the outcome as they should be."""
    placements = documents["outcome.json"]["placements"]
    rows = [(row["request"], row["batch"], row["suite"], row["start"]) for row in placements]
    return {**documents, "outcome.json": outcome(documents["problem.json"], rows)}


def judged(folder: Path, documents: Documents) -> Report:
    return verify_bundle(written(folder, documents))


def numbers(report: Report) -> set[str]:
    """The checks that found something."""
    return {finding.check for finding in report.findings}
