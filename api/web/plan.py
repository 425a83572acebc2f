"""The plan a reader may see, as pages ask for it."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from sqlalchemy.orm import Session

from api.dependencies import AnyoneDep
from registry.access.subject import Subject
from registry.database import act_as
from registry.matching.stored import read_stored, view_of
from registry.models import Run
from registry.queries.facilities import shown_data_set
from registry.queries.plan_view import PlanView
from registry.queries.runs import newest_checked_run
from registry.vocabulary.lifecycle import DataSet
from registry.vocabulary.roles import Role

SPECTATOR = Subject(None, frozenset({(Role.AUDITOR, None)}))
"""Reads and changes nothing: whoever looks at a rehearsal, where everything is invented."""


def current_plan(work: AnyoneDep) -> PlanView | None:
    """Return the newest checked plan the caller may see, None when there is none; a rehearsal's is for everybody."""
    data_set = shown_data_set(work.session)
    if data_set is DataSet.REHEARSAL:
        act_as(work.session, SPECTATOR)
    try:
        run_id = newest_checked_run(work.session, data_set)
        return None if run_id is None else _view(work.session, run_id)
    finally:
        act_as(work.session, work.subject)


KEPT = 4
_seen: dict[UUID, PlanView] = {}

PlanDep = Annotated[PlanView | None, Depends(current_plan, scope="function")]


def _view(session: Session, run_id: UUID) -> PlanView:
    """Return what there is to see of a run; its documents never change, so the newest few are kept."""
    view = _seen.get(run_id)
    if view is None:
        view = _seen[run_id] = view_of(read_stored(session, session.get_one(Run, run_id)))
        for forgotten in list(_seen)[:-KEPT]:
            _seen.pop(forgotten, None)
    return view
