"""Nine ways to tamper with a trail, on the lines of its export, as somebody who may write anywhere could do it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from registry.audit_chain import START, event_hash

Lines = list[str]


@dataclass(frozen=True, slots=True)
class Tampering:
    """One way: the lines afterwards, and the first event that is not what it was (a sequence number)."""

    lines: Lines
    first: int


def read(line: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(line)
    return found


def written(entry: dict[str, Any]) -> str:
    return json.dumps(entry) + "\n"


def _edit(lines: Lines, chance: Random, change: Callable[[dict[str, Any]], None]) -> Tampering:
    place = chance.randrange(len(lines))
    entry = read(lines[place])
    change(entry["event"])
    return Tampering([*lines[:place], written(entry), *lines[place + 1 :]], place + 1)


def edit_content(lines: Lines, chance: Random) -> Tampering:
    return _edit(lines, chance, lambda event: event.update(new={**(event["new"] or {}), "name": "Nicer"}))


def edit_actor(lines: Lines, chance: Random) -> Tampering:
    return _edit(lines, chance, lambda event: event.update(actor="00000000-0000-4000-8000-00000000000f"))


def edit_time(lines: Lines, chance: Random) -> Tampering:
    return _edit(lines, chance, lambda event: event.update(occurred_at="2020-01-01T00:00:00.000000Z"))


def remove(lines: Lines, chance: Random) -> Tampering:
    place = chance.randrange(len(lines) - 1)
    return Tampering([*lines[:place], *lines[place + 1 :]], place + 1)


def forge(lines: Lines, chance: Random) -> Tampering:
    """Insert an event that follows the one before it rightly."""
    place = chance.randrange(len(lines))
    entry = read(lines[place])
    entry["event"]["reason"] = "forged"
    entry["hash"] = event_hash(entry["previous_hash"], entry["event"])
    return Tampering([*lines[:place], written(entry), *lines[place:]], place + 1)


def swap(lines: Lines, chance: Random) -> Tampering:
    place = chance.randrange(len(lines) - 1)
    return Tampering([*lines[:place], lines[place + 1], lines[place], *lines[place + 2 :]], place + 1)


def repeat(lines: Lines, chance: Random) -> Tampering:
    place = chance.randrange(len(lines))
    return Tampering([*lines[: place + 1], *lines[place:]], place + 2)


def cut(lines: Lines, chance: Random) -> Tampering:
    """Take the end away, up to some event before the last."""
    place = chance.randrange(1, len(lines))
    return Tampering(lines[:place], place + 1)


def write_anew(lines: Lines, chance: Random) -> Tampering:
    """Change one event and compute every hash after it again."""
    edited = edit_content(lines, chance)
    previous, anew = START, []
    for line in edited.lines:
        entry = read(line)
        entry["previous_hash"] = previous
        entry["hash"] = previous = event_hash(previous, entry["event"])
        anew.append(written(entry))
    return Tampering(anew, edited.first)


INSIDE = {
    "edit content": edit_content,
    "edit actor": edit_actor,
    "edit time": edit_time,
    "remove": remove,
    "forge": forge,
    "swap": swap,
    "repeat": repeat,
}
"""Ways the chain itself shows, at the very event."""

BEYOND = {"cut": cut, "write anew": write_anew}
"""Ways only an anchor shows: the first missing event, or the first anchor after the change."""

WAYS = INSIDE | BEYOND
