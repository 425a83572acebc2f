"""Who may take a calculation along as a folder: overseers all of it, a party its own part once it is published."""

from uuid import UUID

from sqlalchemy import select

from registry import models
from registry.access.permissions import Permission, require
from registry.access.subject import OPERATOR, Subject
from registry.database import unit_of_work
from registry.errors import NotAllowedError, NotVisibleError
from registry.matching.bundle import Files, Party, auditor_files, party_files
from registry.services.auditing import record_act
from registry.vocabulary.lifecycle import RunState


def auditor_bundle(subject: Subject, run_id: UUID) -> Files:
    """Return everything of a calculation by file name; that it was taken along is written in the trail."""
    require(subject, Permission.READ_OVERVIEW)
    with unit_of_work(subject, action="export calculation") as session:
        run = session.get(models.Run, run_id)
        if run is None:
            raise NotVisibleError("There is no such calculation, or you may not see it.")
        files = auditor_files(session, run)
        record_act(session, "export calculation", "run", run.id, reason="bundle for an auditor")
    return files


def party_bundle(subject: Subject, run_id: UUID) -> Files:
    """Return the own part of a published calculation by file name, for an organisation that took part in it."""
    with unit_of_work(OPERATOR) as session:
        run = session.get(models.Run, run_id)
        if run is None or run.state is not RunState.PUBLISHED:
            raise NotVisibleError("There is no such published calculation.")
        rows = session.scalars(select(models.Organisation).where(models.Organisation.id.in_(subject.organisations)))
        codes = frozenset(row.code for row in rows if row.data_set is run.data_set)
        files = party_files(session, run, Party(codes))
    if b'"records":[]' in files["records.json"]:
        raise NotAllowedError("Your organisation did not take part in this calculation.")
    with unit_of_work(subject) as session:
        record_act(
            session,
            "export calculation",
            "run",
            run_id,
            organisations=subject.organisations,
            reason="bundle for a party",
        )
    return files
