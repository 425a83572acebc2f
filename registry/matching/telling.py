"""What a calculation says about a request, told to whoever asks: overseers with names, the requester masked.

Nothing is solved here: what would change an answer was worked out by the worker and kept with the calculation; the proof
of each change is checked before it is told. An explanation that is not true, or names somebody it must not name, is
withheld, and that is written in the trail. Rules that have changed since do not speak for the calculation: every telling
then raises RulesChangedError.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from threading import Lock
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import select, true
from sqlalchemy.orm import Session

from matcher.explain.explaining import Explainer
from registry import models
from registry.access import visibility
from registry.access.subject import OPERATOR, Subject
from registry.database import unit_of_work
from registry.errors import DomainError, NotVisibleError
from registry.matching.catalogue import check_rules
from registry.matching.days import PlanDays, read_days
from registry.matching.disclosure import Withheld, candidates_of, released
from registry.matching.explainer import explainer_of
from registry.matching.explanation import Explanation, Reader
from registry.matching.explanations import facilities_named
from registry.matching.letters import Letter, occasion_of, outcome_letter
from registry.matching.readers import reads_own
from registry.matching.what_if import TOLD, SpoiledWhatIfError, what_if_of
from registry.services.auditing import record_act
from registry.vocabulary.lifecycle import DataSet, RunState

log = structlog.get_logger()

KEPT = 2
_explaining = Lock()


class WithheldError(DomainError):
    """The explanation does not hold, or names somebody it must not name."""

    code = "withheld"


@dataclass(frozen=True, slots=True)
class _Documents:
    """What was frozen, what came out, what it rested on, and what a letter says of the round."""

    run: UUID
    manifest: Mapping[str, Any] = field(compare=False)
    facts: bytes
    outcome: bytes
    days: PlanDays
    round: str
    published_on: date | None


def requests_told(subject: Subject, run_id: UUID) -> Sequence[str]:
    """Return the codes of every request of a calculation, in their sequence, for overseers."""
    found = _documents(subject, run_id)
    return tuple(sorted(request.id for request in _explainer(found).done.facts.requests))


def explanations_told(subject: Subject, run_id: UUID, codes: Sequence[str]) -> list[Explanation | Withheld]:
    """Return what an overseer is told about the named requests of a calculation; each is written down as read."""
    found = _documents(subject, run_id)
    told = [_released(found, code, Reader.COORDINATOR) for code in codes]
    with unit_of_work(subject, action="read explanations") as session:
        for one in told:
            if isinstance(one, Withheld):
                _report(session, run_id, one)
        record_act(session, "read", "run", run_id, reason=f"explanations of {len(told)} requests")
    return told


def explanation_told(subject: Subject, run_id: UUID, request_id: UUID) -> Explanation:
    """Return what the subject is told about one request: overseers any, its own people once it is published.

    Raises NotVisibleError for everybody else and WithheldError for one that does not hold.
    """
    return _told(subject, run_id, request_id)[0]


def letter_told(subject: Subject, run_id: UUID, request_id: UUID, today: date) -> Letter:
    """Return the outcome letter about one request, as its requester reads it; raises as `explanation_told`."""
    explanation, found, _ = _told(subject, run_id, request_id, Reader.REQUESTER)
    known_on = _explainer(found).done.facts.known_on
    return outcome_letter(explanation, occasion_of(found.round, run_id, known_on, found.published_on, today))


def facilities_told(subject: Subject, run_id: UUID, request_id: UUID) -> Mapping[str, UUID]:
    """Return the facility behind each name of an explanation the subject is told, for calls about it; raises likewise."""
    explanation, found, data_set = _told(subject, run_id, request_id)
    with _explaining:
        explainer = _explainer(found)
        explained = explainer.explain(explanation.request, what_if_of(found.run, explanation.request))
        candidates = candidates_of(explainer.done, explanation.request)
        codes = facilities_named(explainer.done.facts, explained, candidates, explanation.reader)
    with unit_of_work(OPERATOR) as session:
        found_keys = session.execute(
            select(models.Facility.code, models.Facility.id).where(
                models.Facility.data_set == data_set, models.Facility.code.in_(codes.values())
            )
        )
        keys = {row.code: row.id for row in found_keys}
    return {name: keys[code] for name, code in codes.items() if code in keys}


def _told(
    subject: Subject, run_id: UUID, request_id: UUID, as_reader: Reader | None = None
) -> tuple[Explanation, _Documents, DataSet]:
    with unit_of_work(subject, action="read explanation") as session:
        request = session.scalars(
            select(models.Request).where(visibility.requests(subject), models.Request.id == request_id)
        ).one_or_none()
        own = None if request is None else reads_own(session, subject, request)
        if request is None or own is None:
            raise _nothing()
    found = _documents(OPERATOR if own else subject, run_id, of=request.data_set, published=own)
    reader = as_reader or (Reader.REQUESTER if own else Reader.COORDINATOR)
    told = _released(found, request.code, reader)
    if isinstance(told, Withheld):
        with unit_of_work(OPERATOR, action="withhold explanation") as session:
            _report(session, run_id, told)
        raise WithheldError("This explanation is withheld: it did not pass its own check.", "Ask the coordinator.")
    return told, found, request.data_set


def _released(found: _Documents, code: str, reader: Reader) -> Explanation | Withheld:
    with _explaining:
        explainer = _explainer(found)
        if all(request.id != code for request in explainer.done.facts.requests):
            raise _nothing()
        try:
            what_if = what_if_of(found.run, code)
        except SpoiledWhatIfError as spoiled:
            return Withheld(code, reader, (str(spoiled),))
        return released(explainer.done, explainer.explain(code, what_if), reader)


def _documents(reader: Subject, run_id: UUID, *, of: DataSet | None = None, published: bool = False) -> _Documents:
    """Read the documents of a calculation that the reader may see and that was checked, or published if only that counts.

    A request is found in them by its code, and the same code may stand in another data set: `of` is the request's own.
    """
    states = (RunState.PUBLISHED,) if published else TOLD
    same = true() if of is None else models.Run.data_set == of
    with unit_of_work(reader) as session:
        row = session.execute(
            select(
                models.Run.manifest,
                models.Run.facts,
                models.Run.outcome,
                models.Run.summary,
                models.Round.code,
                models.Run.published_at,
            )
            .join(models.Round, models.Round.id == models.Run.round_id)
            .where(visibility.runs(reader), models.Run.id == run_id, models.Run.state.in_(states), same)
        ).one_or_none()
    if row is None or row.facts is None or row.outcome is None:
        raise _nothing()
    published_on = None if row.published_at is None else row.published_at.date()
    check_rules(row.manifest)
    return _Documents(run_id, row.manifest, row.facts, row.outcome, read_days(row.summary), row.code, published_on)


@lru_cache(maxsize=KEPT)
def _explainer(found: _Documents) -> Explainer:
    """Prepare a stored calculation once for the questions that follow; raises RulesChangedError.

    That is when its frozen facts no longer give the problem that was solved.
    """
    return explainer_of(found.manifest, found.facts, found.outcome, found.days)


def _report(session: Session, run_id: UUID, withheld: Withheld) -> None:
    log.error("explanation withheld", run=str(run_id), reader=withheld.reader.value, faults=len(withheld.faults))
    reason = f"request {withheld.request}, for the {withheld.reader.value}: {'; '.join(withheld.faults)}"
    record_act(session, "withhold explanation", "run", run_id, reason=reason[:2000])


def _nothing() -> NotVisibleError:
    return NotVisibleError("There is no such explanation, or you may not see it.")
