"""A facility that its requester excludes stands nowhere in what is explained: no proposal, miss, limit, change or next best.

So nobody who reads of it, and nobody who is told what a facility could change, can tell that it was excluded.
"""

from dataclasses import replace

import pytest

from matcher.explain.explaining import Explained, explain_all
from matcher.facts import Facts
from tests.matcher.explain.tight import calculated, tight_facts

SEEDS = range(12)


def excluding(seed: int) -> tuple[Facts, str]:
    """A tight round in which every request excludes the first facility, and that facility."""
    facts = tight_facts(seed)
    facility = facts.facilities[0].id
    return replace(
        facts, requests=tuple(replace(one, excluded=frozenset({facility})) for one in facts.requests)
    ), facility


def facilities_in(one: Explained) -> set[str]:
    """Every facility that an explanation speaks of."""
    changes = {each.change.facility for each in one.what_if.counterfactuals if each.change.facility is not None}
    proofs = [each.proof for each in one.what_if.conflicts] + [each.proof for each in one.what_if.counterfactuals]
    if one.what_if.earliest is not None:
        proofs.append(one.what_if.earliest.proved.proof)
    return {
        *changes,
        *(pair.facility for pair in one.pairs),
        *(miss.facility for miss in one.near),
        *(facility for obstacle in one.obstacles for facility in obstacle.facilities),
        *(() if one.next_best is None else (one.next_best.facility,)),
        *(facility.id for proof in proofs for facility in proof.facilities),
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_an_excluded_facility_is_spoken_of_nowhere(seed: int) -> None:
    facts, facility = excluding(seed)
    explained = explain_all(calculated(facts)).values()
    assert facility not in set().union(*map(facilities_in, explained))


def test_the_same_rounds_speak_of_it_where_nobody_excludes_it() -> None:
    """The twin: looked for in the same way, the facility is found once the wish is forgotten."""
    found = 0
    for seed in SEEDS:
        facts, facility = excluding(seed)
        forgotten = replace(facts, requests=tuple(replace(one, excluded=frozenset()) for one in facts.requests))
        found += facility in set().union(*map(facilities_in, explain_all(calculated(forgotten)).values()))
    assert found == len(SEEDS)
