"""The benches of the table and of explanations measure whole rounds and say what was missed."""

import pytest

from matcher.bench.clock import Took, line, took
from matcher.bench.eligibility import bench_eligibility
from matcher.bench.explaining import bench_explanations
from tests.matcher.explain.tight import tight_facts


def test_a_table_of_pairs_is_measured_whole(capsys: pytest.CaptureFixture[str]) -> None:
    done = bench_eligibility(30, 20, 3)
    assert done.requests + done.set_aside == 30
    assert done.suites >= 20
    assert done.open_pairs <= done.requests * done.suites
    assert "30 requests" in capsys.readouterr().out


@pytest.mark.parametrize("effort", [0, 1])
def test_every_request_of_a_round_is_explained(capsys: pytest.CaptureFixture[str], effort: int) -> None:
    facts = tight_facts(2)
    done = bench_explanations(facts, effort)
    assert [one.request for one in done.explained] == [request.id for request in facts.requests]
    waiting = [one for one in done.explained if one.placed < one.asked]
    assert f"{len(waiting)} requests not wholly placed" in capsys.readouterr().out


def test_a_time_above_what_is_wanted_is_missed_and_said() -> None:
    assert Took("a", cpu=0.0, wall=10.0, wanted=10.0).kept
    assert Took("a", cpu=99.0, wall=99.0).kept
    late = Took("a", cpu=0.0, wall=10.1, wanted=10.0)
    assert not late.kept
    assert "missed" in line(late)


def test_what_was_made_is_handed_back() -> None:
    made, needed = took("adding", lambda: 1 + 1)
    assert made == 2
    assert needed.cpu >= 0
    assert needed.wall >= 0
