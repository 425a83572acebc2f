"""Files are read strictly: every fault at once, by file and row, never by what stands in the row."""

from pathlib import Path

import pytest

from registry.rehearsal import UnusableFileError, read_facilities, read_trials
from registry.rehearsal.rows import TRIAL_COLUMNS
from tests.registry.rehearsal.files import DIRECTORY, TRIAL, TRIALS, facilities_file, trials_file, write


class TestHeader:
    def test_columns_may_stand_in_any_order_and_further_ones_are_ignored(self, tmp_path: Path) -> None:
        columns = ["remark", *reversed(TRIAL_COLUMNS)]
        read = read_trials(write(tmp_path / "trials.csv", columns, [TRIAL | {"remark": "ours"}]))

        assert len(read.rows) == 1
        assert not read.faults

    def test_every_missing_column_is_named(self, tmp_path: Path) -> None:
        columns = [name for name in TRIAL_COLUMNS if name not in {"phase", "donor"}]
        with pytest.raises(UnusableFileError) as refused:
            read_trials(write(tmp_path / "trials.csv", columns, [TRIAL]))

        assert [fault.column for fault in refused.value.faults] == ["donor", "phase"]
        assert "missing" in str(refused.value)

    def test_a_column_twice_is_refused(self, tmp_path: Path) -> None:
        path = trials_file(tmp_path, {})
        header, rest = path.read_text(encoding="utf-8").split("\n", 1)
        path.write_text(f"{header},phase\n{rest.strip()},1\n", encoding="utf-8")

        with pytest.raises(UnusableFileError, match="more than once"):
            read_trials(path)

    def test_byte_order_mark_and_windows_line_ends_are_fine(self, tmp_path: Path) -> None:
        path = write(tmp_path / "trials.csv", TRIAL_COLUMNS, [TRIAL, TRIAL], end="\r\n")
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

        assert read_trials(path).count == 2


class TestUnusable:
    @pytest.mark.parametrize(
        ("content", "said"),
        [(b"", "empty"), (b"\xff\xfe\x00", "UTF-8"), (b"trial_id\nNCT1\n", "missing")],
        ids=["empty", "not text", "header only partly"],
    )
    def test_what_cannot_be_read_is_said(self, tmp_path: Path, content: bytes, said: str) -> None:
        path = tmp_path / "trials.csv"
        path.write_bytes(content)

        with pytest.raises(UnusableFileError, match=said):
            read_trials(path)

    def test_a_file_that_is_not_there_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(UnusableFileError, match="cannot be read"):
            read_facilities(tmp_path / "nowhere.csv")

    def test_a_file_without_a_usable_row_carries_every_fault(self, tmp_path: Path) -> None:
        with pytest.raises(UnusableFileError) as refused:
            read_trials(trials_file(tmp_path, {"donor": "nobody"}, {"vector": "truck"}))

        assert [fault.row for fault in refused.value.faults] == [2, 3, 1]


class TestRows:
    @pytest.mark.parametrize(
        ("column", "cell"),
        [
            ("planned_patients", "many"),
            ("planned_patients", "0"),
            ("planned_patients", "-4"),
            ("duration_months", "nan"),
            ("duration_months", "0"),
            ("lat", "91"),
            ("lon", "east"),
            ("sponsor_country_iso2", "XX"),
            ("trial_sites_countries", "ES|YY"),
            ("product_class", "magic"),
            ("donor", "twin"),
            ("vector", "truck"),
            ("fresh_or_frozen_input", "warm"),
            ("phase", "9"),
            ("start_date", "2020-13"),
            ("orphan_or_paediatric", "perhaps"),
            ("sponsor_type", "club"),
            ("sponsor", ""),
            ("trial_id", " "),
        ],
    )
    def test_a_bad_cell_is_named_by_row_and_column_and_never_repeated(
        self, tmp_path: Path, column: str, cell: str
    ) -> None:
        read = read_trials(trials_file(tmp_path, {}, {column: cell}, {}))

        assert [(fault.file, fault.row, fault.column) for fault in read.faults] == [("trials", 3, column)]
        assert [row.row for row in read.rows] == [2, 4]
        assert read.count == 3

    def test_no_fault_repeats_a_cell(self, tmp_path: Path) -> None:
        shifted = {"donor": "Sunny Pharma", "vector": "NCT00000001", "lat": "SUNRISE"}
        read = read_trials(trials_file(tmp_path, {}, shifted))

        said = "\n".join(map(str, read.faults))
        assert len(read.faults) == 3
        assert not any(name in said for name in shifted.values())

    @pytest.mark.parametrize("column", ["status", "service_model", "type", "product_classes", "country_iso2", "name"])
    def test_an_unknown_word_in_a_facility_is_a_fault(self, tmp_path: Path, column: str) -> None:
        bad = "" if column == "name" else "dreaming"
        read = read_facilities(facilities_file(tmp_path, {}, {column: bad}))

        assert [(fault.row, fault.column) for fault in read.faults] == [(3, column)]

    def test_a_row_with_too_many_cells_is_a_fault(self, tmp_path: Path) -> None:
        path = trials_file(tmp_path, {}, {})
        lines = path.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join([*lines[:2], lines[2] + ",more"]), encoding="utf-8")

        assert [(fault.row, fault.column) for fault in read_trials(path).faults] == [(3, "")]

    def test_blank_cells_that_may_be_blank_are_not_faults(self, tmp_path: Path) -> None:
        blank = dict.fromkeys(
            ("lat", "lon", "donor", "vector", "fresh_or_frozen_input", "phase", "planned_patients", "start_date",
             "duration_months", "trial_sites_countries", "orphan_or_paediatric"), "",
        )  # fmt: skip
        read = read_trials(trials_file(tmp_path, blank))

        assert not read.faults
        assert read.rows[0].patients is None

    def test_the_files_that_come_with_the_software_have_no_fault(self) -> None:
        assert (read_facilities(DIRECTORY).count, read_facilities(DIRECTORY).faults) == (129, ())
        assert (read_trials(TRIALS).count, read_trials(TRIALS).faults) == (99, ())
