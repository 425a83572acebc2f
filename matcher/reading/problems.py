"""Reading a problem file: a problem, or every fault of it."""

import hashlib
from dataclasses import dataclass, replace

import rfc8785

from matcher.outcome import Fault
from matcher.problem import Problem
from matcher.reading.build import Checked, build
from matcher.reading.document import check_shape
from matcher.reading.faults import Faults
from matcher.reading.references import check_references
from matcher.reading.sums import check_size, check_sums
from matcher.reading.text import NotRead, parse
from matcher.writing import plain_canonical


@dataclass(frozen=True, slots=True)
class Rejected:
    """Why a file is no problem; `sha256` is None when the file is not JSON or has no RFC 8785 form."""

    faults: tuple[Fault, ...]
    sha256: str | None


def read_problem(data: bytes) -> Problem | Rejected:
    """The problem in a file of the problem format, version 1, or all that is wrong with it.

    Unknown keys, values out of range, references that lead nowhere, and sums that could leave ±(2^53 − 1) are faults,
    each with the JSON path of its place.
    """
    document = parse(data)
    if isinstance(document, NotRead):
        return Rejected((document.fault,), None)
    faults = Faults()
    check_shape(document, None, faults)
    if isinstance(document, dict):
        check_references(document, faults)
        if not faults.unreadable:
            return _built(document, faults)
    return Rejected(faults.all(), _sha256_if_any(document))


def _built(document: Checked, faults: Faults) -> Problem | Rejected:
    problem = build(document, "")
    check_sums(problem, faults)
    check_size(problem, faults)
    if faults.all():
        return Rejected(faults.all(), _sha256_if_any(document))
    return replace(problem, sha256=hashlib.sha256(plain_canonical(document)).hexdigest())


def _sha256_if_any(document: object) -> str | None:
    try:
        return hashlib.sha256(rfc8785.dumps(document)).hexdigest()  # type: ignore[arg-type]  # any JSON value
    except (rfc8785.CanonicalizationError, UnicodeError, RecursionError):
        return None
