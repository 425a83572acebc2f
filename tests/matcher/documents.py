"""A small problem document that uses every key, and ways to change one thing in it."""

import copy
import json
import re
from typing import Any

Document = dict[str, Any]

FULL: Document = {
    "format": "gmphub/problem/1",
    "origin": "2026-01-05",
    "tick": "week",
    "horizon": 10,
    "facilities": [{"id": "F1", "country": "DE"}, {"id": "F2"}],
    "suites": [
        {"id": "S1", "facility": "F1", "places": 1, "open": [[0, 5], [5, 12]], "exclusive": True, "changeover": 1},
        {"id": "S2", "facility": "F2", "places": 2, "open": [[0, 10]]},
    ],
    "resources": [
        {"id": "R1", "facility": "F1", "period": 4, "capacity": [2, 2, 1]},
        {"id": "R2", "facility": "F2", "period": 10, "capacity": [3]},
    ],
    "requests": [
        {
            "id": "Q1",
            "weight": 2,
            "class": 1,
            "group": "north",
            "family": "car-t",
            "max_sites": 2,
            "all_or_nothing": True,
            "held": ["F2"],
            "batches": [
                {"id": "b1", "earliest": 0, "latest": 3},
                {"id": "b2", "earliest": 2, "latest": 90, "weight": 4, "after": {"batch": "b1", "min": 1}},
            ],
            "options": [
                {
                    "suite": "S1",
                    "duration": 2,
                    "cost": 3,
                    "travel": 4,
                    "preference": 1,
                    "windows": [[0, 6]],
                    "uses": [
                        {"resource": "R1", "amount": 1, "at": "end", "delay": 2},
                        {"resource": "R1", "amount": 1, "at": "once"},
                    ],
                },
                {"suite": "S2", "duration": 3},
            ],
        },
        {"id": "Q2", "batches": [{"id": "b1", "earliest": 1, "latest": 4}], "options": []},
    ],
    "bookings": [
        {"suite": "S1", "start": -2, "end": 1, "places": 1, "family": "tcr"},
        {"suite": "S2", "start": 8, "end": 14, "uses": [{"resource": "R2", "amount": 1, "at": "each"}]},
    ],
    "previous": [{"request": "Q1", "batch": "b1", "suite": "S1", "start": 1}],
    "policy": {"tiers": [{"placed": 1, "placed_class_0": 2}, {"waiting": 1, "changes": 3}]},
}
"""Valid; tests change copies of it."""


class _Absent:
    """Stands for a key that is taken away."""


ABSENT = _Absent()
_STEP = re.compile(r"\.?([A-Za-z_0-9]+)|\[([0-9]+)\]")


def changed(*changes: tuple[str, object]) -> Document:
    """A copy of the full document with values set at paths such as `requests[0].weight`; ABSENT takes a key away."""
    document = copy.deepcopy(FULL)
    for path, value in changes:
        *inner, last = [name or int(index) for name, index in _STEP.findall(path)]
        holder: Any = document
        for step in inner:
            holder = holder[step]
        if value is ABSENT:
            del holder[last]
        elif isinstance(holder, list) and last == len(holder):
            holder.append(value)
        else:
            holder[last] = value
    return document


def as_bytes(document: object) -> bytes:
    return json.dumps(document).encode()
