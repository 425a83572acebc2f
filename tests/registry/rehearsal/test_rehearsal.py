"""A rehearsal is tight, shows every kind of refusal, accounts for every row, and is the same each time it is made."""

import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from matcher.admissible import admissible_starts
from matcher.eligibility import Verdicts, judge
from matcher.formulate import formulate
from matcher.greedy import greedy
from matcher.problem import Problem, RequestId
from registry.rehearsal import Rehearsal, UnusableFileError, read_trials
from registry.rehearsal.account import FileAccount
from registry.rehearsal.chance import Stream
from registry.rehearsal.planting import ENOUGH
from registry.rehearsal.rows import FACILITY_COLUMNS, TRIAL_COLUMNS
from registry.rehearsal.scaling import left_by_greedy
from registry.vocabulary.products import InputState
from registry.vocabulary.results import Status
from tests.registry.rehearsal.files import (
    DIRECTORY,
    TODAY,
    TRIALS,
    facilities_file,
    made_of,
    shipped_rows,
    trials_file,
    write,
)

LEAST_LEFT, MOST_LEFT = 100, 350
"""Thousandths of the weight that greedy must leave in a rehearsal."""

REFUSED_ON_PAPER = {"fresh-material", "scope-codes", "authorisation-validity"}
Row = dict[str, str]


class TestSize:
    def test_every_trial_of_the_shipped_file_asks_for_something(self, shipped: Rehearsal) -> None:
        assert len(shipped.facts.requests) == 99
        assert len(shipped.facts.facilities) == 90
        assert all(1 <= len(request.batches) <= 12 for request in shipped.facts.requests)

    def test_the_problem_is_beyond_one_exact_model(self, problem: Problem) -> None:
        columns = sum(
            len(admissible_starts(problem, request, batch, option))
            for request in problem.requests
            for batch in request.batches
            for option in request.options
        )
        assert columns > 20_000

    def test_few_requests_are_most_urgent(self, shipped: Rehearsal) -> None:
        classes = [request.urgency for request in shipped.facts.requests]
        assert 1 <= classes.count(0) <= len(classes) // 10
        assert set(classes) == {0, 1, 2}

    def test_a_few_facts_stay_unknown_on_purpose(self, shipped: Rehearsal) -> None:
        states = [request.input_state for request in shipped.facts.requests]
        assert 1 <= states.count(InputState.UNKNOWN) <= 5


class TestTightness:
    def test_greedy_leaves_a_tenth_to_a_third(self, shipped: Rehearsal, problem: Problem) -> None:
        assert LEAST_LEFT <= left_by_greedy(problem) <= MOST_LEFT
        assert left_by_greedy(problem) == shipped.scaled.left

    @pytest.mark.parametrize("number", range(2))
    def test_thirty_trials_are_as_tight(self, tmp_path: Path, number: int) -> None:
        check_tight(tmp_path, drawn(TRIALS, 30, number), shipped_rows(DIRECTORY))

    def test_five_facilities_are_as_tight(self, tmp_path: Path) -> None:
        check_tight(tmp_path, drawn(TRIALS, 40, 7), drawn_facilities(5, 7))

    @pytest.mark.deep
    @pytest.mark.parametrize("number", range(20))
    def test_any_files_are_as_tight(self, tmp_path: Path, number: int) -> None:
        draws = Stream(number, "sizes")
        trials, facilities = draws.between((30, 99)), draws.between((3, 90))
        check_tight(tmp_path, drawn(TRIALS, trials, number), drawn_facilities(facilities, number), number)

    @pytest.mark.deep
    @pytest.mark.parametrize("today", [date(2026, 12, 31), date(2027, 7, 1), date(2028, 2, 29)])
    def test_any_day_is_as_tight(self, today: date) -> None:
        made = made_of(DIRECTORY, TRIALS, today=today)
        assert LEAST_LEFT <= made.scaled.left <= MOST_LEFT


def check_tight(folder: Path, trials: Sequence[Row], facilities: Sequence[Row], seed: int = 0) -> None:
    trial_file = write(folder / "trials.csv", TRIAL_COLUMNS, trials)
    made = made_of(write(folder / "facilities.csv", FACILITY_COLUMNS, facilities), trial_file, seed)

    left = left_by_greedy(formulate(made.facts, judge(made.facts)))
    assert LEAST_LEFT <= left <= MOST_LEFT
    check_refusals(made, judge(made.facts))


def drawn(path: Path, number: int, seed: int) -> list[Row]:
    return Stream(seed, "rows").shuffled(shipped_rows(path))[:number]


def drawn_facilities(number: int, seed: int) -> list[Row]:
    rows = [row for row in shipped_rows(DIRECTORY) if row["status"] == "operating"]
    matchable = [row for row in rows if row["service_model"] not in {"captive", "unknown"}]
    return Stream(seed, "rows").shuffled(matchable)[:number]


class TestRefusals:
    def test_each_kind_of_refusal_is_there(self, shipped: Rehearsal, verdicts: Verdicts) -> None:
        assert {made.rule for made in shipped.plants} == {*REFUSED_ON_PAPER, "room", "qc_results"}
        check_refusals(shipped, verdicts)

    def test_on_paper_nothing_but_the_planted_rule_stands_in_the_way(
        self, shipped: Rehearsal, verdicts: Verdicts
    ) -> None:
        for made in shipped.plants:
            for suite in made.suites:
                against = {
                    one.rule for one in verdicts[made.request, suite] if one.status in {Status.FAIL, Status.UNKNOWN}
                }
                assert against == ({made.rule} if made.rule in REFUSED_ON_PAPER else set())

    def test_the_quality_control_limit_alone_keeps_its_request_out(self, shipped: Rehearsal, problem: Problem) -> None:
        planted = next(made.request for made in shipped.plants if made.rule == "qc_results")
        request = next(one for one in problem.requests if one.id == planted)
        capacity = {resource.id: max(resource.capacity) for resource in problem.resources}

        assert request.options
        assert all(any(use.amount > capacity[use.resource] for use in option.uses) for option in request.options)


def check_refusals(made: Rehearsal, verdicts: Verdicts) -> None:
    """Each planted request is not wholly placed: on paper it has no option, in the plan a limit or no room is left."""
    problem = formulate(made.facts, verdicts)
    plan = [placement.request for placement in greedy(problem)]
    requests = {request.id: request for request in problem.requests}
    for planted in made.plants:
        request = requests[RequestId(planted.request)]
        if planted.rule in REFUSED_ON_PAPER:
            assert not request.options
            if len(made.facts.facilities) >= ENOUGH:
                assert planted.rule in {one.rule for one in verdicts.exclusions(request.id)}
        else:
            assert request.options
            assert plan.count(request.id) < len(request.batches)


class TestAccount:
    @pytest.mark.parametrize("file", ["facilities", "trials"])
    def test_every_row_is_modelled_or_counted_under_a_reason(self, shipped: Rehearsal, file: str) -> None:
        account: FileAccount = getattr(shipped.account, file)
        rows = [row for reason in account.left_out for row in reason.rows]

        assert account.rows == {"facilities": 129, "trials": 99}[file]
        assert account.modelled + len(rows) == account.rows
        assert len(set(rows)) == len(rows)

    def test_faulty_rows_are_counted_once_however_many_faults_they_have(self, tmp_path: Path) -> None:
        facilities = facilities_file(tmp_path, {}, {"status": "dreaming", "lat": "north"}, {"status": "closed"})
        account = made_of(facilities, trials_file(tmp_path, {}, {"donor": "twin"}, {})).account

        assert [(one.reason, one.rows) for one in account.facilities.left_out] == [
            ("cannot be read, see its faults", (3,)),
            ("status closed", (4,)),
        ]
        assert len(account.facilities.faults) == 2
        assert (account.trials.rows, account.trials.modelled) == (3, 2)

    @pytest.mark.parametrize(
        "change",
        [{"status": "planned"}, {"status": "unknown"}, {"service_model": "captive"}, {"service_model": "unknown"}],
    )
    def test_only_operating_facilities_that_serve_others_are_modelled(
        self, tmp_path: Path, change: dict[str, str]
    ) -> None:
        made = made_of(facilities_file(tmp_path, {}, change), trials_file(tmp_path, {}, {}))

        assert len(made.facts.facilities) == 1
        with pytest.raises(UnusableFileError, match="operating"):
            made_of(facilities_file(tmp_path, change), trials_file(tmp_path, {}))


class TestSame:
    def test_the_same_files_seed_and_day_give_the_same_rehearsal(self, shipped: Rehearsal) -> None:
        assert made_of(DIRECTORY, TRIALS) == shipped

    def test_another_seed_gives_another(self, tmp_path: Path) -> None:
        facilities, trials = facilities_file(tmp_path, {}, {}), trials_file(tmp_path, *[{}] * 10)

        assert made_of(facilities, trials, seed=1).facts != made_of(facilities, trials, seed=2).facts

    def test_the_order_of_hashes_does_not_matter(self, tmp_path: Path) -> None:
        write(tmp_path / "trials.csv", TRIAL_COLUMNS, drawn(TRIALS, 30, 3))
        write(tmp_path / "facilities.csv", FACILITY_COLUMNS, drawn_facilities(12, 3))
        script = (
            "import sys; from pathlib import Path; from matcher.eligibility import judge; "
            "from matcher.formulate import formulate; from tests.registry.rehearsal.files import made_of; "
            "folder = Path(sys.argv[1]); facts = made_of(folder / 'facilities.csv', folder / 'trials.csv').facts; "
            "print(formulate(facts, judge(facts)).sha256)"
        )
        marks = {
            subprocess.run(
                [sys.executable, "-c", script, str(tmp_path)],
                env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[3])},
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            for seed in ("1", "2")
        }
        assert len(marks) == 1

    def test_today_is_what_moves_the_dates(self) -> None:
        later = made_of(DIRECTORY, TRIALS, today=date(2027, 3, 1))

        assert later.facts.known_on == date(2027, 3, 1) != TODAY
        assert len(later.facts.requests) == read_trials(TRIALS).count
