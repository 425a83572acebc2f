"""Reading an outcome that this matcher wrote."""

from typing import Any

from matcher.outcome import OUTCOME_FORMAT, Fault, Outcome, Placement, Proof
from matcher.reading.faults import Faults, Path, brief
from matcher.reading.shapes import Check, identifier, label, listing, one_of, record, whole
from matcher.reading.text import NotRead, OddNumber, parse


class UnreadableOutcomeError(ValueError):
    """A file that is no outcome of format version 1; `faults` says where and why."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(f"{fault.path}: {fault.text}" for fault in faults[:5]))
        self.faults = faults


def read_outcome(data: bytes) -> Outcome:
    """The outcome in a file of the outcome format, version 1; raises UnreadableOutcome with every fault of shape."""
    document = parse(data)
    if isinstance(document, NotRead):
        raise UnreadableOutcomeError((document.fault,))
    faults = Faults()
    check_outcome(document, None, faults)
    if faults.all() or not isinstance(document, dict):
        raise UnreadableOutcomeError(faults.all())
    return _built(document)


def _built(document: dict[str, Any]) -> Outcome:
    proof = document.get("proof")
    return Outcome(
        problem_sha256=document["problem_sha256"],
        status=document["status"],
        placements=tuple(
            Placement(each["request"], each["batch"], each["suite"], each["start"]) for each in document["placements"]
        ),
        objective=tuple(document["objective"]),
        terms=document["terms"],
        bound=tuple(document["bound"]),
        stopped=document["stopped"],
        seed=document["seed"],
        effort=document["effort"],
        workers=document["workers"],
        seconds=float(document["seconds"]),
        proof=None if proof is None else _proof(proof),
        faults=tuple(Fault(each["path"], each["text"]) for each in document["faults"]),
        warnings=tuple(document["warnings"]),
        versions=document["versions"],
    )


def _proof(proof: dict[str, Any]) -> Proof:
    return Proof(
        scale=proof["scale"],
        suites={suite: tuple(values) for suite, values in proof["suites"].items()},
        resources={resource: tuple(values) for resource, values in proof["resources"].items()},
    )


def _or_null(check: Check) -> Check:
    def checked(value: object, path: Path, faults: Faults) -> None:
        if value is not None:
            check(value, path, faults)

    return checked


def _each_value(check: Check) -> Check:
    """An object with any keys, whose values all pass `check`."""

    def checked(value: object, path: Path, faults: Faults) -> None:
        if not isinstance(value, dict):
            faults.add_shape(path, f"must be an object, found {brief(value)}")
            return
        for key, each in value.items():
            check(each, (path, key), faults)

    return checked


def _seconds(value: object, path: Path, faults: Faults) -> None:
    if isinstance(value, bool) or not isinstance(value, int | OddNumber):
        faults.add_shape(path, f"must be a number of seconds, found {brief(value)}")


_placement = record({"request": identifier, "batch": identifier, "suite": identifier, "start": whole()})
_values = _each_value(listing(whole(0)))

check_outcome = record(
    {
        "format": one_of(OUTCOME_FORMAT),
        "problem_sha256": _or_null(label),
        "status": one_of("optimal", "feasible", "infeasible", "unknown", "rejected"),
        "placements": listing(_placement),
        "objective": listing(whole()),
        "terms": _each_value(whole()),
        "bound": listing(_or_null(whole())),
        "faults": listing(record({"path": label, "text": label})),
        "warnings": listing(label),
        "stopped": one_of("done", "effort", "clock", "cancelled"),
        "seed": whole(),
        "effort": _or_null(whole(1)),
        "workers": whole(1),
        "seconds": _seconds,
        "versions": _each_value(label),
    },
    {"proof": record({"scale": whole(1), "suites": _values, "resources": _values})},
)
"""Checks the shape of a whole outcome document."""
