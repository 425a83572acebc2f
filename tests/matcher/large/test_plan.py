"""A plan's value and what fits into it agree with the calendar and the terms of the format."""

import random

import numpy as np
import pytest

from matcher.greedy import greedy
from matcher.large.canonical import canonical_problem
from matcher.large.plan import plan_of
from matcher.large.setting import build_setting
from matcher.measure import objective
from matcher.occupancy import plan_holds
from matcher.outcome import Placement
from tests.matcher.drawing import random_problem


@pytest.mark.parametrize("seed", range(60))
def test_value_and_placements_survive_the_table(seed: int) -> None:
    problem = canonical_problem(random_problem(seed))
    placements = greedy(problem)
    plan = plan_of(build_setting(problem), placements)
    assert plan.placements() == placements
    assert plan.value() == objective(problem, placements)


@pytest.mark.parametrize("seed", range(60))
def test_taking_a_request_out_and_back_changes_nothing(seed: int) -> None:
    problem = canonical_problem(random_problem(seed))
    setting = build_setting(problem)
    plan = plan_of(setting, greedy(problem))
    left, chosen = plan.left.copy(), plan.chosen.copy()
    for request in range(len(problem.requests)):
        taken = plan.take_out(request)
        assert len(plan.fits(taken)) == len(taken)
        plan.put(request, taken)
    assert np.array_equal(plan.left, left)
    assert np.array_equal(plan.chosen, chosen)


def test_what_does_not_fit_beside_the_plan_is_what_the_calendar_refuses() -> None:
    refused = 0
    for seed in range(80):
        problem = canonical_problem(random_problem(seed))
        setting = build_setting(problem)
        columns, requests = setting.columns, problem.requests
        placements = greedy(problem)
        plan = plan_of(setting, placements)
        dice = random.Random(seed)
        for column in dice.sample(range(columns.count), min(columns.count, 12)):
            at = int(columns.request[column])
            request = requests[at]
            batch = request.batches[int(columns.batch[column] - columns.batch_start[at])]
            option = request.options[int(columns.option[column] - columns.option_start[at])]
            if plan.columns_of(at).size or batch.after or (option.uses and any(u.at == "once" for u in option.uses)):
                continue
            if request.all_or_nothing or len({*request.held}) >= request.max_sites:
                continue
            stay = Placement(request.id, batch.id, option.suite, int(columns.start[column]))
            fits = len(plan.fits(np.array([column]))) == 1
            assert fits == plan_holds(problem, (*placements, stay))
            refused += not fits
    assert refused > 0
