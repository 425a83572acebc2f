"""Every row of the two files accounted for: modelled, or left out under a reason, by row number and never by name."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from registry.rehearsal.reading import RowFault, Sheet
from registry.rehearsal.rows import FacilityRow
from registry.vocabulary.facilities import ServiceModel

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Why rows of a file are not modelled, and which (as a spreadsheet counts, the header is row 1)."""

    reason: str
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FileAccount:
    """One file: `rows` read = `modelled` + the rows left out under each reason."""

    file: str
    rows: int
    modelled: int
    left_out: tuple[LeftOut, ...]
    faults: tuple[RowFault, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """Both files."""

    facilities: FileAccount
    trials: FileAccount


def reason_not_modelled(row: FacilityRow) -> str | None:
    """Return why a facility is not modelled; None when it is: operating, and neither captive nor unknown."""
    if row.status != "operating":
        return f"status {row.status}"
    if row.service_model is ServiceModel.CAPTIVE:
        return "serves its own organisation only (captive)"
    if row.service_model is ServiceModel.UNKNOWN:
        return "service model unknown"
    return None


def file_account(sheet: Sheet[Row], left_out: Iterable[tuple[int, str]]) -> FileAccount:
    """Return the account of one file; `left_out` names row and reason of the readable rows not modelled."""
    reasons: dict[str, set[int]] = {}
    for number, reason in left_out:
        reasons.setdefault(reason, set()).add(number)
    skipped = sum(len(rows) for rows in reasons.values())
    for fault in sheet.faults:
        reasons.setdefault("cannot be read, see its faults", set()).add(fault.row)
    listed = tuple(LeftOut(reason, tuple(sorted(reasons[reason]))) for reason in sorted(reasons))
    return FileAccount(sheet.file, sheet.count, len(sheet.rows) - skipped, listed, sheet.faults)
