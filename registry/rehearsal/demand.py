"""Trial rows → requests, with the three corrections of the notes on the trials and every default in plain words."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from matcher.facts import Batch
from registry.rehearsal.rows import TrialRow
from registry.rehearsal.rules import FamilyRule, rules
from registry.vocabulary.products import BatchKind, Donor, ProductClass

WEEK = timedelta(weeks=1)
TISSUES = frozenset({ProductClass.TEP, ProductClass.COMBINED})
CLEANING_DAYS = 4
"""The longest clearance of a suite in `platforms.toml`, so that a last start leaves room for it."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What a trial row asks for in the horizon: batches in order, and what was assumed to get there."""

    batches: tuple[Batch, ...]
    stay_days: int
    defaults: tuple[str, ...]


def family_of(row: TrialRow) -> FamilyRule:
    """Return the rules of the row's process family; an unknown or `other` family goes by product class."""
    known = rules().families
    if row.product_class is ProductClass.GTMP_IN_VIVO:
        return known["in_vivo_vector"]
    if row.family in known:
        return known[row.family]
    return known["other_tissue" if row.product_class in TISSUES else "other_cells"]


def demand_of(row: TrialRow, origin: date, stay_days: int, window_weeks: int, first_week: int) -> Demand:
    """Return the batches a row asks for in the weeks from `origin`; none when no stay fits.

    Control arms are taken out, donors' batches are divided by doses and follow a bank, in vivo rows need vector
    lots only (notes on the trials, three corrections).
    """
    defaults: list[str] = []
    patients = treated_patients(row, defaults)
    pace = monthly_pace(row, patients, defaults)
    per_batch = patients_per_batch(row, defaults)
    starts = asked_starts(origin, stay_days, window_weeks)
    weeks_apart = per_batch / pace * rules().demand.number("days_a_month") / 7
    with_bank = row.donor is Donor.ALLOGENEIC and row.product_class is not ProductClass.GTMP_IN_VIVO
    bank = bank_batch(origin, first_week, window_weeks) if with_bank else None
    if bank is not None:
        first_week += bank_weeks()
    kind = BatchKind.VECTOR_LOT if row.product_class is ProductClass.GTMP_IN_VIVO else BatchKind.PATIENT
    batches = patient_batches(starts, first_week, weeks_apart, patients, per_batch, kind, bank)
    most = rules().demand.whole("most_batches")
    if len(batches) + (bank is not None) == most and patients > sum(batch.patients for batch in batches):
        defaults.append(f"At most {most} batches of a request are planned in one round.")
    weeks = rules().demand.whole("horizon_weeks")
    defaults.append(f"Dates moved into the {weeks} weeks from Monday {origin.day} {origin:%b %Y}.")
    asked = (bank, *batches) if bank is not None and batches else tuple(batches)
    return Demand(asked, stay_days, tuple(defaults))


def treated_patients(row: TrialRow, defaults: list[str]) -> int:
    """Return the patients that get the product: half of those counted where a control arm is among them."""
    family = family_of(row)
    patients = row.patients
    if patients is None:
        patients = family.patients
        defaults.append(f"Number of patients not stated: {patients}, taken as usual for {family.name}.")
    if row.half_treated:
        patients = math.ceil(patients * rules().demand.number("treated_share_one_to_one"))
        defaults.append(f"The count includes a control arm: {patients} patients are treated, half of it.")
    return patients


def monthly_pace(row: TrialRow, patients: int, defaults: list[str]) -> float:
    """Return patients a month; the time to primary completion is longer than recruitment, so it is shortened."""
    if row.patients is None or row.months is None:
        pace = rules().demand.number("blank_pace")
        defaults.append(f"Pace not stated: {pace:g} patients a month.")
        return pace
    share = 1.0 if row.recruitment_stated else rules().demand.number("recruitment_share")
    if share < 1:
        defaults.append(
            f"Pace from the time to primary completion, of which recruitment is taken as {share:.0%}: "
            f"{patients / (row.months * share):.2g} patients a month."
        )
    return patients / (row.months * share)


def patients_per_batch(row: TrialRow, defaults: list[str]) -> int:
    """Return how many patients one batch serves, noting the default where the row does not say."""
    if row.product_class is ProductClass.GTMP_IN_VIVO:
        treated = rules().demand.whole("vector_lot_patients")
        defaults.append(f"No cells are collected: vector lots only, one for {treated} patients.")
        return treated
    if row.donor is Donor.ALLOGENEIC:
        treated = rules().demand.whole("allogeneic_doses")
        defaults.append(f"Cells of a donor: one batch for {treated} patients, after a bank batch.")
        return treated
    if row.family == "dendritic":
        defaults.append("One batch gives all doses of one patient.")
    if row.donor is Donor.UNKNOWN:
        defaults.append("Donor not stated: the patient's own cells, one batch a patient.")
    return 1


@dataclass(frozen=True, slots=True)
class Starts:
    """When starts can be asked for: Mondays from `origin` to `last`, each open for `window` weeks."""

    origin: date
    last: date
    window: int


def asked_starts(origin: date, stay_days: int, window_weeks: int) -> Starts:
    """Return when starts may lie: from the first week that fits to the last, in windows of whole weeks."""
    end = origin + rules().demand.whole("horizon_weeks") * WEEK
    weeks_held = math.ceil((stay_days + CLEANING_DAYS) / 7)
    return Starts(origin, end - weeks_held * WEEK, window_weeks)


def bank_weeks() -> int:
    """Return the weeks a bank batch takes before the first product batch."""
    figures = rules().demand
    return math.ceil((figures.whole("bank_stay_days") + CLEANING_DAYS + figures.whole("bank_gap_days")) / 7)


def bank_batch(origin: date, first_week: int, window_weeks: int) -> Batch:
    """Return the batch that makes the bank of an allogeneic product."""
    earliest = origin + first_week * WEEK
    return Batch("bank", BatchKind.BANK, earliest, earliest + window_weeks * WEEK, patients=0)


def patient_batches(
    starts: Starts,
    first_week: int,
    weeks_apart: float,
    patients: int,
    per_batch: int,
    kind: BatchKind,
    bank: Batch | None,
) -> Sequence[Batch]:
    """Return the batches for patients, one after another at the pace of the row."""
    batches: list[Batch] = []
    gap_days = rules().demand.whole("bank_gap_days") if bank else 0
    most = rules().demand.whole("most_batches") - (bank is not None)
    while patients > 0 and len(batches) < most:
        week = first_week + math.floor(len(batches) * weeks_apart)
        earliest = starts.origin + min(week, 10_000) * WEEK
        if earliest > starts.last:
            break
        latest = min(starts.last, earliest + starts.window * WEEK)
        name = f"{len(batches) + 1:02d}"
        after = bank.id if bank else None
        batches.append(Batch(name, kind, earliest, latest, min(per_batch, patients), after, gap_days))
        patients -= per_batch
    return batches
