"""Parsers of single cells; each raises CellError with what is wrong and what to do, never with the content."""

import math
import re
from collections.abc import Callable, Collection
from enum import StrEnum
from typing import TypeVar

from registry.rehearsal.reading import CellError

Word = TypeVar("Word", bound=StrEnum)

MOST_PATIENTS = 100_000
MOST_MONTHS = 600


def one_of(words: Collection[str]) -> Callable[[str], str]:
    """Parse one of these words."""

    def parse(cell: str) -> str:
        if cell not in words:
            raise CellError(f"is not one of {', '.join(words)}; use one of these words")
        return cell

    return parse


def word(kind: type[Word]) -> Callable[[str], Word]:
    """Parse a word of a vocabulary."""
    parse = one_of([member.value for member in kind])
    return lambda cell: kind(parse(cell))


def words(known: Collection[str]) -> Callable[[str], frozenset[str]]:
    """Parse words of a vocabulary, separated by |; none at all is a fault."""
    parse = one_of(known)
    return lambda cell: frozenset(parse(part.strip()) for part in cell.split("|"))


def country(known: Collection[str]) -> Callable[[str], str]:
    """Parse a country of the vocabulary, ISO 3166-1 in two letters."""

    def parse(cell: str) -> str:
        if cell not in known:
            raise CellError("is not the two-letter code of a European country (ISO 3166-1, for example ES or GB)")
        return cell

    return parse


def countries(known: Collection[str]) -> Callable[[str], tuple[str, ...]]:
    """Parse countries separated by |, in their order, each once; empty means none stated."""
    parse = country(known)
    return lambda cell: tuple(dict.fromkeys(parse(part.strip()) for part in cell.split("|"))) if cell else ()


def degrees(limit: float) -> Callable[[str], float | None]:
    """Parse degrees within ± `limit`; empty means not stated."""

    def parse(cell: str) -> float | None:
        if not cell:
            return None
        value = number(cell)
        if abs(value) > limit:
            raise CellError(f"lies outside ±{limit:g} degrees; correct it or leave it empty")
        return value

    return parse


def number(cell: str) -> float:
    """Return a cell as a number; raises ValueError for anything else."""
    try:
        value = float(cell)
    except ValueError as error:
        raise CellError("is not a number; write it with a point, or leave it empty") from error
    if not math.isfinite(value):
        raise CellError("is not a finite number; correct it or leave it empty")
    return value


def positive(most: int) -> Callable[[str], int | None]:
    """Parse a whole number from 1 to `most`; empty means not stated."""

    def parse(cell: str) -> int | None:
        if not cell:
            return None
        if not re.fullmatch(r"[0-9]{1,9}", cell) or not 1 <= int(cell) <= most:
            raise CellError(f"is not a whole number from 1 to {most}; correct it or leave it empty")
        return int(cell)

    return parse


def months(cell: str) -> float | None:
    """Parse a duration in months; empty means not stated."""
    if not cell:
        return None
    value = number(cell)
    if not 0 < value <= MOST_MONTHS:
        raise CellError(f"is not above 0 and at most {MOST_MONTHS} months; correct it or leave it empty")
    return value


def month(cell: str) -> str:
    """Parse YYYY-MM; empty means not stated."""
    if cell and not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", cell):
        raise CellError("is not a month as YYYY-MM; correct it or leave it empty")
    return cell


def filled(cell: str) -> str:
    """Parse a text that must not be empty."""
    if not cell:
        raise CellError("is empty; fill it in")
    return cell
