"""Small files with the columns of the directory and of the trials, and rehearsals made of them."""

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from registry.rehearsal import Rehearsal, build_rehearsal, read_facilities, read_trials
from registry.rehearsal.rows import FACILITY_COLUMNS, TRIAL_COLUMNS
from registry.rehearsal.rules import SEED_DATA

TODAY = date(2026, 11, 25)
DIRECTORY = SEED_DATA / "directory.csv"
TRIALS = SEED_DATA / "trials.csv"

FACILITY = {
    "name": "Sunny Cells Unit",
    "organisation": "Sunny Hospital",
    "type": "academic_hospital",
    "service_model": "academic collaboration",
    "status": "operating",
    "city": "Sunnytown",
    "country_iso2": "ES",
    "lat": "40.4",
    "lon": "-3.7",
    "product_classes": "sCTMP|GTMP_exvivo",
    "source": "https://sunny.example",
    "source_kind": "public page",
}
TRIAL = {
    "trial_id": "NCT00000001",
    "title_short": "SUNRISE: sunny cells",
    "sponsor": "Sunny Pharma",
    "sponsor_type": "academic",
    "sponsor_city": "Sunnytown",
    "sponsor_country_iso2": "ES",
    "lat": "40.4",
    "lon": "-3.7",
    "product_class": "sCTMP",
    "process_family": "msc_autologous",
    "donor": "autologous",
    "vector": "none",
    "starting_material": "bone_marrow",
    "fresh_or_frozen_input": "frozen",
    "indication": "Sunburn",
    "phase": "1/2",
    "planned_patients": "24",
    "start_date": "2020-01",
    "duration_months": "12",
    "trial_sites_countries": "ES",
    "orphan_or_paediatric": "unknown",
    "source": "Sunny register",
    "confidence": "sourced",
}


def write(path: Path, columns: Iterable[str], rows: Iterable[Mapping[str, str]], *, end: str = "\n") -> Path:
    """Write rows under a header; what a row does not say is left blank."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(columns), restval="", lineterminator=end, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def facilities_file(folder: Path, *changes: Mapping[str, str]) -> Path:
    """Write a file of facilities, each the usual one with some cells changed."""
    return write(folder / "facilities.csv", FACILITY_COLUMNS, [FACILITY | dict(change) for change in changes])


def trials_file(folder: Path, *changes: Mapping[str, str]) -> Path:
    """Write a file of trials, each the usual one with some cells changed."""
    return write(folder / "trials.csv", TRIAL_COLUMNS, [TRIAL | dict(change) for change in changes])


def shipped_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a file that comes with the software."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def made_of(facilities: Path, trials: Path, seed: int = 0, today: date = TODAY) -> Rehearsal:
    """Return the rehearsal of two files."""
    return build_rehearsal(read_facilities(facilities), read_trials(trials), seed, today)
