"""From bytes to a JSON document, keeping what JSON readers usually forgive: doubled keys, odd numbers."""

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any, NoReturn, Self

from matcher.outcome import Fault
from matcher.problem import LARGEST_INTEGER

LARGEST_FILE = 256 * 1024 * 1024
"""Bytes; a European year of 100,000 batches takes about a tenth of it."""
MOST_VALUES = 3_000_000
"""Values in one file, by a count of commas and brackets: half as much again as a European year; more might not fit into a gigabyte."""

_DIGITS_ALWAYS_SAFE = 15


class OddNumber(float):
    """A number that is not a whole number as the format wants it; `written` is how it stands in the file."""

    __slots__ = ("written",)
    written: str

    def __new__(cls, written: str) -> Self:
        number = super().__new__(cls, written)
        number.written = written
        return number


class DoubledKeys(dict[str, object]):
    """An object in which keys stand more than once; the last value counts."""

    __slots__ = ("doubled",)
    doubled: tuple[str, ...]


class NotJsonError(ValueError):
    """A word such as NaN that Python reads and JSON does not know."""


DEEPEST = 64
TOO_DEEP = Fault("$", "nested too deeply; a problem needs no more than eight levels")


@dataclass(frozen=True, slots=True)
class NotRead:
    """Why the bytes are no JSON document that can be looked at."""

    fault: Fault


def parse(data: bytes) -> object | NotRead:
    """The JSON value in `data`; integers beyond ±(2^53 − 1) and numbers with a point come back as `OddNumber`."""
    problem = _size_fault(data)
    if problem:
        return NotRead(Fault("$", problem))
    if data.startswith(b"\xef\xbb\xbf"):
        return NotRead(Fault("$", "the file begins with a byte order mark; save it as UTF-8 without one"))
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        return NotRead(Fault("$", f"not UTF-8: byte {error.start} cannot be read; save the file as UTF-8"))
    try:
        found = _decoded(text)
        return NotRead(TOO_DEEP) if _is_deep(found) else found
    except json.JSONDecodeError as error:
        return NotRead(Fault("$", f"not JSON: {error.msg.lower()}, line {error.lineno}, column {error.colno}"))
    except NotJsonError as error:
        return NotRead(Fault("$", f"not JSON: {error} is no number that JSON knows"))
    except RecursionError:
        return NotRead(TOO_DEEP)


def _is_deep(document: object) -> bool:
    """Whether anything lies below `DEEPEST` levels: a stated limit, so that no answer hangs on the caller's stack."""
    level = [document]
    for _ in range(DEEPEST):
        level = [
            child
            for value in level
            for child in (value.values() if isinstance(value, dict) else value if isinstance(value, list) else ())
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True


def too_large(size: int) -> str | None:
    """Why a file of `size` bytes is not even opened; None when it is."""
    if size <= LARGEST_FILE:
        return None
    return f"the file has {size:,} bytes; at most {LARGEST_FILE:,} can be read: split the problem"


def _size_fault(data: bytes) -> str | None:
    values = sum(data.count(mark) for mark in (b",", b"[", b"{"))
    if len(data) <= LARGEST_FILE and values > MOST_VALUES:
        return f"the file has about {values:,} values; at most {MOST_VALUES:,} can be read: split the problem"
    return too_large(len(data))


def _decoded(text: str) -> object:
    found: object = json.loads(
        text, object_pairs_hook=_object, parse_int=_integer, parse_float=OddNumber, parse_constant=_refuse_word
    )
    return found


def _object(pairs: list[tuple[str, Any]]) -> dict[str, object]:
    plain: dict[str, object] = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    marked = DoubledKeys(plain)
    times = Counter(name for name, _ in pairs)
    marked.doubled = tuple(name for name in plain if times[name] > 1)
    return marked


def _integer(written: str) -> int | OddNumber:
    if len(written) <= _DIGITS_ALWAYS_SAFE:
        return int(written)
    if len(written) > len(str(-LARGEST_INTEGER)) or abs(int(written)) > LARGEST_INTEGER:
        return OddNumber(written)
    return int(written)


def _refuse_word(word: str) -> NoReturn:
    raise NotJsonError(word)
