"""What a calculation judged of each pair is kept as rows: the same statuses as judging the frozen facts gives."""

import pytest
from sqlalchemy import select

from matcher.eligibility import judge
from matcher.outcome import SolveOptions
from registry import models
from registry.access.subject import OPERATOR
from registry.database import unit_of_work
from registry.matching import judged
from registry.matching.documents import facts_from_json
from registry.matching.runs import execute
from registry.queries.runs import newest_verdicts
from registry.vocabulary.results import Status
from tests.registry.matching.small import Small, stored

pytestmark = [pytest.mark.database, pytest.mark.xdist_group("calculations")]

Said = dict[tuple[str, str], tuple[Status, tuple[str, ...], dict[str, str]]]


def kept(world: Small) -> Said:
    """What the rows of a calculation say, by request and suite."""
    with unit_of_work(OPERATOR) as session:
        rows = session.execute(
            select(models.Verdict, models.Request.code, models.Suite.code)
            .join(models.Request, models.Request.id == models.Verdict.request_id)
            .join(models.Suite, models.Suite.id == models.Verdict.suite_id)
            .where(models.Verdict.run_id == world.run)
        ).all()
        return {
            (request, suite): (row.status, tuple(row.failing), {one["rule"]: one["status"] for one in row.results})
            for row, request, suite in rows
        }


def meant(world: Small) -> Said:
    """What judging the frozen facts again, pair by pair with the plain functions, says."""
    verdicts = judge(facts_from_json(stored(world.run).facts or b""))
    return {
        pair: (
            verdicts.status(*pair),
            tuple(one.rule for one in results if one.status in (Status.FAIL, Status.UNKNOWN)),
            {one.rule: one.status.value for one in results},
        )
        for pair, results in verdicts.items()
    }


def test_the_rows_are_what_was_judged(world: Small) -> None:
    said = kept(world)
    assert said == meant(world)
    assert len(said) == 12
    assert {status for status, _, _ in said.values()} == {Status.FAIL, Status.PASS}


def test_a_request_is_told_what_the_newest_calculation_said(world: Small) -> None:
    with unit_of_work(world.coordinator) as session:
        request = session.scalars(select(models.Request).where(models.Request.code == "R6")).one()
        lines = newest_verdicts(session, world.coordinator, request.id)
    assert [line.status for line in lines] == [Status.FAIL, Status.FAIL]
    assert {line.failing for line in lines} == {("excluded-by-requester",)}
    titles = {one["rule"]: one.get("title", "") for one in lines[0].results}
    assert titles["excluded-by-requester"]


def test_sabotage_a_row_that_says_otherwise_is_found(waiting: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judged, "EXCLUDING", frozenset({Status.UNKNOWN}))
    execute(waiting.coordinator, waiting.run, SolveOptions(effort=1))
    assert len(kept(waiting)) == 12
    assert kept(waiting) != meant(waiting)


def test_beyond_the_limit_no_rows_are_written(waiting: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judged, "MOST_PAIRS", 11)
    execute(waiting.coordinator, waiting.run, SolveOptions(effort=1))
    assert kept(waiting) == {}
