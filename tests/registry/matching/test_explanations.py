"""Explanations for readers: masked where they must be, of nobody else, and withheld when something in them is wrong."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest
from pydantic import ValidationError

from matcher.explain.changes import Counterfactual
from matcher.explain.explaining import Calculated, EarliestDate, Explained, explain_all
from matcher.facts import Facility, Facts, Limit
from registry.matching.calculation import prepare
from registry.matching.disclosure import (
    Withheld,
    all_texts,
    candidates_of,
    explanation_schema,
    faults_of,
    forbidden,
    foreign_names,
    names_in,
    read_explanation,
    released,
)
from registry.matching.documents import to_document
from registry.matching.explanation import Explanation, Reader
from registry.matching.explanations import explanation_of, masked, to_explain
from registry.vocabulary.facilities import LimitKind
from registry.vocabulary.products import InputState
from tests.matcher.eligibility.good import FACTS, REQUEST
from tests.matcher.explain.tight import calculated, tight_facts

SEEDS = range(8)


@cache
def explained(seed: int) -> tuple[Calculated, tuple[Explained, ...]]:
    """A round with canaries in every identifier that is not a label, and what is said of it."""
    done = calculated(tight_facts(seed))
    return done, tuple(explain_all(done).values())


def given(seed: int, reader: Reader) -> list[Explanation]:
    done, all_of_them = explained(seed)
    results = [released(done, one, reader) for one in all_of_them]
    return [one for one in results if isinstance(one, Explanation)]


@pytest.mark.parametrize("reader", list(Reader))
@pytest.mark.parametrize("seed", SEEDS)
def test_every_explanation_of_a_sound_round_is_given(seed: int, reader: Reader) -> None:
    assert len(given(seed, reader)) == len(explained(seed)[1])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_requester_reads_no_identifier_of_anybody_else(seed: int) -> None:
    done, _ = explained(seed)
    for one in given(seed, Reader.REQUESTER):
        text = json.dumps(to_document(one))
        for request in done.facts.requests:
            if request.id != one.request:
                for canary in (request.id, request.sponsor, request.product.id, request.batches[0].id):
                    assert canary not in text
        for facility in done.facts.facilities:
            site = facility.sites[0]
            records = (site.authorisations[0].id, site.certificates[0].id, site.suites[0].id)
            for canary in (facility.id, facility.label, facility.organisation, site.id, *records):
                assert canary not in text


@pytest.mark.parametrize("seed", SEEDS)
def test_a_coordinator_reads_labels_and_what_facilities_could_change(seed: int) -> None:
    done, _ = explained(seed)
    labels = {facility.label for facility in done.facts.facilities}
    for open_one, closed_one in zip(given(seed, Reader.COORDINATOR), given(seed, Reader.REQUESTER), strict=True):
        assert {facility.name for facility in open_one.facilities} <= labels
        assert {change.side for change in closed_one.changes} <= {"sponsor"}
        ours = tuple(change for change in open_one.changes if change.side == "sponsor")
        assert ours == closed_one.changes


def test_a_requester_reads_neither_records_nor_margins() -> None:
    near = [miss for seed in SEEDS for one in given(seed, Reader.REQUESTER) for miss in one.near]
    rules = [rule for miss in near for rule in miss.rules]
    assert rules
    assert all((rule.actual, rule.margin, rule.unit) == (None, None, None) for rule in rules)
    assert {rule.needs for rule in rules} <= {
        "",
        "does the material travel fresh or frozen?",
        "does the product travel fresh or frozen?",
    }


def test_masked_names_go_on_after_z() -> None:
    assert [masked(number) for number in (0, 1, 25, 26, 27, 51, 52)] == [
        "Facility A",
        "Facility B",
        "Facility Z",
        "Facility AA",
        "Facility AB",
        "Facility AZ",
        "Facility BA",
    ]


def in_germany(count: int) -> tuple[Facts, Explained]:
    """The good request placed among so many facilities of one country, and what is said of it."""
    facilities = tuple(_copy(number) for number in range(count))
    request = replace(REQUEST, pairs=())
    done = calculated(replace(FACTS, facilities=facilities, requests=(request,)))
    return done.facts, explain_all(done, counterfactuals=False)[request.id]


def _copy(number: int) -> Facility:
    facility = FACTS.facilities[0]
    site = facility.sites[0]
    suite = replace(site.suites[0], id=f"F{number}-S1")
    return replace(facility, id=f"F{number}", sites=(replace(site, id=f"F{number}-A", suites=(suite,)),))


def unsaid(count: int) -> Explanation:
    """What a requester reads that has not said whether its material is fresh, where so many facilities are asked."""
    facilities = tuple(_copy(number) for number in range(count))
    request = replace(REQUEST, pairs=(), input_state=InputState.UNKNOWN)
    done = calculated(replace(FACTS, facilities=facilities, requests=(request,)))
    told = released(done, explain_all(done, counterfactuals=False)[request.id], Reader.REQUESTER)
    assert isinstance(told, Explanation)
    return told


@pytest.mark.parametrize(("count", "needs"), [(4, {""}), (5, {"", "does the material travel fresh or frozen?"})])
def test_what_the_request_does_not_say_is_asked_where_it_tells_of_no_single_facility(
    count: int, needs: set[str]
) -> None:
    assert {rule.needs for miss in unsaid(count).near for rule in miss.rules} | {""} == needs


def full(count: int) -> Explanation:
    """What a requester reads whose facilities, so many, have no result of quality control left."""
    facilities = tuple(
        replace(_copy(number), limits=(Limit(LimitKind.QC_RESULTS, period_weeks=1, amount=0),))
        for number in range(count)
    )
    done = calculated(replace(FACTS, facilities=facilities, requests=(replace(REQUEST, pairs=()),)))
    told = released(done, explain_all(done)[REQUEST.id], Reader.REQUESTER)
    assert isinstance(told, Explanation)
    return told


@pytest.mark.parametrize(("count", "few"), [(4, True), (5, False)])
def test_what_is_full_is_told_only_where_it_tells_of_no_single_facility(count: int, few: bool) -> None:
    told = full(count)
    assert told.limits
    assert told.conflicts
    assert all((limit.facilities is None) == few for limit in told.limits)
    said = " ".join([*(limit.text for limit in told.limits), *(text for one in told.conflicts for text in one.texts)])
    assert ("quality control" in said) != few
    assert ("at the few facilities" in said) == few


@pytest.mark.parametrize(("count", "country"), [(4, None), (5, "DE")])
def test_a_country_is_named_from_five_candidates_on(count: int, country: str | None) -> None:
    facts, one = in_germany(count)
    candidates = frozenset(facility.id for facility in facts.facilities)
    explanation = explanation_of(facts, one, candidates, Reader.REQUESTER)
    assert explanation.proposals
    assert {facility.country for facility in explanation.facilities} == {country}


def test_the_check_finds_a_country_that_too_few_share() -> None:
    facts, one = in_germany(4)
    done = calculated(facts)
    sound = explanation_of(facts, one, candidates_of(done, one.request), Reader.REQUESTER)
    spoiled = replace(sound, facilities=tuple(replace(each, country="DE") for each in sound.facilities))
    assert not any("country" in fault for fault in faults_of(done, one, sound))
    assert any("country DE" in fault for fault in faults_of(done, one, spoiled))


def sound(reader: Reader = Reader.REQUESTER) -> tuple[Calculated, Explained, Explanation]:
    """A waiting request with changes that help, near misses and conflicts of its own."""
    for seed in range(40):
        done, all_of_them = explained(seed)
        for one in all_of_them:
            if one.what_if.counterfactuals and one.funnel is not None and one.near and one.placed:
                explanation = released(done, one, reader)
                assert isinstance(explanation, Explanation)
                return done, one, explanation
    raise AssertionError


def another(done: Calculated, one: Explained) -> str:
    return next(request.sponsor for request in done.facts.requests if request.id != one.request)


CORRUPTED: dict[str, Callable[[Calculated, Explained, Explanation], Explanation]] = {
    "a count": lambda _done, _one, said: replace(said, placed=said.placed + 1),
    "a funnel": lambda _done, _one, said: replace(said, left=said.left + 1),
    "a rule": lambda _done, _one, said: replace(said, near=said.near[1:]),
    "a change": lambda _done, _one, said: replace(
        said, changes=tuple(replace(change, starts=change.starts + 1) for change in said.changes)
    ),
    "a label": lambda done, _one, said: replace(
        said, facilities=(replace(said.facilities[0], name=done.facts.facilities[0].label), *said.facilities[1:])
    ),
    "a sponsor": lambda done, one, said: replace(said, label=f"{said.label}, instead of {another(done, one)}"),
}


@pytest.mark.parametrize("what", list(CORRUPTED))
def test_a_corrupted_explanation_is_found_out(what: str) -> None:
    done, one, said = sound()
    spoiled = CORRUPTED[what](done, one, said)
    assert spoiled != said
    assert faults_of(done, one, said) == ()
    assert faults_of(done, one, spoiled)


def test_a_planted_name_is_named_in_the_report() -> None:
    done, one, said = sound()
    sponsor = another(done, one)
    spoiled = CORRUPTED["a sponsor"](done, one, said)
    assert f"it names {sponsor!r} of another party" in faults_of(done, one, spoiled)
    assert foreign_names(done.facts, said) == ()


UNTRUE: dict[str, Callable[[Explained], Explained]] = {
    "starts counted wrongly": lambda one: replace(one, placed=one.placed + 1),
    "a funnel that leaves more": lambda one: replace(
        one,
        funnel=None
        if one.funnel is None
        else replace(one.funnel, steps=(*one.funnel.steps[:-1], replace(one.funnel.steps[-1], left=99))),
    ),
    "a near miss of another kind": lambda one: replace(one, near=(replace(one.near[0], results=()),)),
    "a proposal left out": lambda one: replace(one, pairs=one.pairs[1:]),
    "a change that does not fit": lambda one: replace(
        one,
        what_if=replace(
            one.what_if,
            counterfactuals=tuple(
                replace(each, placements=tuple(replace(stay, start=99) for stay in each.placements))
                for each in one.what_if.counterfactuals
            ),
        ),
    ),
    "limits of fewer facilities": lambda one: replace(one, obstacles=()),
    "weeks held twice": lambda one: replace(one, held=one.held * 2),
    "a change that counts too many": lambda one: replace(
        one,
        what_if=replace(
            one.what_if,
            counterfactuals=tuple(replace(each, starts=each.starts + 1) for each in one.what_if.counterfactuals),
        ),
    ),
}


@pytest.mark.parametrize("what", list(UNTRUE))
@pytest.mark.parametrize("reader", list(Reader))
def test_an_untrue_explanation_is_withheld_and_reported(what: str, reader: Reader) -> None:
    done, one, _ = sound()
    answer = released(done, UNTRUE[what](one), reader)
    assert isinstance(answer, Withheld)
    assert (answer.request, answer.reader) == (one.request, reader)
    assert answer.faults


EARLIEST: dict[str, Callable[[EarliestDate], EarliestDate]] = {
    "a day sooner": lambda one: replace(one, first=one.first - timedelta(days=1)),
    "a week sooner": lambda one: replace(one, weeks=one.weeks - 1),
    "starts that do not fit": lambda one: replace(one, proved=with_stays_at(one.proved, 99)),
    "a start left out": lambda one: replace(
        one, proved=replace(one.proved, starts=one.proved.starts - 1, placements=one.proved.placements[1:])
    ),
}


def with_stays_at(one: Counterfactual, week: int) -> Counterfactual:
    return replace(one, placements=tuple(replace(stay, start=week) for stay in one.placements))


@pytest.mark.parametrize("what", list(EARLIEST))
def test_an_earliest_date_that_was_not_solved_is_withheld(what: str) -> None:
    done, one, earliest = next(
        (done, one, one.what_if.earliest)
        for done, all_of_them in map(explained, SEEDS)
        for one in all_of_them
        if one.what_if.earliest is not None
    )
    spoiled = replace(one, what_if=replace(one.what_if, earliest=EARLIEST[what](earliest)))
    assert isinstance(released(done, one, Reader.REQUESTER), Explanation)
    assert isinstance(released(done, spoiled, Reader.REQUESTER), Withheld)


def test_a_request_set_aside_is_explained_by_its_reasons() -> None:
    facts = tight_facts(0)
    spoiled = replace(facts.requests[0], treating=())
    done = calculated(replace(facts, requests=(spoiled, *facts.requests[1:])))
    one = explain_all(done)[spoiled.id]
    said = released(done, one, Reader.REQUESTER)
    assert isinstance(said, Explanation)
    assert said.set_aside == ("no treating hospital is stated",)
    assert (said.placed, said.funnel, said.changes) == (0, (), ())


def test_an_explanation_reads_back_as_itself_and_refuses_unknown_keys() -> None:
    _, _, said = sound(Reader.COORDINATOR)
    document = to_document(said)
    assert isinstance(document, dict)
    assert read_explanation(json.dumps(document).encode()) == said
    with pytest.raises(ValidationError):
        read_explanation(json.dumps(document | {"sponsor_of_another": "x"}).encode())
    assert explanation_schema()["additionalProperties"] is False


def test_names_are_found_as_whole_words_only() -> None:
    assert names_in("Facility F12 and REQ1-B0", ["F1", "F12", "REQ1", "REQ1-B0"]) == ("F12", "REQ1-B0")
    assert all_texts({"key": ["text", 1, None]}) == "key\ntext"


def test_own_names_are_allowed_and_those_of_others_are_not() -> None:
    facts = tight_facts(0)
    own, other = facts.requests[:2]
    names = forbidden(facts, own.id, Reader.COORDINATOR)
    assert own.id not in names
    assert {other.id, other.sponsor, other.product.id} <= names
    assert facts.facilities[0].id not in names
    assert facts.facilities[0].id in forbidden(facts, own.id, Reader.REQUESTER)


def test_the_sequence_of_the_requests_changes_no_explanation() -> None:
    facts = tight_facts(5)
    turned = calculated(replace(facts, requests=facts.requests[::-1]))
    straight, said = explained(5)
    ours = {one.request: released(straight, one, Reader.COORDINATOR) for one in said}
    assert ours == {name: released(turned, one, Reader.COORDINATOR) for name, one in explain_all(turned).items()}


def test_a_calculation_prepared_again_from_its_facts_is_explained_the_same() -> None:
    done, said = explained(2)
    again = to_explain(prepare(done.facts), done.placements)
    assert tuple(explain_all(again).values()) == said
