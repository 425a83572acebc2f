"""Every change that is shown really helps: made in the facts, the round formulated anew, the plan read naively."""

from collections import Counter
from dataclasses import replace

import pytest

from matcher.eligibility import judge
from matcher.explain.changes import Counterfactual, Kind
from matcher.explain.explaining import Calculated, Explained, explain_all
from matcher.facts import Facts
from matcher.formulate import formulate
from tests.matcher.brute import naive_faults
from tests.matcher.explain.really import made_true, most_beside, without
from tests.matcher.explain.tight import calculated, tight_facts

ORDINARY, FULL = range(30), range(30, 400)
WITH_SIZE = {Kind.EARLIER, Kind.LATER, Kind.SOONER_TOO, Kind.WAITS_LONGER}


def faults(done: Calculated, one: Counterfactual) -> list[str]:
    """What is wrong with a counterfactual when the change is really made."""
    fewer = one.change.kind is Kind.FEWER_BATCHES
    facts = without_batches(done.facts, one) if fewer else made_true(done.facts, one.request, one.change)
    problem = formulate(facts, judge(facts))
    others = without(done.placements, one.request)
    found = [f"breaks {rule}" for rule in naive_faults(problem, (*others, *one.placements))]
    found += [f"its proof breaks {rule}" for rule in naive_faults(one.proof, one.placements)]
    if len(one.placements) != one.starts or one.starts <= one.now:
        found.append("the count is wrong")
    if most_beside(done.problem, others, one.request) != one.now:
        found.append("more, or fewer, fit without the change")
    return found + smaller(done, one)


def without_batches(facts: Facts, one: Counterfactual) -> Facts:
    """The facts with the batches left out that the placements do not hold."""
    kept = {placement.batch for placement in one.placements}
    return replace(
        facts,
        requests=tuple(
            replace(request, batches=tuple(batch for batch in request.batches if batch.id in kept))
            if request.id == one.request
            else request
            for request in facts.requests
        ),
    )


def smaller(done: Calculated, one: Counterfactual) -> list[str]:
    """Whether a smaller change of the same kind would place as many."""
    if one.change.kind not in WITH_SIZE:
        return []
    others = without(done.placements, one.request)
    for amount in range(1, min(one.change.amount, 4)):
        facts = made_true(done.facts, one.request, replace(one.change, amount=amount))
        verdicts = judge(facts)
        if not verdicts.quarantined and most_beside(formulate(facts, verdicts), others, one.request) >= one.starts:
            return [f"{amount} would do"]
    return []


def explained(seed: int) -> tuple[Calculated, list[Explained]]:
    done = calculated(tight_facts(seed))
    return done, list(explain_all(done).values())


def check(seed: int) -> Counter[Kind]:
    """Check what is shown of one round; the kinds that were shown."""
    done, all_of_them = explained(seed)
    kinds: Counter[Kind] = Counter()
    for each in all_of_them:
        for one in each.what_if.counterfactuals:
            assert faults(done, one) == [], (seed, one.request, one.change)
            kinds[one.change.kind] += 1
    return kinds


def test_every_change_shown_is_true() -> None:
    kinds = sum((check(seed) for seed in ORDINARY), Counter[Kind]())
    assert kinds.total() >= 50
    assert len(kinds) >= 8


@pytest.mark.deep
def test_every_change_shown_is_true_in_full() -> None:
    kinds = sum((check(seed) for seed in FULL), Counter[Kind]())
    assert kinds.total() >= 500
    assert len(kinds) >= 12
