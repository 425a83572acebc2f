"""The smallest statement of capacity, read from one line of plain words."""

import re
from dataclasses import dataclass
from datetime import date

LINE = re.compile(
    r"on enquiry(?:[;,] (?:a )?new products? possible(?: from (?P<year>[0-9]{4})-Q(?P<quarter>[1-4]))?"
    r"(?:, at most (?P<most>[0-9]+|one|two|three) (?:a|per) year)?)?\.?",
    re.IGNORECASE,
)
NUMBERS = {"one": 1, "two": 2, "three": 3}
YEARS = range(2000, 2101)
MOST_A_YEAR = 10_000
FORM = 'write for example "on enquiry; a new product possible from 2027-Q2, at most one a year"'


@dataclass(frozen=True, slots=True)
class OneLine:
    """From which day a new product is possible, and how many a year at most; None = not said."""

    possible_from: date | None
    at_most_a_year: int | None


def read_line(line: str) -> OneLine | str:
    """Return what the line says, or the fault when it cannot be read."""
    said = LINE.fullmatch(" ".join(line.split()))
    if said is None:
        return f"line: {line!r} cannot be read; {FORM}"
    first = None
    if said["year"] is not None:
        if int(said["year"]) not in YEARS:
            return f"line: the year {said['year']} is not between {YEARS[0]} and {YEARS[-1]}"
        first = date(int(said["year"]), 3 * int(said["quarter"]) - 2, 1)
    if said["most"] is None:
        return OneLine(first, None)
    most = NUMBERS.get(said["most"].lower()) or _number(said["most"])
    if most > MOST_A_YEAR:
        return f"line: at most {MOST_A_YEAR} a year can be stated"
    return OneLine(first, most)


def _number(digits: str) -> int:
    """Read a number; one with more digits than the bound is beyond it, however many they are."""
    kept = digits.lstrip("0") or "0"
    return int(kept) if len(kept) <= len(str(MOST_A_YEAR)) else MOST_A_YEAR + 1
