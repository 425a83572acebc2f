"""What an outcome says of itself, held against what was recomputed."""

from collections.abc import Iterator, Mapping
from typing import Any

from matcher.verifier.report import Finding


def check_claims(outcome: Mapping[str, Any], objective: tuple[int, ...], terms: Mapping[str, int]) -> list[Finding]:
    """Return the findings about status, terms, objective and bound of an outcome with a plan.

    Keys whose shape is wrong have been taken out of `outcome` before, they are findings already.
    """
    status = outcome.get("status")
    findings = [*_status(outcome)]
    without_numbers = status in ("rejected", "unknown") and not outcome.get("objective") and not outcome.get("terms")
    if without_numbers:
        if status == "rejected" and outcome.get("bound"):
            findings.append(Finding("status", "a rejected problem has no bound", str(outcome["bound"]), "[]"))
        return findings
    if "objective" in outcome and tuple(outcome["objective"]) != objective:
        where = "the objective is not the one of the placements"
        findings.append(Finding("objective", where, str(outcome["objective"]), str(list(objective))))
    findings += _terms(outcome.get("terms", terms), terms)
    findings += _bound(outcome.get("bound"), objective, optimal=status == "optimal")
    return findings


def _status(outcome: Mapping[str, Any]) -> Iterator[Finding]:
    status = outcome.get("status")
    if status == "rejected":
        yield Finding("status", "the problem is well formed and was rejected", "rejected", "a plan")
    if status == "infeasible":
        yield Finding("status", "placing nothing is always allowed", "infeasible", "another status")
    if status in ("rejected", "infeasible", "unknown") and outcome.get("placements"):
        yield Finding("status", f"{status} comes without a plan", f"{len(outcome['placements'])} placements", "none")
    if status == "rejected" and (outcome.get("objective") or outcome.get("terms")):
        yield Finding("status", "a rejected problem has no numbers", "objective or terms", "empty")
    if status == "rejected" and "faults" in outcome and not outcome["faults"]:
        yield Finding("status", "a rejected problem has faults", "none listed", "every fault")
    if status not in ("rejected", None) and outcome.get("faults"):
        yield Finding("status", "only a rejected problem has faults", f"{len(outcome['faults'])} listed", "none")


def _terms(found: Mapping[str, int], required: Mapping[str, int]) -> Iterator[Finding]:
    for term in sorted(found.keys() | required.keys()):
        if found.get(term) != required.get(term):
            where = f"the term {term} is not the one of the placements"
            yield Finding("terms", where, str(found.get(term, "missing")), str(required.get(term, "not listed")))


def _bound(bound: list[int | None] | None, objective: tuple[int, ...], *, optimal: bool) -> Iterator[Finding]:
    if bound is None:
        return
    if len(bound) != len(objective):
        yield Finding("bound", "there is one bound for each tier", f"{len(bound)} entries", f"{len(objective)} entries")
        return
    for tier, (limit, value) in enumerate(zip(bound, objective, strict=True)):
        if limit is not None and limit < value:
            yield Finding("bound", f"tier {tier} reaches more than its bound", str(limit), f"at least {value}")
        elif optimal and limit != value:
            yield Finding("optimal", f"tier {tier} may reach more than it does", str(limit), f"exactly {value}")
