"""One rehearsal gives way to another: records and calculations go, accounts, directory and trail stay."""

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry import models
from registry.database import seal_trail
from registry.rehearsal import build_rehearsal, read_facilities, read_trials
from registry.rehearsal.rules import SEED_DATA
from registry.rehearsing import _queued
from registry.seeding import clear_rehearsal, seed_directory, seed_rehearsal
from registry.vocabulary.lifecycle import DataSet

pytestmark = pytest.mark.database


def test_a_calculated_rehearsal_gives_way_to_another(session: Session, tmp_path: Path) -> None:
    shipped = Path(SEED_DATA)
    few = tmp_path / "trials.csv"
    few.write_text(
        "".join((shipped / "trials.csv").read_text(encoding="utf-8").splitlines(keepends=True)[:31]), encoding="utf-8"
    )
    facilities = read_facilities(shipped / "directory.csv")
    rehearsal = build_rehearsal(facilities, read_trials(few), 0, date(2026, 11, 25))
    seed_directory(session)
    seed_rehearsal(session, rehearsal)
    place_one(session, _queued(session, rehearsal, "a" * 24))
    seal_trail(session)
    events = session.scalar(select(func.count()).select_from(models.AuditEvent)) or 0

    clear_rehearsal(session)
    seal_trail(session)

    for table in (models.Facility, models.Request, models.Run, models.Round, models.Placement):
        assert session.scalar(select(func.count()).where(table.data_set == DataSet.REHEARSAL)) == 0
    assert session.scalar(select(func.count()).where(models.Facility.data_set == DataSet.DIRECTORY)) == 129
    assert session.scalar(select(func.count()).where(models.Person.data_set == DataSet.REHEARSAL)) == 10
    assert (session.scalar(select(func.count()).select_from(models.AuditEvent)) or 0) > events
    assert seed_rehearsal(session, rehearsal) > 0


def place_one(session: Session, run_id: UUID) -> None:
    """A placement that points at a batch and a suite of the rehearsal."""
    batch = session.scalars(select(models.Batch).limit(1)).one()
    request = session.get_one(models.Request, batch.request_id)
    suite = session.scalars(select(models.Suite).limit(1)).one()
    session.add(
        models.Placement(
            run_id=run_id,
            data_set=DataSet.REHEARSAL,
            plan="proposed",
            request_id=request.id,
            organisation_id=request.organisation_id,
            batch_id=batch.id,
            facility_id=suite.facility_id,
            facility_organisation_id=suite.organisation_id,
            suite_id=suite.id,
            starts=date(2026, 11, 30),
            ends=date(2026, 12, 7),
        )
    )
    session.flush()
