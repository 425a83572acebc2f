"""A checked calculation made official by a signature, taken along as a folder, and laid beside another."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from api.allowed_calculations import runs_shown
from api.dependencies import SignedInDep, allowed_to
from api.headers import request_id_of
from api.idempotency import OnceDep
from api.preconditions import VersionDep, check_version, tag
from api.problems import CHANGING, READING, answers
from api.schemas.publishing import DifferenceShown, Publication, Publishing
from api.schemas.runs import RunLine
from api.seen import SeenRun, seen_run
from api.signing import prove
from registry import models
from registry.access.permissions import Permission
from registry.database import act_as
from registry.errors import NotVisibleError
from registry.matching.bundling import auditor_bundle, party_bundle
from registry.matching.difference import difference
from registry.matching.publishing import RECORD, StaleRunError, mark_stale, publication_content, publish_within
from registry.matching.replay import kept_of
from registry.queries.runs import one_run
from registry.services.signatures import content_sha256, signatures_of

router = APIRouter(tags=["runs"])
Publisher = Depends(allowed_to(Permission.PUBLISH_RUN), scope="function")
Overseeing = Depends(allowed_to(Permission.READ_OVERVIEW), scope="function")
LONG_AGO = (1980, 1, 1, 0, 0, 0)
FOLDER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The folder as a ZIP file.",
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get(
    "/runs/{run_id}/publication", responses=answers(*READING, "not-allowed"), dependencies=[SeenRun, Overseeing]
)
def read_publication(run_id: UUID, work: SignedInDep, response: Response) -> Publication:
    """Read what is signed when a calculation is published, with its hash and the signatures on it."""
    run = _run(work.session, work.subject, run_id)
    tag(response, run.version)
    content = publication_content(work.session, run)
    signed = signatures_of(work.session, RECORD, run.id, content)
    return Publication(
        content=dict(content), content_sha256=content_sha256(content), signatures=[asdict(one) for one in signed]
    )


@router.post(
    "/runs/{run_id}/publish",
    response_model=RunLine,
    responses=answers(*CHANGING, "too-many-attempts"),
    dependencies=[SeenRun, Publisher],
)
def publish_run(request: Request, run_id: UUID, body: Publishing, once: OnceDep, seen: VersionDep) -> Response:
    """Publish a checked calculation of a closed round with a signature on what was shown.

    Refused without the independent check's passing report, to whoever started it or belongs to one of its parties, and
    when facts have changed since they were frozen.
    """
    work = once.work

    def make() -> RunLine:
        check_version(seen, _run(work.session, work.subject, run_id).version)
        proof = prove(request, work, body.password, body.content_sha256)
        told = request_id_of(request)
        try:
            publish_within(work.session, work.subject, run_id, proof, reason=body.reason, correlation=told)
        except StaleRunError as stale:
            work.session.rollback()
            mark_stale(work.subject, run_id, stale, correlation=told)
            raise
        return runs_shown(work.session, work.subject, [_run(work.session, work.subject, run_id)])[0]

    return once.answer(body.without_secrets(), make, status=200)


@router.get(
    "/runs/{run_id}/bundle",
    response_class=Response,
    responses={**FOLDER, **answers(*READING, "not-allowed", "rules-changed")},
)
def take_bundle(
    request: Request,
    run_id: UUID,
    work: SignedInDep,
    reader: Annotated[Literal["auditor", "party"], Query(alias="for", description="Everything, or the own part.")],
) -> Response:
    """Take a calculation along: overseers all of it, a party its own part once it is published."""
    if reader == "auditor":
        seen_run(run_id, work)
    files = auditor_bundle(work.subject, run_id) if reader == "auditor" else party_bundle(work.subject, run_id)
    act_as(work.session, work.subject, correlation=request_id_of(request))
    name = f"calculation-{run_id}-{reader}.zip"
    return Response(
        packed(files), media_type="application/zip", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@router.get(
    "/runs/{run_id}/difference/{other_id}",
    responses=answers(*READING, "not-allowed"),
    dependencies=[SeenRun, Overseeing],
)
def compare_runs(run_id: UUID, other_id: UUID, work: SignedInDep) -> DifferenceShown:
    """Lay two calculations side by side: what is placed otherwise, and what was different that may be why."""
    first, second = (kept_of(work.session, _run(work.session, work.subject, key)) for key in (run_id, other_id))
    found = difference(first, second)
    return DifferenceShown.model_validate({**asdict(found), "same": found.same, "unexplained": found.unexplained})


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return files as one ZIP, the same bytes for the same files."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, data in sorted(files.items()):
            folder.writestr(zipfile.ZipInfo(name, LONG_AGO), data, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _run(session: Any, subject: Any, run_id: UUID) -> models.Run:
    run = one_run(session, subject, run_id)
    if run is None:
        raise NotVisibleError("There is no such calculation.")
    return run
