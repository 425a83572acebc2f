"""Trial rows become batches with the three corrections, and every default is said in plain words."""

import math
from datetime import date, timedelta
from pathlib import Path

import pytest

from registry.rehearsal.demand import Demand, demand_of
from registry.rehearsal.frame import frame
from registry.rehearsal.rows import read_trials
from registry.vocabulary.products import BatchKind, InputState
from tests.registry.rehearsal.files import TODAY, facilities_file, made_of, trials_file

ORIGIN = date(2026, 11, 30)


def asked(folder: Path, *, stay_days: int = 14, **cells: str) -> Demand:
    """What one row asks for, starting in the first week with starts open for four."""
    row = read_trials(trials_file(folder, cells)).rows[0]
    return demand_of(row, ORIGIN, stay_days, 4, 0)


def said(demand: Demand, words: str) -> bool:
    return any(words in text for text in demand.defaults)


class TestCorrections:
    def test_half_of_the_patients_are_treated_where_the_count_includes_a_control_arm(self, tmp_path: Path) -> None:
        whole = asked(tmp_path, planned_patients="7", duration_months="4")
        half = asked(tmp_path, planned_patients="7", duration_months="4", source="register; count includes control arm")

        assert (len(whole.batches), len(half.batches)) == (7, 4)
        assert said(half, "control arm")
        assert not said(whole, "control arm")

    @pytest.mark.parametrize("words", ["1:1 randomised", "60 randomised 1:1, so about 30 products"])
    def test_a_one_to_one_design_is_read_in_the_source(self, tmp_path: Path, words: str) -> None:
        assert said(asked(tmp_path, source=words), "control arm")

    @pytest.mark.parametrize("words", ["both arms are cell products; 1:1", "count includes control arm; crossover"])
    def test_where_both_arms_are_treated_nothing_is_halved(self, tmp_path: Path, words: str) -> None:
        assert not said(asked(tmp_path, source=words), "control arm")

    def test_a_donor_batch_treats_ten_and_follows_a_bank(self, tmp_path: Path) -> None:
        demand = asked(
            tmp_path, process_family="msc_allogeneic", donor="allogeneic", planned_patients="25", duration_months="3"
        )
        bank, *made = demand.batches

        assert bank.kind is BatchKind.BANK
        assert bank.patients == 0
        assert [batch.patients for batch in made] == [10, 10, 5]
        assert all(batch.after == bank.id and batch.gap_days > 0 for batch in made)

    def test_in_vivo_products_need_vector_lots_only(self, tmp_path: Path) -> None:
        demand = asked(
            tmp_path, product_class="GTMP_invivo", process_family="other", donor="", vector="aav", planned_patients="14"
        )

        assert [batch.kind for batch in demand.batches] == [BatchKind.VECTOR_LOT]
        assert said(demand, "vector lots only")

    def test_a_dendritic_batch_gives_all_doses_of_a_patient(self, tmp_path: Path) -> None:
        demand = asked(tmp_path, process_family="dendritic", planned_patients="3")

        assert [batch.patients for batch in demand.batches] == [1, 1, 1]
        assert said(demand, "all doses of one patient")


class TestPace:
    def test_a_blank_pace_is_point_eight_patients_a_month(self, tmp_path: Path) -> None:
        demand = asked(tmp_path, duration_months="", planned_patients="100")
        weeks = [(batch.earliest - ORIGIN).days / 7 for batch in demand.batches]

        assert said(demand, "0.8 patients a month")
        assert weeks == [math.floor(number / 0.8 * 30.4 / 7) for number in range(len(weeks))]

    def test_the_time_to_primary_completion_is_shortened_to_recruitment(self, tmp_path: Path) -> None:
        slow = asked(tmp_path, duration_months="12", source="enrolled July 2023 to June 2024")
        scaled = asked(tmp_path, duration_months="12")

        assert not said(slow, "recruitment is taken as")
        assert said(scaled, "60%")
        assert len(scaled.batches) >= len(slow.batches)

    def test_at_most_twelve_batches_are_asked_for_and_it_is_said(self, tmp_path: Path) -> None:
        demand = asked(tmp_path, planned_patients="500", duration_months="12")

        assert len(demand.batches) == 12
        assert said(demand, "At most 12")

    def test_every_start_leaves_room_for_its_stay_before_the_end(self, tmp_path: Path) -> None:
        demand = asked(tmp_path, planned_patients="24", duration_months="24", stay_days=35)
        end = ORIGIN + timedelta(weeks=26)

        assert all(batch.earliest <= batch.latest <= end - timedelta(days=35) for batch in demand.batches)

    def test_a_stay_longer_than_the_horizon_asks_for_nothing(self, tmp_path: Path) -> None:
        assert not asked(tmp_path, stay_days=200).batches

    def test_unstated_patients_are_taken_by_family_and_said(self, tmp_path: Path) -> None:
        assert said(asked(tmp_path, planned_patients=""), "Number of patients not stated")


class TestRequests:
    def test_a_stated_state_of_material_is_kept_and_an_unstated_one_is_listed_as_invented(self, tmp_path: Path) -> None:
        facilities = facilities_file(tmp_path, {}, {"name": "Second"}, {"name": "Third"})
        stated = [{"trial_id": f"T{n}", "fresh_or_frozen_input": "frozen"} for n in range(6)]
        unstated = [{"trial_id": f"U{n}", "fresh_or_frozen_input": "unknown"} for n in range(30)]
        requests = made_of(facilities, trials_file(tmp_path, *stated, *unstated)).facts.requests

        listed = [one for one in requests if "fresh or frozen material" in one.invented]
        unknown = [one for one in requests if one.input_state is InputState.UNKNOWN]
        assert len(requests) == 36
        assert len(listed) + len(unknown) == 30
        assert 1 <= len(unknown) <= 3
        assert all("left unknown" in " ".join(one.defaults) for one in unknown)

    def test_the_horizon_begins_on_the_monday_after_seeding(self) -> None:
        for offset in range(7):
            today = TODAY + timedelta(days=offset)
            made = frame(0, today)
            assert made.origin.isoweekday() == 1
            assert 1 <= (made.origin - today).days <= 7
            assert made.weeks == 26
