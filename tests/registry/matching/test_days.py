"""The days of a plan: kept with the calculation, shown, repeated; one that was changed afterwards is found."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from matcher.explain.checking import untrue
from matcher.explain.explaining import Explainer
from matcher.outcome import SolveOptions
from registry import models
from registry.access.subject import OPERATOR
from registry.database import unit_of_work
from registry.matching.calculation import Calculation, calculate, prepare
from registry.matching.days import KEY, NoDay, PlanDays, read_days
from registry.matching.disclosure import Withheld, released
from registry.matching.documents import sha256_of, to_document
from registry.matching.explanation import Explanation, Reader
from registry.matching.explanations import to_explain
from registry.matching.letters import Occasion, letter_html, outcome_letter
from registry.matching.replay import kept_of, replay
from registry.matching.stored import read_stored, view_of
from tests.registry.matching.small import Small, small_facts, stored

OCCASION = Occasion("R", "C", date(2026, 11, 24), date(2026, 11, 24), None, date(2026, 12, 8), "the coordinator")
WHY = "no day of this week fits"


def calculated() -> Calculation:
    return calculate(prepare(small_facts()), SolveOptions(effort=1))


def without_days(done: Calculation) -> PlanDays:
    """The plan as if no start had a day."""
    monday = done.prepared.facts.origin
    return PlanDays(
        (),
        tuple(
            NoDay(one.request, one.batch, one.suite, monday + timedelta(weeks=one.start), WHY)
            for one in done.outcome.placements
        ),
    )


def told(done: Calculation, days: PlanDays) -> Explanation:
    """What the requester of the first placed start is told."""
    explainer = Explainer(to_explain(done.prepared, done.outcome.placements, days))
    said = released(explainer.done, explainer.explain(done.outcome.placements[0].request), Reader.REQUESTER)
    assert isinstance(said, Explanation)
    return said


def test_every_placement_is_dated_or_reported_inside_its_week() -> None:
    done = calculated()
    days = {(stay.request, stay.batch, stay.suite): stay.start for stay in done.days.dated}
    left = {(one.request, one.batch, one.suite) for one in done.days.undated}
    assert days
    assert days.keys() | left == {(one.request, one.batch, one.suite) for one in done.outcome.placements}
    assert not days.keys() & left
    for one in done.outcome.placements:
        day = days.get((one.request, one.batch, one.suite))
        assert day is None or (day - done.prepared.facts.origin).days // 7 == one.start


def test_days_read_back_are_the_same_and_come_out_the_same_again() -> None:
    done = calculated()
    both = replace(done.days, undated=without_days(done).undated)
    assert read_days({KEY: to_document(both)}) == both
    assert read_days({}) == PlanDays()
    assert calculated().days == done.days


def test_a_letter_tells_the_day_and_a_start_without_one_is_told_with_its_reason() -> None:
    done = calculated()
    (start,) = told(done, done.days).proposals[0].starts
    assert start.day in {stay.start for stay in done.days.dated}
    assert start.no_day_because is None
    letter = letter_html(outcome_letter(told(done, without_days(done)), OCCASION))
    assert "in the week of" in letter
    assert WHY in letter
    assert WHY not in letter_html(outcome_letter(told(done, done.days), OCCASION))


def test_sabotage_an_explanation_with_another_day_is_withheld() -> None:
    done = calculated()
    explainer = Explainer(to_explain(done.prepared, done.outcome.placements, done.days))
    true = explainer.explain(done.outcome.placements[0].request)
    (pair,) = true.pairs
    ((batch, day),) = pair.starts
    assert untrue(explainer.done, true) == ()
    for wrong in (day + timedelta(days=1), day + timedelta(weeks=1)):
        false = replace(true, pairs=(replace(pair, starts=((batch, wrong),)),))
        assert untrue(explainer.done, false) == (f"the day of batch {batch} is not the one of the plan",)
        assert isinstance(released(explainer.done, false, Reader.REQUESTER), Withheld)
    hidden = replace(true, pairs=(replace(pair, undated=((batch, WHY),)),))
    assert untrue(explainer.done, hidden) == ("the batches without a day are not those of the plan",)


@pytest.mark.database
@pytest.mark.xdist_group("calculations")
def test_days_are_kept_shown_and_repeated(world: Small) -> None:
    run = stored(world.run)
    days = read_days(run.summary)
    assert days.dated
    assert run.manifest["result"]["days_sha256"] == sha256_of(days)
    with unit_of_work(OPERATOR) as session:
        read = read_stored(session, session.get_one(models.Run, world.run))
        kept = kept_of(session, read.run)
        shown = {(stay.request, stay.batch): (stay.start, stay.end) for stay in view_of(read).stays}
        undated = view_of(replace(read, days=PlanDays((), (NoDay("R1", "B1", "S", date(2027, 1, 4), WHY),))))
    assert shown == {(stay.request, stay.batch): (stay.start, stay.free_again) for stay in days.dated}
    assert any("R1 B1" in note and WHY in note for note in undated.notes)
    assert replay(kept).differences == ()
    first = days.dated[0]
    moved = replace(days, dated=(replace(first, start=first.start + timedelta(days=1)), *days.dated[1:]))
    found = replay(replace(kept, days=moved)).differences
    assert any(line.startswith("the days: SHA-256") for line in found)
    assert any(line.startswith(f"the day of {first.request} {first.batch}") for line in found)
