"""Which requests are freed together: one that could gain, what stands in its way, and where that could go."""

import random

import pytest

from matcher.generate import network
from matcher.greedy import greedy
from matcher.model.exact import ExactModel, exact_model
from matcher.model.related import Placed, Relations, choose, find_relations, placed_at
from matcher.problem import FacilityId

HERE, THERE, ELSEWHERE = FacilityId("here"), FacilityId("there"), FacilityId("elsewhere")


def chain() -> tuple[Relations, list[Placed]]:
    """Request 0 waits for `here`, 1 stands there and could go `there`, 2 stands there; 3 has to do with neither."""
    at = [[HERE], [HERE, THERE], [THERE], [ELSEWHERE]]
    relations = Relations(
        facilities=at,
        moments=[{key: [0] for key in facilities} for facilities in at],
        first=[0] * 4,
        last=[9] * 4,
        starts=[10] * 4,
        batches=[1] * 4,
    )
    return relations, [{}, {HERE: [0]}, {THERE: [0]}, {ELSEWHERE: [0]}]


def freed(size: float, largest: float, relations: Relations, placed: list[Placed]) -> set[frozenset[int]]:
    return {frozenset(choose(relations, placed, size, largest, random.Random(seed))) for seed in range(200)}


def test_it_reaches_on_to_where_what_is_in_the_way_could_go() -> None:
    relations, placed = chain()
    assert frozenset({0, 1, 2}) in freed(8, 1000, relations, placed)
    assert not any({0, 3} <= together for together in freed(8, 1000, relations, placed))


@pytest.mark.parametrize(("size", "largest", "most"), [(1, 1000, 2), (8, 20, 2), (8, 19, 1), (8, 30, 3)])
def test_no_more_than_asked_for(size: float, largest: float, most: int) -> None:
    relations, placed = chain()
    waiting = 1
    assert max(map(len, freed(size, largest, relations, placed))) <= most + waiting
    assert largest > 30 or max(map(len, freed(size, largest, relations, placed))) == most


def test_what_lies_at_another_time_is_left_alone() -> None:
    relations, placed = chain()
    relations.first[2], relations.last[2] = 20, 30
    assert not any({0, 2} <= together for together in freed(8, 1000, relations, placed))


@pytest.fixture(scope="module")
def model() -> ExactModel:
    return exact_model(network("S", 3))


def test_the_same_chance_chooses_the_same_and_each_once(model: ExactModel) -> None:
    relations = find_relations(model.variables)
    starts = model.variables.starts
    planned = set(greedy(model.problem))
    placed = placed_at(model.variables, [n for n, start in enumerate(starts) if start.placement in planned])
    assert sum(len(days) for at in placed for days in at.values()) == len(planned)
    for seed in range(50):
        chosen = [choose(relations, placed, 12, 2000, random.Random(seed)) for _ in range(2)]
        assert chosen[0] == chosen[1]
        assert len(set(chosen[0])) == len(chosen[0])
        assert sum(relations.starts[p] for p in chosen[0][1:]) <= 2000
