"""The smallest statement of capacity, read from one line of plain words."""

import re
from dataclasses import dataclass
from datetime import date

LINE = re.compile(
    r"on enquiry(?:[;,] (?:a )?new products? possible(?: from (?P<year>\d{4})-Q(?P<quarter>[1-4]))?"
    r"(?:, at most (?P<most>\d+|one|two|three) (?:a|per) year)?)?\.?",
    re.IGNORECASE,
)
NUMBERS = {"one": 1, "two": 2, "three": 3}
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
    most = said["most"]
    first = None if said["year"] is None else date(int(said["year"]), 3 * int(said["quarter"]) - 2, 1)
    return OneLine(first, None if most is None else NUMBERS.get(most.lower()) or int(most))
