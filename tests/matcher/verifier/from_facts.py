"""Facts as an auditor's bundle, with a plan of the greedy baseline: what the project itself would hand out."""

import json
import random

from matcher.eligibility import judge
from matcher.facts import Facts
from matcher.formulate import formulated
from matcher.greedy import greedy
from matcher.serialise import problem_json
from registry.matching.bundle import verdicts_document
from registry.matching.documents import canonical
from registry.matching.reasons import reasons_of
from tests.matcher.verifier.bundles import Documents
from tests.matcher.verifier.plans import outcome_of


def snapshot_of(facts: Facts) -> object:
    """The facts as they stand in a bundle."""
    return json.loads(canonical(facts))


def documents_of(facts: Facts) -> Documents:
    """The documents of a bundle of these facts, without its manifest."""
    verdicts = judge(facts)
    made = formulated(facts, verdicts)
    plan = tuple(sorted(greedy(made.problem)))
    reasons = {
        f"reasons/{number}.json": {"format": "gmphub/reasons/1", "request": request, "reasons": rows}
        for number, (request, rows) in enumerate(reasons_of(facts, verdicts, made, plan).items())
    }
    tiers = [dict(tier) for tier in facts.tiers]
    return {
        "problem.json": problem_json(made.problem),
        "outcome.json": canonical(outcome_of(made.problem, plan, random.Random(0))),
        "snapshot.json": snapshot_of(facts),
        "policy.json": {"format": "gmphub/policy/1", "tiers": tiers, "texts": ["in words" for _ in tiers]},
        "verdicts.json": json.loads(canonical(verdicts_document(verdicts))),
        **{name: json.loads(canonical(document)) for name, document in reasons.items()},
    }
