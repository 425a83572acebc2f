"""The directory: real facilities with sourced public facts, unverified, never matched before their own QA confirms."""

import csv
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry import models
from registry.rehearsal.rows import KIND_OF_TYPE
from registry.rehearsal.rules import SEED_DATA
from registry.seeding.rows import Rows
from registry.vocabulary.facilities import ServiceModel
from registry.vocabulary.lifecycle import DataSet, FacilityStatus, Publication, Source


def seed_directory(session: Session) -> int:
    """Load `seed_data/directory.csv` unless a directory is there; return how many rows were written.

    Nothing is confirmed: no authorisation, no calendar, no confirmation is written with a facility.
    """
    there = select(func.count()).select_from(models.Facility).where(models.Facility.data_set == DataSet.DIRECTORY)
    if session.scalar(there):
        return 0
    rows = Rows()
    owners: dict[str, UUID] = {}
    with (SEED_DATA / "directory.csv").open(encoding="utf-8", newline="") as file:
        for number, entry in enumerate(csv.DictReader(file), start=1):
            owner = entry["organisation"]
            if owner not in owners:
                owners[owner] = add_organisation(rows, f"D{len(owners) + 1:03d}", entry)
            add_facility(rows, f"D{number:03d}", owners[owner], entry)
    return rows.write(session)


def add_organisation(rows: Rows, code: str, entry: Mapping[str, str]) -> UUID:
    """Gather the owner of a directory entry and return its key."""
    return rows.add(
        models.Organisation,
        data_set=DataSet.DIRECTORY,
        code=code,
        name=entry["organisation"],
        kind=KIND_OF_TYPE[entry["type"]],
        country=entry["country_iso2"],
        network_id=None,
        source=Source.SHEET,
        source_note=source_note(entry),
        invented=False,
    )


def add_facility(rows: Rows, code: str, organisation: UUID, entry: Mapping[str, str]) -> None:
    """Gather a facility of the directory, unverified and with its source."""
    sourced = {"source": Source.SHEET, "source_note": source_note(entry), "invented": False}
    facility = rows.add(
        models.Facility,
        organisation_id=organisation,
        data_set=DataSet.DIRECTORY,
        code=code,
        name=entry["name"],
        kind=entry["type"],
        country=entry["country_iso2"],
        city=entry["city"],
        status=FacilityStatus(entry["status"]),
        status_checked_on=entry["status_checked_on"] or None,
        publication=Publication.PUBLISHED,
        service_model=ServiceModel(entry["service_model"]),
        product_classes=entry["product_classes"].split("|"),
        holder_name=entry["holder"] or None,
        notes=entry["notes"] or None,
        **sourced,
    )
    rows.add(
        models.Site,
        organisation_id=organisation,
        facility_id=facility,
        code=f"{code}-A",
        city=entry["city"],
        country=entry["country_iso2"],
        latitude=float(entry["lat"]),
        longitude=float(entry["lon"]),
        **sourced,
    )


def source_note(entry: Mapping[str, str]) -> str:
    """Return the page a row was read on and what kind of source it is."""
    return f"{entry['source_kind']}: {entry['source']}"
