"""V11: the policy is one and the same everywhere, and the problem asks for what the snapshot says."""

from collections.abc import Iterator
from typing import Any

from matcher.verifier.bundle.facts import Snapshot
from matcher.verifier.problem import Problem, Request
from matcher.verifier.reading import shown
from matcher.verifier.report import Finding


def check_policy(document: Any, problem: Problem, snapshot: Snapshot, policy: Any) -> list[Finding]:
    """Return where tiers differ between policy, problem and snapshot, and where the problem misstates a request."""
    tiers = document["policy"]["tiers"]
    findings = [
        Finding(
            "V11 policy", f"the tiers of the {name} are not those of the policy", shown(found), shown(policy["tiers"])
        )
        for name, found in (("problem", tiers), ("snapshot", snapshot.document["tiers"]))
        if found != policy["tiers"]
    ]
    if len(policy["texts"]) != len(tiers):
        where = "the policy has a text for each tier"
        findings.append(Finding("V11 policy", where, f"{len(policy['texts'])} texts", f"{len(tiers)} texts"))
    for request in problem.requests.values():
        findings += _request(request, snapshot)
    return findings


def _request(request: Request, snapshot: Snapshot) -> Iterator[Finding]:
    if request.id not in snapshot.requests:
        yield Finding("V02 unknown", "a request of the problem", shown(request.id), "a request of the snapshot")
        return
    fact = snapshot.requests[request.id]
    weights = {batch["id"]: max(1, batch["patients"]) for batch in fact["batches"]}
    pairs = {
        "class": (request.urgency, fact["urgency"]),
        "max_sites": (request.max_sites, fact["max_sites"]),
        "all_or_nothing": (request.all_or_nothing, fact["all_or_nothing"]),
        "group": (request.group, fact["group"]),
        "weights": ({batch.id: batch.weight for batch in request.batches.values()}, weights),
        "after": (
            {batch.id: batch.after for batch in request.batches.values()},
            {batch["id"]: batch["after"] for batch in fact["batches"]},
        ),
    }
    for name, (found, required) in pairs.items():
        if found != required:
            yield Finding("V11 request", f"{name} of request {shown(request.id)}", shown(found), shown(required))
