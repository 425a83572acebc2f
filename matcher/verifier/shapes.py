"""Small checks of shape, put together into the tables of `formats`; each names every fault with its path."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from matcher.verifier.reading import LARGEST, shown


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a document breaks the format, and how."""

    path: str
    text: str


Check = Callable[[object, str], list[Fault]]


def integer(least: int = -LARGEST, most: int = LARGEST) -> Check:
    """Accept a JSON integer from `least` to `most`."""

    def check(value: object, path: str) -> list[Fault]:
        if type(value) is int and least <= value <= most:
            return []
        return [Fault(path, f"must be an integer from {least} to {most}, found {shown(value)}")]

    return check


def text(least: int = 0, most: int | None = None) -> Check:
    """Accept Unicode text of `least` to `most` characters."""

    def check(value: object, path: str) -> list[Fault]:
        if not isinstance(value, str):
            return [Fault(path, f"must be text, found {shown(value)}")]
        if len(value) < least or (most is not None and len(value) > most):
            return [Fault(path, f"must have {least} to {most} characters, found {len(value)}")]
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            return [Fault(path, "must be Unicode text, found half of a surrogate pair")]
        return []

    return check


def boolean(value: object, path: str) -> list[Fault]:
    """Accept true or false."""
    return [] if isinstance(value, bool) else [Fault(path, f"must be true or false, found {shown(value)}")]


def choice(*allowed: str) -> Check:
    """Accept one of the words."""

    def check(value: object, path: str) -> list[Fault]:
        if isinstance(value, str) and value in allowed:
            return []
        return [Fault(path, f"must be one of {', '.join(allowed)}, found {shown(value)}")]

    return check


def optional(inner: Check) -> Check:
    """Accept null beside what `inner` accepts."""
    return lambda value, path: [] if value is None else inner(value, path)


def pair(value: object, path: str) -> list[Fault]:
    """Accept a list of two integers, the second not below the first."""
    faults = listing(integer(), least=2, most=2)(value, path)
    if not faults and isinstance(value, list) and value[0] > value[1]:
        return [Fault(path, f"must not end before it begins, found {shown(value)}")]
    return faults


def listing(inner: Check, *, least: int = 0, most: int = LARGEST, unique: tuple[str, ...] = ()) -> Check:
    """Accept a list of what `inner` accepts; the values of the keys `unique` together name a row only once."""

    def check(value: object, path: str) -> list[Fault]:
        if not isinstance(value, list):
            return [Fault(path, f"must be a list, found {shown(value)}")]
        if not least <= len(value) <= most:
            return [Fault(path, f"must have at least {least} and at most {most} entries, found {len(value)}")]
        faults = [fault for index, item in enumerate(value) for fault in inner(item, f"{path}[{index}]")]
        return faults if faults or not unique else _repeated(value, unique, path)

    return check


def mapping(name: Check, inner: Check, *, least: int = 0) -> Check:
    """Accept an object whose keys `name` accepts and whose values `inner` accepts."""

    def check(value: object, path: str) -> list[Fault]:
        if not isinstance(value, dict):
            return [Fault(path, f"must be an object, found {shown(value)}")]
        if len(value) < least:
            return [Fault(path, f"must have at least {least} keys, found {len(value)}")]
        faults: list[Fault] = []
        for key, item in value.items():
            at = f"{path}.{shown(key)}"
            faults += name(key, at) + inner(item, at)
        return faults

    return check


def record(required: Mapping[str, Check], extra: Mapping[str, Check] | None = None) -> Check:
    """Accept an object with all keys of `required`, perhaps some of `extra`, and no other."""
    known = {**required, **(extra or {})}

    def check(value: object, path: str) -> list[Fault]:
        if not isinstance(value, dict):
            return [Fault(path, f"must be an object, found {shown(value)}")]
        faults = [Fault(f"{path}.{key}".lstrip("."), "is missing") for key in required if key not in value]
        for key, item in value.items():
            if key in known:
                faults += known[key](item, f"{path}.{key}".lstrip("."))
            else:
                faults.append(Fault(f"{path}.{shown(key)}".lstrip("."), "is no key of the format"))
        return faults

    return check


def _repeated(rows: list[dict[str, object]], keys: tuple[str, ...], path: str) -> list[Fault]:
    seen: set[tuple[object, ...]] = set()
    faults: list[Fault] = []
    for index, row in enumerate(rows):
        name = tuple(row[key] for key in keys)
        if name in seen:
            faults.append(Fault(f"{path}[{index}]", f"stands twice: {', '.join(shown(part) for part in name)}"))
        seen.add(name)
    return faults
