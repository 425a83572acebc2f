"""V16: letter and explanation of a request name nobody but its own party, and give away nothing of a facility."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from matcher.verifier.bundle.facts import Record, Snapshot
from matcher.verifier.bundle.names import words_of
from matcher.verifier.reading import shown
from matcher.verifier.report import Finding

FORMATS = {"letter": "gmphub/letter/1", "explanation": "gmphub/explanation/1"}
FEWEST = 5
"""Candidates that share a country, before it is named beside a masked one of them."""

SHORTEST = 2
"""Names of one character stand in every text and say nothing."""


def check_told(snapshot: Snapshot, verdicts: Any, told: dict[str, Any]) -> list[Finding]:
    """Return requests that are told nothing, or twice, and what a requester must not read in letter or explanation."""
    findings = list(_told_once(snapshot, told))
    everybody = {name for request in snapshot.requests.values() for name in _of_request(request)}
    everybody |= set(_of_facilities(snapshot))
    for file, one in sorted(told.items()):
        if one["request"] in snapshot.requests and not one["withheld"]:
            own = snapshot.requests[one["request"]]
            findings += _named(file, one, everybody - set(_of_request(own)))
            findings += _explained(file, one, own["id"], _candidates(snapshot, verdicts, own["id"]))
    return findings


def _told_once(snapshot: Snapshot, told: dict[str, Any]) -> Iterator[Finding]:
    count = Counter(one["request"] for one in told.values())
    for name in sorted(snapshot.requests.keys() | count.keys()):
        required = int(name in snapshot.requests)
        if count[name] != required:
            yield Finding("V16 told", f"request {shown(name)}", f"{count[name]} times", f"{required} times")


def _of_request(request: Record) -> Iterator[str]:
    """Batches and lots are numbered alike in many requests unless they carry the code of their own."""
    yield from (request["id"], request["label"], request["sponsor"], request["product"]["id"])
    for part in (*request["batches"], *request["materials"]):
        if request["id"] in part["id"]:
            yield part["id"]


def _of_facilities(snapshot: Snapshot) -> Iterator[str]:
    for facility in snapshot.facilities.values():
        yield from (facility["id"], facility["label"], facility["organisation"])
        for site in facility["sites"]:
            yield site["id"]
            for records in ("authorisations", "certificates", "non_compliances", "permits", "suites"):
                yield from (record["id"] for record in site[records])
            yield from (record["holder"] for record in site["authorisations"])


def _candidates(snapshot: Snapshot, verdicts: Any, request: str) -> Counter[str]:
    """Count by country the facilities of which some suite is not refused to the request."""
    rows = [row for row in verdicts["pairs"] if row["request"] == request and not row["fail"] and not row["unknown"]]
    facilities = {snapshot.suites[row["suite"]].facility["id"] for row in rows}
    return Counter(snapshot.facilities[name]["country"] for name in facilities)


def _named(file: str, one: Record, names: set[str]) -> Iterator[Finding]:
    """A name counts as a whole word; a hyphen joins words, as it does in codes."""
    for part in FORMATS:
        words = "\n".join(words_of(one[part]))
        for name in sorted(name for name in names if len(name) >= SHORTEST and name in words):
            if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", words):
                yield Finding(f"V16 {part}", f"{file} names another party", shown(name), "nobody else")


def _explained(file: str, one: Record, request: str, candidates: Counter[str]) -> Iterator[Finding]:
    for part, required in FORMATS.items():
        if one[part]["format"] != required:
            yield Finding("V01 format", f"{part} of {file}", shown(one[part]["format"]), required)
    explanation = one["explanation"]
    if (explanation["request"], explanation["reader"]) != (request, "requester"):
        found = f"{shown(explanation['request'])} for the {shown(explanation['reader'])}"
        yield Finding("V16 explanation", f"{file} is told to somebody else", found, f"{shown(request)} for requester")
    for facility in explanation["facilities"]:
        if facility["country"] is not None and candidates[facility["country"]] < FEWEST:
            found = f"{facility['country']}, {candidates[facility['country']]} candidates"
            yield Finding("V16 explanation", f"{file} gives a facility away", found, f"{FEWEST} candidates")
    if candidates.total() < FEWEST:
        counts = [limit["facilities"] for limit in explanation["limits"]]
        counts += [held["weeks"] for held in explanation["held"]]
        if any(count is not None for count in counts):
            found = f"{counts} of {candidates.total()} candidates"
            yield Finding("V16 explanation", f"{file} says what is full at few", found, f"{FEWEST} candidates")
    for rule in (rule for near in explanation["near"] for rule in near["rules"]):
        if [rule[key] for key in ("actual", "margin", "unit")] != [None, None, None]:
            yield Finding("V16 explanation", f"{file} tells a record", shown(rule["actual"]), "what is required only")
    for change in explanation["changes"]:
        if change["side"] != "sponsor":
            yield Finding("V16 explanation", f"{file} tells another side", shown(change["kind"]), "its own side")
