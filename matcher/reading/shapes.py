"""What each value of a document must look like, as small checks that can be put together."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import TypeAlias

from matcher.problem import LARGEST_INTEGER
from matcher.reading.faults import Faults, Path, brief
from matcher.reading.text import DoubledKeys, OddNumber

Check: TypeAlias = Callable[[object, Path, Faults], None]

LONGEST_ID = 200


def whole(least: int = -LARGEST_INTEGER) -> Check:
    """A JSON integer of at least `least`, within ±(2^53 − 1)."""
    wanted = "a whole number" if least < 0 else f"a whole number of at least {least}"

    def check(value: object, path: Path, faults: Faults) -> None:
        if isinstance(value, OddNumber):
            faults.add_shape(path, f"must be {wanted}, {_oddity(value)}")
        elif isinstance(value, bool) or not isinstance(value, int):
            faults.add_shape(path, f"must be {wanted}, found {brief(value)}")
        elif value < least:
            faults.add_shape(path, f"must be {wanted}, found {value}")

    return check


def _oddity(value: OddNumber) -> str:
    written = value.written if len(value.written) <= 24 else value.written[:20] + "…"
    if any(mark in value.written for mark in ".eE"):
        return f"found {written}: write it without point or exponent"
    return f"found {written}: beyond ±(2^53 − 1)"


def flag(value: object, path: Path, faults: Faults) -> None:
    """True or false."""
    if not isinstance(value, bool):
        faults.add_shape(path, f"must be true or false, found {brief(value)}")


def label(value: object, path: Path, faults: Faults) -> None:
    """Any text that is Unicode."""
    if not isinstance(value, str):
        faults.add_shape(path, f"must be text, found {brief(value)}")
    elif not is_unicode(value):
        faults.add_shape(path, f"holds half a surrogate pair, which is no character: {brief(value)}")


def identifier(value: object, path: Path, faults: Faults) -> None:
    """Text of 1 to 200 characters."""
    if isinstance(value, str) and not 1 <= len(value) <= LONGEST_ID:
        faults.add_shape(path, f"must have 1 to {LONGEST_ID} characters, found {len(value)}")
    else:
        label(value, path, faults)


def is_unicode(text: str) -> bool:
    """Whether the text has no lone surrogate, which RFC 8785 cannot write."""
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


def one_of(*words: str) -> Check:
    """One of a few fixed words."""
    wanted = " or ".join(f'"{word}"' for word in words)

    def check(value: object, path: Path, faults: Faults) -> None:
        if not isinstance(value, str) or value not in words:
            faults.add_shape(path, f"must be {wanted}, found {brief(value)}")

    return check


def listing(entry: Check, *, least: int = 0) -> Check:
    """A list of at least `least` entries that all pass `entry`."""

    def check(value: object, path: Path, faults: Faults) -> None:
        if not isinstance(value, list):
            faults.add_shape(path, f"must be a list, found {brief(value)}")
            return
        if len(value) < least:
            faults.add_shape(path, "must not be empty")
        for index, each in enumerate(value):
            entry(each, (path, index), faults)

    return check


def pair(number: Check) -> Check:
    """A list of exactly two numbers."""

    def check(value: object, path: Path, faults: Faults) -> None:
        if not isinstance(value, list) or len(value) != 2:
            faults.add_shape(path, f"must be a list of two whole numbers, found {brief(value)}")
            return
        number(value[0], (path, 0), faults)
        number(value[1], (path, 1), faults)

    return check


def record(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object with these keys and no others."""
    known = {**required, **(optional or {})}

    def check(value: object, path: Path, faults: Faults) -> None:
        if not isinstance(value, dict):
            faults.add_shape(path, f"must be an object, found {brief(value)}")
            return
        check_doubled(value, path, faults)
        for key in required:
            if key not in value:
                faults.add_shape((path, key), "is missing")
        for key, each in value.items():
            entry = known.get(key)
            if entry is None:
                faults.add((path, key), "" if faults.full else _unknown(key, known))
            else:
                entry(each, (path, key), faults)

    return check


def check_doubled(value: dict[str, object], path: Path, faults: Faults) -> None:
    """A key may stand once in an object."""
    if isinstance(value, DoubledKeys):
        for key in value.doubled:
            faults.add((path, key), "stands more than once in its object; keep one")


def _unknown(key: str, known: Mapping[str, Check]) -> str:
    near = get_close_matches(key, known, n=1)
    hint = f'; did you mean "{near[0]}"?' if near else f"; known here: {', '.join(known)}"
    return "is no key of the format" + hint
