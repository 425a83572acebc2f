"""Facts as an auditor's bundle, with a plan of the greedy baseline: what the project itself would hand out."""

import json
import random
from datetime import date
from uuid import UUID

from matcher.eligibility import judge
from matcher.explain.explaining import explain_all
from matcher.facts import Facts
from matcher.formulate import formulated
from matcher.greedy import greedy
from matcher.serialise import problem_json
from registry.matching.bundle import verdicts_document
from registry.matching.calculation import Prepared
from registry.matching.disclosure import released
from registry.matching.documents import canonical
from registry.matching.explanation import Reader
from registry.matching.explanations import to_explain
from registry.matching.letters import occasion_of
from registry.matching.reasons import reasons_of
from registry.matching.told import told_document
from tests.matcher.verifier.bundles import Documents
from tests.matcher.verifier.plans import outcome_of

OCCASION = occasion_of("2027-Q1", UUID(int=1), date(2026, 11, 25), None, date(2026, 12, 1))


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
    done = to_explain(Prepared(facts, verdicts, made), plan)
    explained = explain_all(done, counterfactuals=False)
    told = {code: told_document(released(done, one, Reader.REQUESTER), OCCASION) for code, one in explained.items()}
    tiers = [dict(tier) for tier in facts.tiers]
    return {
        "problem.json": problem_json(made.problem),
        "outcome.json": canonical(outcome_of(made.problem, plan, random.Random(0))),
        "snapshot.json": snapshot_of(facts),
        "policy.json": {"format": "gmphub/policy/1", "tiers": tiers, "texts": ["in words" for _ in tiers]},
        "verdicts.json": json.loads(canonical(verdicts_document(verdicts))),
        **{name: json.loads(canonical(document)) for name, document in reasons.items()},
        **{f"told/{number}.json": json.loads(canonical(one)) for number, one in enumerate(told.values())},
    }
