"""From bytes to values, strictly; and from values to the RFC 8785 form that is hashed."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

LARGEST = 2**53 - 1
DEEPEST = 50
"""Lists and objects within each other; the formats need fewer than ten."""


class NotJsonError(ValueError):
    """The file is not JSON in UTF-8."""


@dataclass(frozen=True, slots=True)
class Odd:
    """Something JSON allows and the format does not: a number with a point, a huge number, too deep a nesting."""

    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """The value of a file, and the keys that stand twice in one of its objects."""

    value: object
    repeated: tuple[str, ...]


def read(data: bytes) -> Reading:
    """Read JSON in UTF-8; raise `NotJsonError` when it is none."""
    repeated: list[str] = []

    def gather(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) < len(pairs):
            counts = Counter(name for name, _ in pairs)
            repeated.extend(name for name, count in counts.items() if count > 1)
        return found

    try:
        value: object = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=gather,
            parse_int=_integer,
            parse_float=Odd,
            parse_constant=_refuse,
        )
    except RecursionError:
        value = Odd("nested too deeply")
    except ValueError as error:
        raise NotJsonError(str(error)) from None
    return Reading(Odd("nested too deeply") if _too_deep(value) else value, tuple(repeated))


def canonical(document: object) -> bytes:
    """Return the RFC 8785 form of a document of integers, strings, booleans, null, lists and objects."""
    return json.dumps(_ordered(document), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")


def sha256(data: bytes) -> str:
    """Return the SHA-256 of the bytes as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def shown(value: object) -> str:
    """Return a value as short ASCII text that is safe to print."""
    text = value.text if isinstance(value, Odd) else json.dumps(value, default=repr)
    text = text.encode("ascii", "backslashreplace").decode("ascii")
    return text if len(text) <= 80 else text[:77] + "..."


def _ordered(document: object) -> object:
    if isinstance(document, dict):
        return {key: _ordered(document[key]) for key in sorted(document, key=lambda key: key.encode("utf-16-be"))}
    if isinstance(document, list):
        return [_ordered(item) for item in document]
    return document


def _too_deep(value: object) -> bool:
    """Whether values lie deeper than `DEEPEST`, so that nothing which walks them runs out of stack."""
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for one in level for inner in _inside(one)]
    return any(isinstance(one, list | dict) for one in level)


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _integer(text: str) -> int | Odd:
    return int(text) if len(text) <= 20 else Odd(text)


def _refuse(text: str) -> object:
    raise ValueError(f"{text} is not JSON")
