"""Rows of the two files a rehearsal is modelled on, with every fault named by file and row, never by content."""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, order=True)
class RowFault:
    """One thing wrong in a file: row as a spreadsheet counts (the header is row 1), column, what and what to do.

    The text never repeats what stands in the cell: in a shifted row that may be a name.
    """

    file: str
    row: int
    column: str
    text: str

    def __str__(self) -> str:
        place = f", column {self.column}" if self.column else ""
        return f"{self.file}, row {self.row}{place}: {self.text}"


@dataclass(frozen=True, slots=True)
class Sheet(Generic[Row]):
    """A file as read: its usable rows, its faults, and how many rows it has (header and empty lines apart)."""

    file: str
    count: int
    rows: tuple[Row, ...]
    faults: tuple[RowFault, ...]


class UnusableFileError(Exception):
    """A file from which no rehearsal can be made; carries every fault found in it."""

    code = "unusable-file"

    def __init__(self, faults: tuple[RowFault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


class CellError(ValueError):
    """A cell that cannot be used; the text says what is wrong and what to do."""


Cells = Mapping[str, str]


class Checked:
    """The cells of one row; collects every fault of the row while its values are taken out."""

    def __init__(self, cells: Cells) -> None:
        self.cells = cells
        self.faults: list[tuple[str, str]] = []

    def take(self, column: str, parse: Callable[[str], Row], otherwise: Row) -> Row:
        """Return the parsed cell, or note its fault and return `otherwise`."""
        try:
            return parse(self.cells[column].strip())
        except CellError as fault:
            self.faults.append((column, str(fault)))
            return otherwise


def read_sheet(path: Path, file: str, columns: tuple[str, ...], parse: Callable[[int, Checked], Row]) -> Sheet[Row]:
    """Read a CSV file with at least these columns, in any order; further columns are ignored.

    Faulty rows are left out and named in `faults`. Raises UnusableFileError when the file cannot be read, the
    header is wrong, or no row can be used. `file` is the word the faults use for the file.
    """
    records = list(csv.reader(io.StringIO(read_text(path, file), newline="")))
    if not records:
        raise UnusableFileError((RowFault(file, 1, "", "the file is empty; give a CSV file with a header row"),))
    header = [name.strip() for name in records[0]]
    check_header(file, header, columns)
    rows: list[Row] = []
    faults: list[RowFault] = []
    count = 0
    for number, record in enumerate(records[1:], start=2):
        if not any(cell.strip() for cell in record):
            continue
        count += 1
        if len(record) != len(header):
            faults.append(RowFault(file, number, "", wrong_width(len(record), len(header))))
            continue
        checked = Checked(dict(zip(header, record, strict=True)))
        row = parse(number, checked)
        faults += [RowFault(file, number, column, text) for column, text in checked.faults]
        if not checked.faults:
            rows.append(row)
    if not rows:
        empty = (RowFault(file, 1, "", "no usable row below the header; correct the rows or give another file"),)
        raise UnusableFileError(tuple(faults) + empty)
    return Sheet(file, count, tuple(rows), tuple(faults))


def read_text(path: Path, file: str) -> str:
    """Return the text of a file; raises UnusableFileError when it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise UnusableFileError(
            (RowFault(file, 1, "", f"cannot be read ({reason}); check path and rights"),)
        ) from error
    except UnicodeDecodeError as error:
        text = f"is not UTF-8 (byte {error.start}); save it as CSV UTF-8"
        raise UnusableFileError((RowFault(file, 1, "", text),)) from error


def check_header(file: str, header: list[str], columns: tuple[str, ...]) -> None:
    """Refuse a header that lacks a column or names one twice."""
    faults = [
        RowFault(file, 1, column, "this column is missing; the header must name it exactly so")
        for column in columns
        if column not in header
    ]
    faults += [
        RowFault(file, 1, column, "this column appears more than once; keep one")
        for column in columns
        if header.count(column) > 1
    ]
    if faults:
        raise UnusableFileError(tuple(faults))


def wrong_width(cells: int, columns: int) -> str:
    """Say that a row has more or fewer cells than the header."""
    return f"has {cells} cells where the header has {columns}; quote cells that hold a comma"
