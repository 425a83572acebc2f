"""Every hard rule of the catalogue is checked by the verifier too, from the snapshot alone, whatever the verdicts say."""

import copy
import json
from pathlib import Path

import pytest

from matcher.bench.many import many_facts
from matcher.eligibility import judge
from matcher.eligibility.catalogue import RULES
from matcher.eligibility.packs import EU_AND_EEA, packs
from matcher.facts import Facts
from matcher.verifier.bundle.country import AGREED, UNION
from matcher.verifier.bundle.freshness import EXCLUDED
from registry.vocabulary.facilities import FRESHNESS_DAYS
from registry.vocabulary.results import Status
from tests.matcher.eligibility.good import FACTS
from tests.matcher.verifier.bundles import judged, numbers
from tests.matcher.verifier.from_facts import documents_of, snapshot_of
from tests.matcher.verifier.spoiling import ONLY_CONDITIONS, SPOILED, Spoil

REFUSED = {Status.FAIL, Status.UNKNOWN}
EACH = [(rule, check, spoil) for rule, (check, spoils) in SPOILED.items() for spoil in spoils]
NAMES = [f"{rule}-{number}" for rule, (_, spoils) in SPOILED.items() for number, _ in enumerate(spoils)]


GOOD = documents_of(FACTS)


def refused_by(facts: Facts) -> set[str]:
    """The rules that refuse the only pair."""
    return {one.rule for one in judge(facts)["R1", "S1"] if one.status in REFUSED}


def test_every_rule_of_the_catalogue_has_a_defect_or_a_reason_to_have_none() -> None:
    rules = {rule.id for rule in RULES}
    assert rules - SPOILED.keys() - ONLY_CONDITIONS.keys() == set(), "a new rule needs a check of the verifier"
    assert (SPOILED.keys() | ONLY_CONDITIONS.keys()) - rules == set()
    assert SPOILED.keys() & ONLY_CONDITIONS.keys() == set()


def test_the_rules_without_a_defect_never_refuse() -> None:
    for seed in range(30):
        verdicts = judge(many_facts(6, 6, seed))
        found = {one.rule for results in verdicts.values() for one in results if one.status in REFUSED}
        assert found & ONLY_CONDITIONS.keys() == set()


def test_the_good_facts_raise_no_alarm(tmp_path: Path) -> None:
    documents = GOOD
    assert len(json.loads(documents["outcome.json"])["placements"]) == 2
    assert judged(tmp_path, documents).findings == ()


@pytest.mark.parametrize(("rule", "check", "spoil"), EACH, ids=NAMES)
def test_what_a_rule_refuses_is_found_although_the_verdict_says_otherwise(
    tmp_path: Path, rule: str, check: str, spoil: Spoil
) -> None:
    spoiled = spoil()
    assert rule in refused_by(spoiled)
    documents = GOOD | {"snapshot.json": snapshot_of(spoiled)}
    assert check in numbers(judged(tmp_path, documents))


def test_a_process_without_steps_is_found(tmp_path: Path) -> None:
    documents = copy.deepcopy(GOOD)
    documents["snapshot.json"]["requests"][0]["product"]["steps"] = []
    assert numbers(judged(tmp_path, documents)) == {"V08 steps"}


def test_a_statement_about_a_heading_covers_what_stands_below_it(tmp_path: Path) -> None:
    document = copy.deepcopy(GOOD)
    statement = {"id": "N1", "codes": ["1.3.1"], "period": {"start": "2020-01-01", "end": None}}
    document["snapshot.json"]["facilities"][0]["sites"][0]["non_compliances"] = [statement]
    assert numbers(judged(tmp_path, document)) == {"V07 non-compliance"}


def test_the_verifier_knows_the_published_tables() -> None:
    borders = {entry.country for entry in packs().values() if entry.topic[:7] in ("import_", "export_")}
    assert {entry.answer for entry in packs().values() if entry.topic[:7] in ("import_", "export_")} == {"conditional"}
    assert borders == AGREED
    assert EU_AND_EEA == UNION
    assert {str(rhythm): days[2] for rhythm, days in FRESHNESS_DAYS.items()} == EXCLUDED
