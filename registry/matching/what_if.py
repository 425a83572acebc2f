"""What would change the answer of requests that wait: worked out once a calculation is checked, and kept with it.

It takes up to some seconds a request, so it is done by the worker after the plan is kept, never while somebody waits for
an answer, and within a time. Each change is proved by solving again, and its proof is kept: whoever tells of it checks it.
"""

import hashlib
import time
from functools import cache
from uuid import UUID

import structlog
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import func, select

from matcher.explain.explaining import Explainer, WhatIf
from registry import models
from registry.access.subject import OPERATOR
from registry.database import unit_of_work
from registry.matching.catalogue import RulesChangedError, check_rules
from registry.matching.days import read_days
from registry.matching.documents import canonical
from registry.matching.explainer import explainer_of
from registry.services.auditing import record_act
from registry.vocabulary.lifecycle import RunState

log = structlog.get_logger()

TOLD = (RunState.CHECKED, RunState.PUBLISHED)
"""Only what passed the independent check is explained."""

SECONDS = 120.0
"""How long a calculation's what-ifs may take; requests that are left then have none."""

MOST_BATCHES = 3_000
"""Batches of a round up to which what-ifs are worked out."""


class SpoiledWhatIfError(ValueError):
    """What was kept cannot be read."""


def work_out(run_id: UUID, *, seconds: float = SECONDS) -> int:
    """Work out and keep what would change the answers of a checked calculation; return for how many requests.

    None for a calculation that was not checked, that has what-ifs already, that is too large, or that other rules judged.
    """
    explainer = _to_work_out(run_id)
    if explainer is None or sum(len(one.batches) for one in explainer.done.problem.requests) > MOST_BATCHES:
        return 0
    until = time.monotonic() + seconds
    found = explainer.what_if(lambda: time.monotonic() < until)
    waiting = len(explainer.waiting())
    with unit_of_work(OPERATOR, action="keep what-ifs") as session:
        for request, what_if in found.items():
            document = canonical(what_if)
            digest = hashlib.sha256(document).hexdigest()
            session.add(models.WhatIf(run_id=run_id, request=request, document=document, sha256=digest))
        record_act(session, "keep what-ifs", "run", run_id, reason=f"{len(found)} of {waiting} waiting requests")
    return len(found)


def _to_work_out(run_id: UUID) -> Explainer | None:
    with unit_of_work(OPERATOR) as session:
        run = session.get_one(models.Run, run_id)
        known = session.scalar(select(func.count()).where(models.WhatIf.run_id == run_id))
        if run.state not in TOLD or known or run.facts is None or run.outcome is None:
            return None
        parts = dict(run.manifest), run.facts, run.outcome, read_days(run.summary)
    try:
        check_rules(parts[0])
        return explainer_of(*parts)
    except RulesChangedError:
        log.warning("what-ifs not worked out: the rules have changed", run=str(run_id))
        return None


def what_if_of(run_id: UUID, request: str) -> WhatIf | None:
    """Return what was kept for one request, by its code in the calculation, None where nothing was.

    Raises SpoiledWhatIfError when it cannot be read; that the document has its hash, the database holds.
    """
    with unit_of_work(OPERATOR) as session:
        row = session.scalars(
            select(models.WhatIf).where(models.WhatIf.run_id == run_id, models.WhatIf.request == request)
        ).one_or_none()
    return None if row is None else read_what_if(row)


def read_what_if(row: models.WhatIf) -> WhatIf:
    """Return what a row holds; raises SpoiledWhatIfError when it cannot be read."""
    try:
        return _adapter().validate_json(row.document)
    except ValidationError as error:
        raise SpoiledWhatIfError("What was kept of what would change the answer cannot be read.") from error


@cache
def _adapter() -> TypeAdapter[WhatIf]:
    return TypeAdapter(WhatIf)
