"""What a facility could have changed so that more could have been placed with it: told to its own people, naming nobody.

Each change was worked out for a request that waits, and is proved again before it is told. A facility reads neither which
request that is nor how many there are: only what would have been needed of itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.explain.changes import Change, Counterfactual, Side, rank
from matcher.explain.checking import proves
from matcher.weeks import Weeks
from registry import models
from registry.access import visibility
from registry.access.subject import OPERATOR, Subject
from registry.database import unit_of_work
from registry.errors import NotVisibleError
from registry.matching.explanation import Strict
from registry.matching.readers import reads_own
from registry.matching.texts import texts
from registry.matching.what_if import TOLD, SpoiledWhatIfError, read_what_if
from registry.services.auditing import record_act
from registry.vocabulary.lifecycle import RunState

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class FacilityChange(Strict):
    """One change of the facility's side that was proved to help; `weeks` are Mondays of weeks its limit would be wider in."""

    kind: str
    amount: int
    weeks: tuple[date, ...]
    detail: str
    text: str
    effect: str


@dataclass(frozen=True, slots=True)
class FacilityChanges(Strict):
    """What would have helped at one facility, smallest change first; `tried` is false where nothing was worked out."""

    tried: bool
    changes: tuple[FacilityChange, ...]


def changes_told(subject: Subject, run_id: UUID, facility_id: UUID, language: str = "en") -> FacilityChanges:
    """Return what a facility could have changed: overseers once a calculation is checked, its own people once published.

    Raises NotVisibleError for everybody else.
    """
    with unit_of_work(subject, action="read facility changes") as session:
        facility = session.scalars(
            select(models.Facility).where(
                visibility.inside_facility(subject, models.Facility), models.Facility.id == facility_id
            )
        ).one_or_none()
        own = None if facility is None else reads_own(session, subject, facility)
        if facility is None or own is None:
            raise _nothing()
    with unit_of_work(OPERATOR) as session:
        held, rows = _kept(session, run_id, facility, (RunState.PUBLISHED,) if own else TOLD)
    weeks = Weeks(held.origin, held.horizon_weeks)
    told = {_key(one.change): one for one in sorted(_proved(run_id, rows, facility.code), key=rank, reverse=True)}
    found = sorted(told.values(), key=lambda one: (one.change.size, _key(one.change)))
    return FacilityChanges(bool(rows), tuple(_told(one.change, weeks, facility.name, language) for one in found))


def _kept(
    session: Session, run_id: UUID, facility: models.Facility, states: tuple[RunState, ...]
) -> tuple[models.Round, list[models.WhatIf]]:
    held = session.scalars(
        select(models.Round)
        .join(models.Run, models.Run.round_id == models.Round.id)
        .where(models.Run.id == run_id, models.Run.data_set == facility.data_set, models.Run.state.in_(states))
    ).one_or_none()
    if held is None:
        raise _nothing()
    rows = session.scalars(select(models.WhatIf).where(models.WhatIf.run_id == run_id).order_by(models.WhatIf.request))
    return held, list(rows)


def _proved(run_id: UUID, rows: list[models.WhatIf], facility: str) -> Iterator[Counterfactual]:
    """The changes at one facility that hold when they are looked at again; the others are reported."""
    for row in rows:
        try:
            found = read_what_if(row).counterfactuals
        except SpoiledWhatIfError:
            _report(run_id, row)
            continue
        for one in found:
            if one.change.side is Side.FACILITY and one.change.facility == facility:
                if proves(one):
                    yield one
                else:
                    _report(run_id, row)


def _report(run_id: UUID, row: models.WhatIf) -> None:
    log.error("change at a facility withheld", run=str(run_id))
    with unit_of_work(OPERATOR, action="withhold change") as session:
        record_act(session, "withhold change", "run", run_id, reason=f"request {row.request}: a change is not proved")


def _key(change: Change) -> tuple[str, int, tuple[int, ...], str]:
    return change.kind.value, change.amount, change.weeks, change.detail


def _told(change: Change, weeks: Weeks, facility: str, language: str) -> FacilityChange:
    words = texts(language)
    return FacilityChange(
        kind=change.kind.value,
        amount=change.amount,
        weeks=tuple(weeks.day(week) for week in change.weeks),
        detail=change.detail,
        text=words.say("changes", change.kind.value, facility=facility, detail=change.detail),
        effect=words.say("meanings", "at-the-facility"),
    )


def _nothing() -> NotVisibleError:
    return NotVisibleError("There is nothing about this facility and calculation, or you may not see it.")
