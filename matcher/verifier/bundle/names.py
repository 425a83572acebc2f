"""V16: the reasons of a request name nobody but its own party and the facilities where it was placed."""

import json
import re
from collections.abc import Iterator
from typing import Any

from matcher.verifier.bundle.facts import Snapshot
from matcher.verifier.plan import Plan
from matcher.verifier.reading import shown
from matcher.verifier.report import Finding


def check_names(snapshot: Snapshot, plan: Plan, reasons: dict[str, Any]) -> list[Finding]:
    """Return every id and label of another request, sponsor, facility, site or suite that stands in reasons."""
    names = list(_names(snapshot))
    everybody = {name for _, name in names}
    findings: list[Finding] = []
    for file, one in sorted(reasons.items()):
        if one["request"] not in snapshot.requests:
            findings.append(Finding("V02 unknown", file, shown(one["request"]), "a request of the snapshot"))
            continue
        own = {one["request"], snapshot.requests[one["request"]]["sponsor"]}
        own |= {placed.facility for placed in plan.get(one["request"], ())}
        kept = {name for owner, name in names if owner in own}
        words = "\n".join(words_of(one))
        others = sorted(name for name in everybody - kept if name in words)
        found = [name for name in others if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words)]
        findings += [
            Finding("V16 reasons", f"{file} names another party", shown(name), "nobody else") for name in found
        ]
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


def words_of(value: Any) -> Iterator[str]:
    """Yield every key and every value of a document as text."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from words_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from words_of(item)
    elif isinstance(value, str):
        yield value
    else:
        yield json.dumps(value, default=repr)
