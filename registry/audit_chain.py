"""Check an exported trail offline: standard library only, so that it runs on an auditor's machine.

    python registry/audit_chain.py trail.jsonl [anchors.jsonl]

A trail file holds one line an event: `{"event": {…}, "hash": "…", "previous_hash": "…"}`. The hash is SHA-256 of the
previous hash (64 zeros for the first event), a line feed and the event in RFC 8785 form. An anchor is a head of the
chain that was handed out earlier: `{"sequence": n, "hash": "…", "signature": "…", …}`. Without anchors nobody can tell
a chain that was cut off or written anew from the true one; with them, everything up to the last anchor is covered.
Signatures need more than the standard library: `gmphub audit verify FILE --anchors FILE --public-key FILE` checks them.
"""

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

START = "0" * 64


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head of the chain as it was handed out."""

    sequence: int
    hash: str
    anchored_at: str = ""
    signature: str = ""
    public_key: str = ""


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain breaks (the sequence number an event should have there) and how."""

    sequence: int
    text: str


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a check found: events read, the head, the last anchor that holds, every break."""

    events: int
    head: str
    anchored_up_to: int
    breaks: tuple[Break, ...]


class _Written(str):
    """A number with a point or exponent, kept as it was written."""

    __slots__ = ()


def verify_chain(lines: Iterable[str], anchors: Iterable[Anchor] = ()) -> ChainReport:
    """Check every event, every link and every anchor of a trail, given line by line."""
    wanted: dict[int, set[str]] = {}
    for anchor in anchors:
        wanted.setdefault(anchor.sequence, set()).add(anchor.hash)
    breaks = [Break(0, f"cannot be: an anchor names event {n}") for n in sorted(wanted) if n < 1][:1]
    previous, count, anchored = START, 0, 0
    for count, line in enumerate(lines, start=1):
        found = _read(line)
        if found is None:
            breaks.append(Break(count, "the line is not an event"))
            continue
        event, stated, link = found
        breaks += [Break(count, text) for text in _faults(event, stated, link, count, previous)]
        if count in wanted:
            if len(wanted[count]) > 1:
                breaks.append(Break(count, "has anchors that contradict each other"))
            elif stated in wanted[count]:
                anchored = count if not breaks else anchored
            else:
                breaks.append(
                    Break(count, f"differs from its anchor; something changed after event {anchored} up to here")
                )
        previous = stated
    missing = sorted(sequence for sequence in wanted if sequence > count)
    breaks += [Break(count + 1, f"is missing: an anchor names event {sequence}") for sequence in missing[:1]]
    return ChainReport(count, previous, anchored, tuple(breaks))


def _faults(event: Mapping[str, Any], stated: str, link: str, expected: int, previous: str) -> Iterator[str]:
    if event.get("sequence") != expected:
        yield f"carries sequence {event.get('sequence')}"
    if link != previous:
        yield "does not follow the event before it"
    if event_hash(link, event) != stated:
        yield "was changed: its hash does not fit its content"


def event_hash(previous: str, event: Mapping[str, Any]) -> str:
    """SHA-256 of the previous hash, a line feed and the event in RFC 8785 form, in hexadecimal."""
    return hashlib.sha256(f"{previous}\n{canonical(event)}".encode("utf-8", "surrogatepass")).hexdigest()


def canonical(value: Any) -> str:
    """RFC 8785 form of what `json` reads; keys of events are plain ASCII, so code points order them."""
    if isinstance(value, _Written):
        return str.__str__(value)
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_text(key)}:{canonical(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, str):
        return _text(value)
    return json.dumps(value)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _read(line: str) -> tuple[Mapping[str, Any], str, str] | None:
    try:
        found = json.loads(line, parse_float=_Written)
        event, stated, link = found["event"], found["hash"], found["previous_hash"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return (event, str(stated), str(link)) if isinstance(event, dict) else None


def read_anchors(lines: Iterable[str]) -> list[Anchor]:
    """Read anchors, one JSON object a line; a ValueError names the line that is none."""
    return [_anchor(number, line) for number, line in enumerate(lines, start=1) if line.strip()]


def _anchor(number: int, line: str) -> Anchor:
    try:
        found = json.loads(line)
        words = [str(found.get(name) or "") for name in ("anchored_at", "signature", "public_key")]
        return Anchor(int(found["sequence"]), str(found["hash"]), *words)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"line {number} is not an anchor") from error


USAGE = "usage: python audit_chain.py TRAIL [ANCHORS]"


def main(arguments: list[str]) -> int:
    """Check a file and print what was found; 0 = nothing is wrong, 1 = the chain breaks, 2 = cannot be read."""
    if not 1 <= len(arguments) <= 2 or arguments[0].startswith("-"):
        print(USAGE, file=sys.stderr)  # noqa: T201 - a program of its own
        return 2
    try:
        anchors = read_anchors(Path(arguments[1]).read_text("utf-8").splitlines()) if len(arguments) > 1 else []
        with Path(arguments[0]).open(encoding="utf-8") as trail:
            report = verify_chain(trail, anchors)
    except (OSError, ValueError) as error:
        print(f"cannot be read: {error}\n{USAGE}", file=sys.stderr)  # noqa: T201 - a program of its own
        return 2
    for broken in report.breaks:
        print(f"event {broken.sequence} {broken.text}")  # noqa: T201 - a program of its own
    print(  # noqa: T201 - a program of its own
        f"{report.events} events, {len(report.breaks)} breaks, anchored up to event {report.anchored_up_to}, "
        f"head {report.head}"
    )
    return 1 if report.breaks else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
