"""Every change that is shown really helps: made in the facts, the round formulated anew, the plan read naively."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from matcher.eligibility import judge
from matcher.explain import premises
from matcher.explain.changes import Counterfactual, Kind, Meaning, Side
from matcher.explain.explaining import Calculated, Explained, explain_all
from matcher.explain.recalculating import changed_round, in_a_new_calculation
from matcher.explain.residual import Rest, beside
from matcher.facts import Facts
from matcher.formulate import formulate
from matcher.outcome import SolveOptions
from matcher.problem import Problem, Request, RequestId
from tests.matcher.brute import naive_faults
from tests.matcher.explain.really import made_true, most_beside, without
from tests.matcher.explain.tight import calculated, tight_facts

ORDINARY, SPOILED = range(18), range(8)
FULL = {20: 110, 50: 95, 80: 115, 110: 65, 140: 90, 170: 130}
"""First of thirty seeds → fewest changes that are shown of their rounds; more than 500 together."""
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
@pytest.mark.parametrize(("first", "fewest"), FULL.items())
def test_every_change_shown_is_true_in_full(first: int, fewest: int) -> None:
    assert sum(FULL.values()) >= 500
    assert sum((check(seed) for seed in range(first, first + 30)), Counter[Kind]()).total() >= fewest


def forgetful(rest: Rest, request: Request, *, instead_of: RequestId | None = None) -> Problem:
    """The rest of a plan that forgets every stay of the plan."""
    return beside(replace(rest, stays={}), request, instead_of=instead_of)


def shown_by(seeds: range) -> list[tuple[Calculated, Counterfactual]]:
    return [
        (done, one)
        for done, all_of_them in map(explained, seeds)
        for each in all_of_them
        for one in each.what_if.counterfactuals
    ]


def test_a_search_that_forgets_the_plan_is_stopped_by_the_second_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: changes found in a forgetful calendar are looked at again in the whole round before they are shown."""
    monkeypatch.setattr(premises, "beside", forgetful)
    found = [one for one in shown_by(SPOILED) if one[1].change.side is Side.SPONSOR]
    breaking = [fault for done, one in found for fault in faults(done, one) if fault.startswith("breaks")]
    assert breaking == []


def test_without_the_second_look_untrue_changes_are_shown_and_found_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin of this very test: it does find what is untrue."""
    monkeypatch.setattr(premises, "beside", forgetful)
    monkeypatch.setattr(premises.Premises, "holds", lambda *_: True)
    assert any(faults(done, one) for done, one in shown_by(SPOILED))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda one: replace(one, starts=one.starts + 1),
        lambda one: replace(one, now=one.now + 1),
        lambda one: replace(one, placements=tuple(replace(stay, start=stay.start + 20) for stay in one.placements)),
        lambda one: replace(one, placements=one.placements[1:]),
    ],
)
def test_a_spoiled_change_is_found(spoil: Callable[[Counterfactual], Counterfactual]) -> None:
    done, one = shown_by(range(3))[0]
    assert faults(done, one) == []
    assert faults(done, spoil(one)) != []


def test_a_change_proved_in_a_new_calculation_places_more_than_the_plan() -> None:
    """The other meaning: the whole round solved again with the change made."""
    done, one = next(
        (done, one) for done, one in shown_by(range(20)) if one.change.kind is Kind.WAITS_LONGER and one.whole
    )
    there = premises.Premises(done.facts, done.problem, done.placements)
    anew = in_a_new_calculation(there, one, SolveOptions(effort=1))
    problem = changed_round(there, one)
    assert anew is not None
    assert anew.meaning is Meaning.NEW_CALCULATION
    assert anew.starts > anew.now == sum(stay.request == one.request for stay in done.placements)
    assert naive_faults(problem, (*without(done.placements, one.request), *one.placements)) == []
    changed = next(request for request in problem.requests if request.id == one.request)
    known = next(request for request in done.problem.requests if request.id == one.request)
    assert [batch.weight for batch in changed.batches] == [batch.weight for batch in known.batches]
