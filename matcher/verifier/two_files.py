"""The two-file form: a problem and an outcome, by the rules and numbers of the format page."""

from typing import Any

from matcher.verifier.claims import check_claims
from matcher.verifier.formats import check_outcome, check_problem
from matcher.verifier.loads import check_resources
from matcher.verifier.measure import measured, valued
from matcher.verifier.places import check_suites
from matcher.verifier.plan import read_plan
from matcher.verifier.problem import Problem, build
from matcher.verifier.promises import check_promises
from matcher.verifier.proof import check_proof, proved_limit
from matcher.verifier.reading import NotJsonError, canonical, read, sha256, shown
from matcher.verifier.references import check_references
from matcher.verifier.report import Finding, Report
from matcher.verifier.shapes import Fault


def verify_bytes(problem: bytes, outcome: bytes) -> Report:
    """Verify the bytes of an outcome file against those of its problem file; see `verify`.

    Refused are a file that is not JSON and a problem that breaks the format.
    """
    try:
        asked = read(problem)
    except NotJsonError as error:
        return Report(refused=(f"the problem is not JSON: {error}",))
    try:
        answered = read(outcome)
    except NotJsonError as error:
        return Report(refused=(f"the outcome is not JSON: {error}",))
    if asked.repeated:
        return Report(refused=tuple(f"the problem has the key {shown(key)} twice" for key in asked.repeated))
    repeated = [
        Finding("format", "a key stands twice in an object of the outcome", shown(key), "once")
        for key in answered.repeated
    ]
    return verify(asked.value, answered.value, tuple(repeated))


def verify(problem_document: object, outcome_document: object, before: tuple[Finding, ...] = ()) -> Report:
    """Check every rule and number of the format and return all findings, `before` first.

    Both documents are values as `json.loads` gives them. A problem that breaks the format is refused. An outcome
    never raises: what cannot be read is a finding and the rest is checked without it.
    """
    faults = check_problem(problem_document)
    problem = None if faults else build(problem_document)
    if problem is not None:
        faults = check_references(problem)
    if problem is None or faults:
        return Report(refused=tuple(f"{fault.path or 'the document'}: {fault.text}" for fault in faults))
    faults = check_outcome(outcome_document)
    findings = [*before, *(Finding("format", fault.path, fault.text, "the format") for fault in faults)]
    if not isinstance(outcome_document, dict):
        return Report(findings=tuple(findings))
    return _verify(problem, sha256(canonical(problem_document)), _readable(outcome_document, faults), findings)


def _readable(outcome: dict[str, Any], faults: list[Fault]) -> dict[str, Any]:
    """Return the outcome without keys that have a fault; rows of `placements` are judged one by one later."""
    wrong = {fault.path.split(".")[0].split("[")[0] for fault in faults}
    kept = {key: value for key, value in outcome.items() if key not in wrong}
    if isinstance(outcome.get("placements"), list):
        kept["placements"] = outcome["placements"]
    return kept


def _verify(problem: Problem, digest: str, outcome: dict[str, Any], findings: list[Finding]) -> Report:
    remarks: list[str] = []
    claimed = outcome.get("problem_sha256", digest)
    if claimed != digest:
        findings.append(Finding("hash", "the outcome is about another problem", shown(claimed), digest))
    plan, wrong = read_plan(problem, outcome.get("placements", []))
    crowded_suites, full_suites = check_suites(problem, plan)
    crowded_resources, full_resources = check_resources(problem, plan)
    findings += [*wrong, *crowded_suites, *crowded_resources, *check_promises(plan)]
    full = [*full_suites, *full_resources]
    if full and not outcome.get("warnings", full):
        where = f"bookings alone exceed {', '.join(full[:6])}"
        findings.append(Finding("warnings", where, "no warning", "a warning"))
    terms = measured(problem, plan)
    objective = valued(problem, terms)
    findings += check_claims(outcome, objective, terms)
    bound = (outcome.get("bound") or [None])[0]
    limit = None
    if "proof" in outcome:
        proof = outcome["proof"]
        broken = check_proof(problem, proof)
        findings += broken
        limit = None if broken else proved_limit(problem, proof["scale"], proof)
        if limit is not None and limit < objective[0]:
            where = "the plan reaches more in the first tier than the proof allows"
            findings.append(Finding("proof", where, str(limit), f"at least {objective[0]}"))
        if limit is not None and bound is not None and bound < limit:
            remarks.append(f"bound[0] is {bound}; the proof alone shows {limit}")
    return Report(tuple(findings), tuple(remarks), (), objective, terms, bound, limit)
