"""Collecting faults with the JSON path of each."""

import json
import re
from typing import TypeAlias

from matcher.outcome import Fault

LISTED = 1000
"""So many faults are listed; the rest is counted."""

Path: TypeAlias = "tuple[Path, str | int] | None"
"""Where one is in a document: parent and key or index; None is the whole document."""

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_SHOWN = 40


def shown(path: Path) -> str:
    """The path in words of JSON: `$.requests[3].batches[0].earliest`."""
    steps: list[str] = []
    while path is not None:
        path, step = path
        if isinstance(step, int):
            steps.append(f"[{step}]")
        elif _PLAIN_KEY.match(step):
            steps.append("." + step)
        else:
            steps.append(f"[{brief(step)}]")
    return "$" + "".join(reversed(steps))


def brief(value: object) -> str:
    """A value as it stands in the file, shortened, in ASCII."""
    if isinstance(value, list):
        return f"a list of {len(value)}" if value else "an empty list"
    if isinstance(value, dict):
        return "an object" if value else "an empty object"
    if isinstance(value, str) and len(value) > _SHOWN:
        return json.dumps(value[:_SHOWN]) + f" … ({len(value)} characters)"
    return json.dumps(value)


class Faults:
    """The faults found so far; the first thousand are kept, all are counted."""

    def __init__(self) -> None:
        self._listed: list[Fault] = []
        self._count = 0
        self.unreadable = False
        """Whether some value has the wrong shape, so that no problem can be built to look further."""

    @property
    def full(self) -> bool:
        """Whether further faults are only counted, so that no words need be found for them."""
        return self._count >= LISTED

    def add(self, path: Path, text: str) -> None:
        """Note what is wrong at `path`."""
        self._count += 1
        if len(self._listed) < LISTED:
            self._listed.append(Fault(shown(path), text))

    def add_shape(self, path: Path, text: str) -> None:
        """Note a value of the wrong shape."""
        self.unreadable = True
        self.add(path, text)

    def all(self) -> tuple[Fault, ...]:
        """Every fault; behind the first thousand a line says how many more there are."""
        if self._count <= LISTED:
            return tuple(self._listed)
        more = self._count - LISTED
        return (*self._listed, Fault("$", f"{more} more faults are not listed; mend these first and look again"))
