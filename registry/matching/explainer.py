"""A stored calculation made ready to be explained, or refused when its facts are judged otherwise now."""

from collections.abc import Mapping
from typing import Any

from matcher.explain.explaining import Explainer
from matcher.serialise import read_outcome
from registry.matching.calculation import prepare
from registry.matching.catalogue import check_problem
from registry.matching.days import PlanDays
from registry.matching.documents import facts_from_json
from registry.matching.explanations import to_explain


def explainer_of(manifest: Mapping[str, Any], facts: bytes, outcome: bytes, days: PlanDays) -> Explainer:
    """Prepare a calculation again from its frozen facts; whether the rules are those of then, the caller has checked.

    Raises RulesChangedError when the facts no longer give the problem that was solved.
    """
    plan, prepared = read_outcome(outcome), prepare(facts_from_json(facts))
    check_problem(manifest, plan.problem_sha256, prepared.formulated.problem.sha256)
    return Explainer(to_explain(prepared, plan.placements, days))
