"""Two solvers that contradict each other leave a calculation disputed, in both ways, and nobody publishes it."""

from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest

from matcher.outcome import SolveOptions
from registry.matching import second_opinion
from registry.matching.publishing import NotPublishableError, publish
from registry.matching.runs import execute
from registry.vocabulary.lifecycle import RunState
from tests.registry.matching.small import REASON, Small, publication_proof, queued, stored

pytestmark = [pytest.mark.database, pytest.mark.xdist_group("calculations")]

EFFORT = SolveOptions(effort=1)
SECOND = import_module("matcher.model.second_opinion")


def sabotaged(monkeypatch: pytest.MonkeyPatch, **wrong: Any) -> None:
    """Let the second solver, the real one, come back with something wrong when it is free to plan."""
    solve = SECOND._solve

    def wrongly(hearing: Any, tier: int, fixed: dict[int, int], *, held: bool) -> Any:
        found = solve(hearing, tier, fixed, held=held)
        return replace(found, **wrong) if held else found

    monkeypatch.setattr(SECOND, "_solve", wrongly)


def test_without_sabotage_they_agree(waiting: Small) -> None:
    execute(waiting.coordinator, waiting.run, EFFORT)
    run = stored(waiting.run)
    assert run.state is RunState.CHECKED
    assert run.manifest["second_opinion"]["agrees"] is True
    assert run.manifest["second_opinion"]["status"] == "optimal"


@pytest.mark.parametrize(
    ("wrong", "words", "status"),
    [
        ({"bound": 1}, "the second limit 1 lies below the plan's 2", "feasible"),
        ({"impossible": True}, "proves that no plan reaches tiers 1 to 1", "infeasible"),
    ],
)
def test_sabotage_in_either_way_leaves_it_disputed(
    waiting: Small, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, Any], words: str, status: str
) -> None:
    sabotaged(monkeypatch, **wrong)
    done = execute(waiting.coordinator, waiting.run, EFFORT)
    run = stored(waiting.run)
    assert done.report.exit_code == 0
    assert run.state is RunState.DISPUTED
    assert words in (run.state_reason or "")
    assert (run.manifest["second_opinion"]["agrees"], run.manifest["second_opinion"]["status"]) == (False, status)
    with pytest.raises(NotPublishableError) as refused:
        publish(waiting.approver, waiting.run, publication_proof(waiting.approver, waiting.run), reason=REASON)
    assert "It is disputed, not checked." in refused.value.details


def test_a_small_what_if_has_a_second_opinion(what_if: Small) -> None:
    said = stored(what_if.run).second_opinion
    assert said is not None
    assert (said["asked"], said["agrees"]) == (True, True)


def test_a_larger_what_if_has_none_and_says_so(what_if: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_opinion, "MOST_COLUMNS_OF_A_WHAT_IF", 1)
    run = queued(what_if.coordinator, what_if.round)
    execute(what_if.coordinator, run, EFFORT)
    said = stored(run).second_opinion
    assert said is not None
    assert (said["asked"], said["agrees"]) == (False, None)
    assert "a second solver is asked up to 1 in a what-if" in said["why_not"]


def test_an_official_round_is_asked_about_beyond_that(waiting: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_opinion, "MOST_COLUMNS_OF_A_WHAT_IF", 1)
    execute(waiting.coordinator, waiting.run, EFFORT)
    said = stored(waiting.run).second_opinion
    assert said is not None
    assert said["asked"]
