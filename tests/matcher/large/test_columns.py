"""The table holds exactly the admissible starts, and counts what each takes."""

from collections import Counter

import numpy as np
import pytest

from matcher.admissible import admissible_starts, uses_of
from matcher.large.canonical import canonical_problem
from matcher.large.columns import build_columns, count_columns
from matcher.large.slots import resource_offsets
from matcher.lookup import lookup
from tests.matcher.drawing import random_problem


@pytest.mark.parametrize("seed", range(40))
def test_the_table_is_the_admissible_starts_and_nothing_else(seed: int) -> None:
    problem = canonical_problem(random_problem(seed))
    expected = [
        (request.id, batch.id, option.suite, start)
        for request in problem.requests
        for batch in request.batches
        for option in request.options
        for start in admissible_starts(problem, request, batch, option)
    ]
    columns = build_columns(problem)
    batches = [(request.id, batch.id) for request in problem.requests for batch in request.batches]
    options = [option for request in problem.requests for option in request.options]
    found = [
        (*batches[batch], options[option].suite, start)
        for batch, option, start in zip(
            columns.batch.tolist(), columns.option.tolist(), columns.start.tolist(), strict=True
        )
    ]
    assert sorted(found) == sorted(expected)
    assert count_columns(problem) == len(expected)


@pytest.mark.parametrize("seed", range(40))
def test_a_column_takes_its_places_and_what_it_uses(seed: int) -> None:
    problem = canonical_problem(random_problem(seed))
    columns = build_columns(problem)
    offsets, resources = resource_offsets(problem), lookup(problem).resources
    options = [option for request in problem.requests for option in request.options]
    for column in range(columns.count):
        option, start = options[int(columns.option[column])], int(columns.start[column])
        suite = int(columns.option_suite[columns.option[column]]) * problem.horizon
        expected = Counter(dict.fromkeys(range(suite + start, suite + start + option.duration), 1))
        for name, period, amount in uses_of(option, start, problem.horizon, resources):
            expected[offsets[name] + period] += amount
        _, cell, amounts = columns.taken_by(np.array([column]))
        assert Counter(dict(zip(cell.tolist(), amounts.tolist(), strict=True))) == expected
