"""A run as a folder that an auditor can check alone: `verify_bundle`.

    manifest.json   {"format": "gmphub/bundle/2", "run": text, "files": {name: SHA-256 of the bytes}, …}: every other
                    file of the folder with its path, and nothing else; further keys are not looked at
    snapshot.json   the facts of the round: one object, keys and records as in `Facts`; days as YYYY-MM-DD, periods as
                    {"start", "end"} with the end outside or null, sets as lists, unknown as null
    problem.json    the problem document; its ids are those of the snapshot, tick "week"
    outcome.json    the outcome document
    policy.json     {"format": "gmphub/policy/1", "tiers": as in the problem, "texts": a sentence for each tier,
                    "tie_break": request ids in published order (optional)}
    verdicts.json   {"format": "gmphub/verdicts/1", "pairs": [{"request", "suite", "fail", "unknown", "conditional":
                    lists of rule ids}], "set_aside": [{"request", "reasons": [text]}]}: every request of the snapshot
                    that is not set aside with every suite
    reasons/*.json  one each: {"format": "gmphub/reasons/1", "request", "reasons": [{"rule", "facilities": count,
                    "text"}], …}: every request that is not wholly placed has one; further keys are searched by V16
    told/*.json     what each requester is told, one each: {"format": "gmphub/told/1", "request", "letter": as printed,
                    format "gmphub/letter/1", "explanation": as the API gives it, format "gmphub/explanation/1",
                    "withheld": []}; or, where nothing is told, both null and "withheld" a list of what is wrong

Checks, named as in the reliability notes: V01 hashes and formats; V02 to V06 and V12 the rules and numbers of the two
files, V04 and V06 also in days from the snapshot, with notice and starts on offer; V07 licence and operation over the
stay, certificate, non-compliance, Qualified Person; V08 grade and way of working, equipment, vectors, contained use and
its permit, methods; V09 window, exclusions, material, ways in and back, borders, hospital exemption; V10 who takes part,
how old its facts are, size of the campaign, readiness of the pair, new products; V11 policy, urgency, patients and
promises are those of the snapshot; V13 every request is placed or has checked reasons; V14 and V15 remarks; V16 nothing
of another party in reasons, letters and explanations, and nothing of a facility's record in the latter. What is not recorded is never a yes.
"""

from pathlib import Path
from typing import Any

from matcher.verifier.bundle.facts import Snapshot
from matcher.verifier.bundle.files import read_folder
from matcher.verifier.bundle.names import check_names
from matcher.verifier.bundle.pairs import check_pairs
from matcher.verifier.bundle.policy import check_policy
from matcher.verifier.bundle.reasons import check_reasons
from matcher.verifier.bundle.stability import stability_remarks, tie_break_remarks
from matcher.verifier.bundle.told import check_told
from matcher.verifier.plan import read_plan
from matcher.verifier.problem import build
from matcher.verifier.report import Finding, Report
from matcher.verifier.two_files import verify

NUMBER = {
    "hash": "V01",
    "twice": "V03",
    "sites": "V03",
    "all-or-nothing": "V03",
    "places": "V04",
    "family": "V04",
    "resource": "V05",
    "warnings": "V05",
    "start": "V06",
    "after": "V06",
    "terms": "V12",
    "objective": "V12",
    "bound": "V12",
    "optimal": "V12",
    "status": "V12",
    "proof": "V12",
}
"""The number of each check of the two files; all others say that something does not exist or has a wrong shape."""


def verify_bundle(folder: Path) -> Report:
    """Verify a folder as this page describes it: two-file report with numbered checks, and the checks of the snapshot.

    Refused are a folder without a readable manifest and problem, and a problem that breaks the format.
    """
    found = read_folder(folder)
    if isinstance(found, Report):
        return found
    documents, findings = found
    two = verify(documents["problem.json"], documents.get("outcome.json"))
    if two.refused:
        return two
    findings += [
        Finding(f"{NUMBER.get(one.check, 'V02')} {one.check}", one.text, one.found, one.required)
        for one in two.findings
    ]
    remarks = list(two.remarks)
    try:
        _add_from_snapshot(documents, findings, remarks)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        where = "a file of the bundle does not have the shape that is described"
        findings.append(Finding("V01 shape", where, f"{type(error).__name__}: {error}", "the shape described"))
    return Report(tuple(findings), tuple(remarks), (), two.objective, two.terms, two.bound, two.proof_bound)


def _add_from_snapshot(documents: dict[str, Any], findings: list[Finding], remarks: list[str]) -> None:
    """Add step by step, so that what was found stays when a later step cannot read its file."""
    problem = build(documents["problem.json"])
    plan, _ = read_plan(problem, documents["outcome.json"]["placements"])
    snapshot = Snapshot(documents["snapshot.json"])
    verdicts, policy = documents["verdicts.json"], documents["policy.json"]
    reasons = {name: document for name, document in documents.items() if name.startswith("reasons/")}
    findings += check_policy(documents["problem.json"], problem, snapshot, policy)
    findings += check_pairs(snapshot, plan, verdicts)
    findings += check_reasons(problem, plan, snapshot, verdicts, reasons)
    findings += check_names(snapshot, plan, reasons)
    told = {name: document for name, document in documents.items() if name.startswith("told/")}
    findings += check_told(snapshot, verdicts, told)
    remarks += stability_remarks(problem, plan)
    remarks += tie_break_remarks(problem, plan, policy.get("tie_break"))
