"""What a rehearsal takes from a row of the directory and from a row of the trials; names go no further.

Organisations and sponsors are kept as a digest, only to see which rows belong together.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from registry.rehearsal import cells
from registry.rehearsal.reading import Checked, Sheet, read_sheet
from registry.rehearsal.rules import rules
from registry.vocabulary.facilities import OrganisationKind, ServiceModel
from registry.vocabulary.products import Donor, InputState, ProductClass, Vector

FACILITY_COLUMNS = (
    "name", "organisation", "holder", "type", "service_model", "status", "status_checked_on", "city",
    "country_iso2", "lat", "lon", "product_classes", "notes", "source", "source_kind",
)  # fmt: skip
TRIAL_COLUMNS = (
    "trial_id", "title_short", "sponsor", "sponsor_type", "sponsor_city", "sponsor_country_iso2", "lat", "lon",
    "product_class", "process_family", "donor", "vector", "starting_material", "fresh_or_frozen_input", "indication",
    "phase", "planned_patients", "start_date", "duration_months", "trial_sites_countries", "orphan_or_paediatric",
    "manufacturing_site_if_known", "source", "confidence",
)  # fmt: skip

KIND_OF_TYPE = {
    "academic_hospital": OrganisationKind.HOSPITAL,
    "academic": OrganisationKind.UNIVERSITY,
    "public_research": OrganisationKind.PUBLIC_RESEARCH,
    "blood_establishment": OrganisationKind.BLOOD_ESTABLISHMENT,
    "tissue_bank": OrganisationKind.CHARITY,
    "nonprofit_cdmo": OrganisationKind.CHARITY,
    "cdmo": OrganisationKind.COMPANY,
    "industry": OrganisationKind.COMPANY,
}
KIND_OF_SPONSOR = {
    "academic": OrganisationKind.UNIVERSITY,
    "sme": OrganisationKind.COMPANY,
    "industry": OrganisationKind.COMPANY,
}
STATUSES = ("operating", "opening", "planned", "closing", "closed", "unknown")
CLASSES = ("sCTMP", "GTMP_exvivo", "GTMP_invivo", "TEP", "viral_vector", "plasmid", "unknown")
PHASES = ("0", "0/1", "1", "1/2", "2", "2/3", "3", "3/4", "4", "unknown", "")
STATED = ("yes", "no", "unknown", "")

HALF_TREATED = re.compile(r"count includes control arm|\b1:1\b", re.IGNORECASE)
"""Wording of the `source` column where the patient number counts a control arm as large as the treated one."""
BOTH_TREATED = re.compile(r"both arms are|crossover", re.IGNORECASE)
RECRUITMENT = re.compile(r"recruitment|enrolled \w+ \d{4} to", re.IGNORECASE)
"""Wording where the duration is the time of recruitment itself."""


@dataclass(frozen=True, slots=True)
class FacilityRow:
    """A row of the directory: place, kind and classes; `organisation` is a digest."""

    row: int
    organisation: str
    kind: OrganisationKind
    service_model: ServiceModel
    status: str
    country: str
    latitude: float | None
    longitude: float | None
    classes: frozenset[str]


@dataclass(frozen=True, slots=True)
class TrialRow:
    """A row of the trials: product, pace and size; None where the row does not say; `sponsor` is a digest."""

    row: int
    sponsor: str
    sponsor_kind: OrganisationKind
    country: str
    latitude: float | None
    longitude: float | None
    product_class: ProductClass
    family: str
    donor: Donor
    vector: Vector
    input_state: InputState
    phase: str
    patients: int | None
    months: float | None
    countries: tuple[str, ...]
    rare_or_child: bool
    half_treated: bool
    recruitment_stated: bool


def read_facilities(path: Path) -> Sheet[FacilityRow]:
    """Read a file with the columns of the directory; faulty rows are named in `faults`, not fatal."""
    return read_sheet(path, "facilities", FACILITY_COLUMNS, facility_row)


def read_trials(path: Path) -> Sheet[TrialRow]:
    """Read a file with the columns of the trials; faulty rows are named in `faults`, not fatal."""
    return read_sheet(path, "trials", TRIAL_COLUMNS, trial_row)


def facility_row(number: int, row: Checked) -> FacilityRow:
    """Return a row of the directory from its checked cells."""
    row.take("name", cells.filled, "")
    return FacilityRow(
        row=number,
        organisation=digest(row.take("organisation", cells.filled, "")),
        kind=KIND_OF_TYPE[row.take("type", cells.one_of(KIND_OF_TYPE), "industry")],
        service_model=row.take("service_model", cells.word(ServiceModel), ServiceModel.UNKNOWN),
        status=row.take("status", cells.one_of(STATUSES), "unknown"),
        country=row.take("country_iso2", cells.country(rules().countries), ""),
        latitude=row.take("lat", cells.degrees(90), None),
        longitude=row.take("lon", cells.degrees(180), None),
        classes=row.take("product_classes", cells.words(CLASSES), frozenset()),
    )


def trial_row(number: int, row: Checked) -> TrialRow:
    """Return a row of the trials from its checked cells."""
    source = row.cells["source"]
    row.take("trial_id", cells.filled, "")
    row.take("start_date", cells.month, "")
    both = BOTH_TREATED.search(source) is not None
    return TrialRow(
        row=number,
        sponsor=digest(row.take("sponsor", cells.filled, "")),
        sponsor_kind=KIND_OF_SPONSOR[row.take("sponsor_type", cells.one_of(KIND_OF_SPONSOR), "academic")],
        country=row.take("sponsor_country_iso2", cells.country(rules().countries), ""),
        latitude=row.take("lat", cells.degrees(90), None),
        longitude=row.take("lon", cells.degrees(180), None),
        product_class=row.take("product_class", cells.word(ProductClass), ProductClass.SCTMP),
        family=row.cells["process_family"].strip(),
        donor=row.take("donor", donor, Donor.UNKNOWN),
        vector=row.take("vector", vector, Vector.UNKNOWN),
        input_state=row.take("fresh_or_frozen_input", input_state, InputState.UNKNOWN),
        phase=row.take("phase", cells.one_of(PHASES), ""),
        patients=row.take("planned_patients", cells.positive(cells.MOST_PATIENTS), None),
        months=row.take("duration_months", cells.months, None),
        countries=row.take("trial_sites_countries", cells.countries(rules().countries), ()),
        rare_or_child=row.take("orphan_or_paediatric", cells.one_of(STATED), "") == "yes",
        half_treated=HALF_TREATED.search(source) is not None and not both,
        recruitment_stated=RECRUITMENT.search(source) is not None,
    )


def donor(cell: str) -> Donor:
    """Return a donor as the file words it; blank is unknown."""
    return cells.word(Donor)(cell or Donor.UNKNOWN.value)


def vector(cell: str) -> Vector:
    """Return a vector as the file words it; blank is unknown."""
    return cells.word(Vector)(cell or Vector.UNKNOWN.value)


def input_state(cell: str) -> InputState:
    """Return how material travels as the file words it; blank is unknown."""
    return cells.word(InputState)(cell or InputState.UNKNOWN.value)


def facilities_of_one_kind(rows: Sequence[FacilityRow]) -> list[FacilityRow]:
    """Return the rows with the kind of an organisation as its first row has it."""
    kinds: dict[str, OrganisationKind] = {}
    return [replace(row, kind=kinds.setdefault(row.organisation, row.kind)) for row in rows]


def trials_of_one_kind(rows: Sequence[TrialRow]) -> list[TrialRow]:
    """Return the rows with the kind of a sponsor as its first row has it."""
    kinds: dict[str, OrganisationKind] = {}
    return [replace(row, sponsor_kind=kinds.setdefault(row.sponsor, row.sponsor_kind)) for row in rows]


def digest(name: str) -> str:
    """Return what stands for a name from here on: enough to see that two rows belong together."""
    return sha256(" ".join(name.split()).casefold().encode()).hexdigest()[:16]
