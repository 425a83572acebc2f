"""The two formats as tables: `gmphub/problem/1` and `gmphub/outcome/1`."""

import re
from datetime import date

from matcher.verifier.reading import LARGEST, Odd, shown
from matcher.verifier.shapes import (
    Check,
    Fault,
    boolean,
    choice,
    integer,
    listing,
    mapping,
    optional,
    pair,
    record,
    text,
)

LARGE_TERMS = ("placed", "fairness")
SMALL_TERMS = ("waiting", "cost", "travel", "preference", "sites", "changes")
STATUSES = ("optimal", "feasible", "infeasible", "unknown", "rejected")
STOPS = ("done", "effort", "clock", "cancelled")

_CLASS_TERM = re.compile(r"placed_class_(0|[1-9][0-9]{0,15})")
_NAME = text(1, 200)


def check_problem(document: object) -> list[Fault]:
    """Return every fault of shape of a problem document."""
    return _PROBLEM(document, "")


def check_outcome(document: object) -> list[Fault]:
    """Return every fault of shape of an outcome document."""
    return _OUTCOME(document, "")


def check_placement(row: object) -> list[Fault]:
    """Return every fault of shape of one row of `placements`."""
    return _PLACEMENT(row, "")


def class_of(term: str) -> int | None:
    """Return k of `placed_class_k`, None for another word."""
    match = _CLASS_TERM.fullmatch(term)
    return int(match[1]) if match and int(match[1]) <= LARGEST else None


def _day(value: object, path: str) -> list[Fault]:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            date.fromisoformat(value)
        except ValueError:
            pass
        else:
            return []
    return [Fault(path, f"must be a date as YYYY-MM-DD, found {shown(value)}")]


def _seconds(value: object, path: str) -> list[Fault]:
    """Accept wall time, the one number that may have a point: nothing is computed from it."""
    measured = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    written = isinstance(value, Odd) and re.fullmatch(r"[0-9][0-9.eE+-]*", value.text)
    return [] if measured or written else [Fault(path, f"must be a number of seconds, found {shown(value)}")]


def _term(value: object, path: str) -> list[Fault]:
    if isinstance(value, str) and (value in LARGE_TERMS + SMALL_TERMS or class_of(value) is not None):
        return []
    return [Fault(path, "is no term of the format")]


def _uses(*at: str) -> Check:
    use = record({"resource": _NAME, "amount": integer(1), "at": choice(*at)}, {"delay": integer(0)})

    def check(value: object, path: str) -> list[Fault]:
        faults = use(value, path)
        if not faults and isinstance(value, dict) and value.get("delay", 0) > 0 and value["at"] != "end":
            faults.append(Fault(f"{path}.delay", "is only for uses at the end"))
        return faults

    return listing(check)


_SUITE = record(
    {"id": _NAME, "facility": _NAME, "places": integer(1), "open": listing(pair)},
    {"exclusive": boolean, "changeover": integer(0)},
)
_RESOURCE = record({"id": _NAME, "facility": _NAME, "period": integer(1), "capacity": listing(integer(0))})
_BATCH = record(
    {"id": _NAME, "earliest": integer(0), "latest": integer(0)},
    {"weight": integer(1), "after": record({"batch": _NAME, "min": integer(0)})},
)
_OPTION = record(
    {"suite": _NAME, "duration": integer(1)},
    {
        "cost": integer(0),
        "travel": integer(0),
        "preference": integer(0),
        "windows": listing(pair),
        "uses": _uses("start", "end", "each", "once"),
    },
)
_REQUEST = record(
    {"id": _NAME, "batches": listing(_BATCH, least=1, unique=("id",)), "options": listing(_OPTION, unique=("suite",))},
    {
        "weight": integer(1),
        "class": integer(0),
        "group": text(),
        "family": text(),
        "max_sites": integer(1),
        "all_or_nothing": boolean,
        "held": listing(_NAME),
    },
)
_BOOKING = record(
    {"suite": _NAME, "start": integer(), "end": integer()},
    {"places": integer(1), "family": text(), "uses": _uses("start", "end", "each")},
)
_PREVIOUS = record({"request": _NAME, "batch": _NAME, "suite": _NAME, "start": integer()})
_PROBLEM = record(
    {
        "format": choice("gmphub/problem/1"),
        "origin": _day,
        "tick": choice("day", "week"),
        "horizon": integer(1),
        "facilities": listing(record({"id": _NAME}, {"country": text()}), unique=("id",)),
        "suites": listing(_SUITE, unique=("id",)),
        "resources": listing(_RESOURCE, unique=("id",)),
        "requests": listing(_REQUEST, unique=("id",)),
        "bookings": listing(_BOOKING),
        "previous": listing(_PREVIOUS, unique=("request", "batch")),
        "policy": record({"tiers": listing(mapping(_term, integer(1), least=1), least=1)}),
    }
)

_PLACEMENT = record({"request": _NAME, "batch": _NAME, "suite": _NAME, "start": integer()})
_VALUES = mapping(_NAME, listing(integer(0)))
_OUTCOME = record(
    {
        "format": choice("gmphub/outcome/1"),
        "problem_sha256": optional(text(64, 64)),
        "status": choice(*STATUSES),
        "placements": listing(_PLACEMENT),
        "objective": listing(integer()),
        "terms": mapping(_term, integer()),
        "bound": listing(optional(integer())),
        "warnings": listing(text()),
        "stopped": choice(*STOPS),
        "seed": optional(integer()),
        "effort": optional(integer(1)),
        "workers": optional(integer(1)),
        "seconds": optional(_seconds),
        "versions": mapping(text(), text()),
    },
    {
        "proof": record({"scale": integer(1), "suites": _VALUES, "resources": _VALUES}),
        "faults": listing(record({"path": text(), "text": text()})),
    },
)
