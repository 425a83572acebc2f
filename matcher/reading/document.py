"""The shape of a problem document: every key of the problem format, version 1."""

import re
from datetime import date

from matcher.problem import LARGEST_INTEGER, PROBLEM_FORMAT
from matcher.reading.faults import Faults, Path, brief
from matcher.reading.shapes import check_doubled, flag, identifier, label, listing, one_of, pair, record, whole

TERMS = frozenset({"placed", "fairness", "waiting", "cost", "travel", "preference", "sites", "changes"})
_CLASS_TERM = re.compile(r"placed_class_(0|[1-9][0-9]{0,15})\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


def iso_date(value: object, path: Path, faults: Faults) -> None:
    """A day written 2026-01-05."""
    if isinstance(value, str) and _DATE.match(value):
        try:
            date.fromisoformat(value)
        except ValueError:
            faults.add_shape(path, f"{brief(value)} is no day of the calendar")
    else:
        faults.add_shape(path, f"must be a date like 2026-01-05, found {brief(value)}")


def is_term(name: str) -> bool:
    """Whether `name` is a term that a policy may weigh."""
    match = _CLASS_TERM.match(name)
    return name in TERMS or (match is not None and int(match[1]) <= LARGEST_INTEGER)


def tier(value: object, path: Path, faults: Faults) -> None:
    """A non-empty object from terms to weights of at least 1."""
    if not isinstance(value, dict):
        faults.add_shape(path, f"must be an object from terms to weights, found {brief(value)}")
        return
    if not value:
        faults.add_shape(path, "must name at least one term")
    check_doubled(value, path, faults)
    for name, weight in value.items():
        if not is_term(name):
            terms = ", ".join(sorted(TERMS))
            faults.add((path, name), f"is no term; the terms are {terms} and placed_class_0, placed_class_1 …")
        _positive(weight, (path, name), faults)


_any = whole()
_natural = whole(0)
_positive = whole(1)

_use = record(
    {"resource": identifier, "amount": _positive, "at": one_of("start", "end", "each", "once")}, {"delay": _natural}
)
_facility = record({"id": identifier}, {"country": label})
_suite = record(
    {"id": identifier, "facility": identifier, "places": _positive, "open": listing(pair(_any))},
    {"exclusive": flag, "changeover": _natural},
)
_resource = record({"id": identifier, "facility": identifier, "period": _positive, "capacity": listing(_natural)})
_batch = record(
    {"id": identifier, "earliest": _natural, "latest": _natural},
    {"weight": _positive, "after": record({"batch": identifier, "min": _natural})},
)
_option = record(
    {"suite": identifier, "duration": _positive},
    {
        "cost": _natural,
        "travel": _natural,
        "preference": _natural,
        "windows": listing(pair(_any)),
        "uses": listing(_use),
    },
)
_request = record(
    {"id": identifier, "batches": listing(_batch, least=1), "options": listing(_option)},
    {
        "weight": _positive,
        "class": _natural,
        "group": label,
        "family": label,
        "max_sites": _positive,
        "all_or_nothing": flag,
        "held": listing(identifier),
    },
)
_booking = record(
    {"suite": identifier, "start": _any, "end": _any},
    {"places": _positive, "family": label, "uses": listing(_use)},
)
_previous = record({"request": identifier, "batch": identifier, "suite": identifier, "start": _any})

check_shape = record(
    {
        "format": one_of(PROBLEM_FORMAT),
        "origin": iso_date,
        "tick": one_of("day", "week"),
        "horizon": _positive,
        "facilities": listing(_facility),
        "suites": listing(_suite),
        "resources": listing(_resource),
        "requests": listing(_request),
        "bookings": listing(_booking),
        "previous": listing(_previous),
        "policy": record({"tiers": listing(tier, least=1)}),
    }
)
"""Checks a whole document: types, ranges, unknown, missing and doubled keys."""
