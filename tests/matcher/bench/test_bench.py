"""The bench measures what it says: right plans, one line a network."""

import pytest

from matcher.bench import bench_matcher
from matcher.bench.peer import plan_of_one_model
from matcher.greedy import greedy
from matcher.measure import objective
from matcher.occupancy import plan_holds
from tests.matcher.drawing import random_problem


def test_a_network_is_measured_and_printed(capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = bench_matcher("S", 1.0, 1, 1)
    assert row.valid
    assert row.plan >= row.baseline
    assert row.bound is None or row.bound >= max(row.plan, row.peer)
    assert len(capsys.readouterr().out.splitlines()) == 3


@pytest.mark.parametrize("seed", range(8))
def test_the_peer_keeps_every_rule(seed: int) -> None:
    problem = random_problem(seed)
    plan = plan_of_one_model(problem, greedy(problem), 2.0, 1)
    assert plan_holds(problem, plan)
    assert objective(problem, plan) != ()
