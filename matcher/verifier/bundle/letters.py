"""V16: a letter names nobody but the party it is for and the facilities where it was placed."""

import json
import re
from collections.abc import Iterator
from typing import Any

from matcher.verifier.bundle.facts import Snapshot
from matcher.verifier.plan import Plan
from matcher.verifier.reading import shown
from matcher.verifier.report import Finding


def check_letters(snapshot: Snapshot, plan: Plan, letters: dict[str, Any]) -> list[Finding]:
    """Return every id and label of another request, sponsor, facility, site or suite that stands in a letter."""
    names = list(_names(snapshot))
    everybody = {name for _, name in names}
    findings: list[Finding] = []
    for file, letter in sorted(letters.items()):
        if letter["request"] not in snapshot.requests:
            findings.append(Finding("V02 unknown", file, shown(letter["request"]), "a request of the snapshot"))
            continue
        own = {letter["request"], snapshot.requests[letter["request"]]["sponsor"]}
        own |= {placed.facility for placed in plan.get(letter["request"], ())}
        kept = {name for owner, name in names if owner in own}
        words = "\n".join(_words(letter))
        others = sorted(name for name in everybody - kept if name in words)
        found = [name for name in others if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words)]
        findings += [Finding("V16 letter", f"{file} names another party", shown(name), "nobody else") for name in found]
    return findings


def _names(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """Yield (owner, id or label); what belongs to a facility is owned by it."""
    for request in snapshot.requests.values():
        yield request["id"], request["id"]
        yield request["id"], request["label"]
        yield request["id"], request["product"]["id"]
        yield request["sponsor"], request["sponsor"]
    for facility in snapshot.facilities.values():
        for name in (facility["id"], facility["label"], facility["organisation"]):
            yield facility["id"], name
        for site in facility["sites"]:
            yield facility["id"], site["id"]
            yield from ((facility["id"], suite["id"]) for suite in site["suites"])


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _words(item)
    elif isinstance(value, list):
        for item in value:
            yield from _words(item)
    elif isinstance(value, str):
        yield value
    else:
        yield json.dumps(value, default=repr)
