"""Small hand-made documents, and what the verifier finds in them."""

import copy
from typing import Any

from matcher.verifier import Report, verify
from matcher.verifier.reading import canonical, sha256

Document = dict[str, Any]
Row = tuple[str, str, str, int]


def problem(**changes: Any) -> Document:
    """Ten weeks, facility F with one place and a QC limit, facility G with two places, requests A and B."""
    document: Document = {
        "format": "gmphub/problem/1",
        "origin": "2026-01-05",
        "tick": "week",
        "horizon": 10,
        "facilities": [{"id": "F"}, {"id": "G"}],
        "suites": [suite("F1", "F", places=1), suite("G1", "G", places=2)],
        "resources": [{"id": "QC", "facility": "F", "period": 2, "capacity": [2, 2, 2, 2, 2]}],
        "requests": [request("A"), request("B")],
        "bookings": [],
        "previous": [],
        "policy": {"tiers": [{"placed": 1}]},
    }
    return {**document, **changes}


def suite(name: str, facility: str, **changes: Any) -> Document:
    return {"id": name, "facility": facility, "places": 1, "open": [[0, 10]], **changes}


def request(name: str, **changes: Any) -> Document:
    options = [option("F1"), option("G1")]
    return {"id": name, "batches": [batch("1"), batch("2")], "options": options, "max_sites": 2, **changes}


def batch(name: str, **changes: Any) -> Document:
    return {"id": name, "earliest": 0, "latest": 9, **changes}


def option(where: str, **changes: Any) -> Document:
    return {"suite": where, "duration": 2, **changes}


def use(at: str, amount: int = 1, **changes: Any) -> Document:
    return {"resource": "QC", "amount": amount, "at": at, **changes}


def outcome(document: Document, rows: list[Row], **changes: Any) -> Document:
    """An outcome with these placements, in their order, and the numbers that belong to them."""
    keys = ("request", "batch", "suite", "start")
    answer: Document = {
        "format": "gmphub/outcome/1",
        "problem_sha256": sha256(canonical(document)),
        "status": "feasible",
        "placements": [dict(zip(keys, row, strict=True)) for row in rows],
        "objective": [],
        "terms": {},
        "bound": [],
        "warnings": [],
        "stopped": "done",
        "seed": 0,
        "effort": 10,
        "workers": 1,
        "seconds": 1,
        "versions": {},
    }
    numbers = verify(document, answer)
    answer["objective"] = list(numbers.objective)
    answer["terms"] = dict(numbers.terms)
    answer["bound"] = [None] * len(numbers.objective)
    return {**answer, **changes}


def report(document: Document, rows: list[Row], **changes: Any) -> Report:
    """What the verifier says of a plan with right numbers, except for the changes."""
    return verify(document, outcome(document, rows, **changes))


def checks(document: Document, rows: list[Row], **changes: Any) -> set[str]:
    """The names of the checks that found something."""
    found = report(document, rows, **changes)
    assert found.refused == ()
    return {finding.check for finding in found.findings}


def with_value(document: Document, path: str, value: Any) -> Document:
    """A deep copy with one value set; the path is dotted, list positions as numbers; DROP takes the key away."""
    changed = copy.deepcopy(document)
    where: Any = changed
    *parents, last = [int(part) if part.isdecimal() else part for part in path.split(".")]
    for parent in parents:
        where = where[parent]
    if value is DROP:
        del where[last]
    elif isinstance(where, list) and last == len(where):
        where.append(value)
    else:
        where[last] = value
    return changed


DROP = ...
