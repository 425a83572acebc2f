"""A calculation as a folder: everything for an auditor, or for a party its own records and hashes of the rest.

An auditor's folder is the one `matcher.verifier.bundle` describes and checks. A party's folder holds

    manifest.json   {"format": "gmphub/party-bundle/1", "run", "files": {name: SHA-256}, "snapshot": hashes of the
                    manifest, "outcome_sha256", "manifest_sha256"}
    records.json    {"records": [{"kind", "id", "salt", "sha256", "record"}]}: the party's own requests and facilities
    hashes.json     {"records": [SHA-256 …]}: of every record of the snapshot, sorted; the hash of this list is
                    `records_sha256` of the manifest
    placements.json {"placements": [{"request", "batch", "suite", "start"}]}: starts of the party's own requests, or at
                    its own facilities; request, batch and suite of others are null

`check_party_bundle` works them out again: a party sees that its record was in the snapshot, and nobody else's.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from matcher.eligibility.verdicts import Verdicts
from matcher.facts import Facts
from matcher.outcome import Placement
from matcher.serialise import read_outcome
from registry import models
from registry.matching.calculation import prepare
from registry.matching.catalogue import check_problem, check_rules
from registry.matching.documents import canonical, facts_from_json, to_document
from registry.matching.manifest import OWN_HASH
from registry.matching.records import record_sha256, records_of, records_sha256
from registry.matching.replay import kept_of
from registry.matching.told import told_documents
from registry.services.policy_words import tier_texts
from registry.services.secrets import RECORD_HASHES, read_secret
from registry.vocabulary.results import Status

Files = Mapping[str, bytes]


TOLD_OF_ALL_TOGETHER = frozenset({"calendar_age", "counts"})
"""Figures over every party of a calculation: where few take part, a party could work out the others' from its own."""


@dataclass(frozen=True, slots=True)
class Party:
    """Codes of the organisations whose records are shown."""

    organisations: AbstractSet[str]


def auditor_files(session: Session, run: models.Run) -> Files:
    """Return the files of an auditor's folder by name.

    Verdicts are judged again from the frozen facts; raises RulesChangedError when the rules are not those of the
    manifest, or give another problem than the one that was solved: the verdicts would not be those of then.
    """
    kept = kept_of(session, run)
    check_rules(kept.manifest)
    prepared = prepare(facts_from_json(kept.facts))
    check_problem(kept.manifest, kept.problem_sha256, prepared.formulated.problem.sha256)
    facts, placements = prepared.facts, read_outcome(kept.outcome).placements
    told = told_documents(session, run, prepared, placements, kept.days)
    policy: dict[str, Any] = {
        "format": "gmphub/policy/1",
        "tiers": [dict(tier) for tier in facts.tiers],
        "texts": list(tier_texts(facts.tiers)),
    }
    if kept.rank:
        policy["tie_break"] = list(kept.rank)
    files = {
        "snapshot.json": kept.facts,
        "problem.json": run.problem or b"",
        "outcome.json": kept.outcome,
        "policy.json": canonical(policy),
        "verdicts.json": canonical(verdicts_document(prepared.verdicts)),
        **reasons(run),
        **{f"told/{file_of(request)}": document for request, document in told.items()},
    }
    head = {"format": "gmphub/bundle/2", "run": str(run.id), "state": run.state.value, "manifest": kept.manifest}
    return {**files, "manifest.json": canonical({**head, "files": hashes_of(files)})}


def verdicts_document(verdicts: Verdicts) -> Mapping[str, Any]:
    """Return, for every pair of request and suite, the rules that fail, are unknown or hold on conditions."""
    words = {Status.FAIL: "fail", Status.UNKNOWN: "unknown", Status.CONDITIONAL: "conditional"}
    pairs: list[dict[str, Any]] = []
    for request in verdicts.requests:
        for where in verdicts.places:
            row: dict[str, Any] = {"request": request.id, "suite": where.suite.id}
            row |= {word: [] for word in words.values()}
            for rule in verdicts.rules:
                status = verdicts.code_status(rule.id, request.id, where.suite.id)
                if status in words:
                    row[words[status]].append(rule.id)
            pairs.append(row)
    aside = [{"request": one.request, "reasons": list(one.reasons)} for one in verdicts.quarantined]
    return {"format": "gmphub/verdicts/1", "pairs": pairs, "set_aside": aside}


def reasons(run: models.Run) -> Files:
    """Return the reasons of each request that is not wholly placed, as they were kept with the calculation."""
    return {
        f"reasons/{file_of(request)}": canonical({"format": "gmphub/reasons/1", "request": request, "reasons": rows})
        for request, rows in run.summary["reasons"].items()
    }


def file_of(request: str) -> str:
    """Return the name of a file about a request, which may have any code."""
    return f"{hashlib.sha256(request.encode()).hexdigest()[:16]}.json"


def party_files(operator: Session, run: models.Run, party: Party) -> Files:
    """Return the files of a party's folder by name; the session is the machine's own, which may read the salts' key."""
    kept = kept_of(operator, run)
    facts = facts_from_json(kept.facts)
    records = records_of(facts, read_secret(operator, run.id, RECORD_HASHES))
    own = _own(facts, party)
    shown = [
        {**to_fields(record), "record": to_document(own[record.kind, record.id])}
        for record in records
        if (record.kind, record.id) in own
    ]
    suites = {
        suite.id
        for facility in facts.facilities
        if ("facility", facility.id) in own
        for site in facility.sites
        for suite in site.suites
    }
    placements = [
        placement
        for placement in read_outcome(kept.outcome).placements
        if ("request", placement.request) in own or placement.suite in suites
    ]
    files = {
        "records.json": canonical({"records": shown}),
        "hashes.json": canonical({"records": sorted(record.sha256 for record in records)}),
        "placements.json": canonical({"placements": [_masked(one, own, suites) for one in placements]}),
    }
    head = {
        "format": "gmphub/party-bundle/1",
        "run": str(run.id),
        "snapshot": {
            name: value for name, value in kept.manifest["snapshot"].items() if name not in TOLD_OF_ALL_TOGETHER
        },
        "outcome_sha256": kept.outcome_sha256,
        "manifest_sha256": kept.manifest[OWN_HASH],
    }
    return {**files, "manifest.json": canonical({**head, "files": hashes_of(files)})}


def _masked(placement: Placement, own: Mapping[tuple[str, str], object], suites: AbstractSet[str]) -> Mapping[str, Any]:
    """A facility sees that somebody is placed with it, and when; a sponsor that it is placed; names follow by consent.

    The code of a suite carries the one of its facility.
    """
    document: dict[str, Any] = {one.name: getattr(placement, one.name) for one in fields(placement)}
    if ("request", placement.request) not in own:
        document["request"] = document["batch"] = None
    if placement.suite not in suites:
        document["suite"] = None
    return document


def to_fields(record: Any) -> Mapping[str, Any]:
    """Return kind, id, salt and hash of a record."""
    return {"kind": record.kind, "id": record.id, "salt": record.salt, "sha256": record.sha256}


def _own(facts: Facts, party: Party) -> Mapping[tuple[str, str], object]:
    requests = {("request", one.id): one for one in facts.requests if one.sponsor in party.organisations}
    makers = {("facility", one.id): one for one in facts.facilities if one.organisation in party.organisations}
    return {**requests, **makers}


def hashes_of(files: Files) -> Mapping[str, str]:
    """Return the SHA-256 of each file by name."""
    return {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}


def check_party_bundle(folder: Path) -> tuple[str, ...]:
    """Return everything wrong with a party's folder: files, records that are not in the list, a list not committed to."""
    manifest = json.loads((folder / "manifest.json").read_bytes())
    found = {name: (folder / name).read_bytes() for name in manifest["files"]}
    faults = [f"{name} is not the file of the manifest" for name in _changed(manifest["files"], hashes_of(found))]
    listed = json.loads(found["hashes.json"])["records"]
    if records_sha256(listed) != manifest["snapshot"]["records_sha256"]:
        faults.append("the list of hashes is not the one of the manifest")
    faults += [
        f"{entry['kind']} {entry['id']} was not in the snapshot like this"
        for entry in json.loads(found["records.json"])["records"]
        if record_sha256(entry["salt"], entry["record"]) != entry["sha256"] or entry["sha256"] not in listed
    ]
    return tuple(faults)


def _changed(stated: Mapping[str, str], found: Mapping[str, str]) -> Iterable[str]:
    return sorted(name for name in stated if stated[name] != found.get(name))
