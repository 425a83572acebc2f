"""How old the calendars were that a calculation rested on, as its frozen facts say."""

import json
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import Facility, Organisation, Run
from registry.vocabulary.facilities import Freshness, Rhythm, freshness_of
from registry.vocabulary.lifecycle import DataSet
from registry.vocabulary.roles import Role

FEWEST_ORGANISATIONS = 5
"""Of fewer, figures of them all are told to nobody outside."""


@dataclass(frozen=True, slots=True)
class FacilityAge:
    """The last confirmation of a calendar before a calculation, and its age on the day of the snapshot.

    `age_days` counts no day on which the facility was declared closed. Day, age and state are None where nothing was
    ever confirmed. `organisation_id` None: the facility is no longer recorded.
    """

    facility: str
    organisation_id: UUID | None
    rhythm: Rhythm
    confirmed_on: date | None
    age_days: int | None
    state: Freshness | None


@dataclass(frozen=True, slots=True)
class AgeSummary:
    """All calendars of a calculation together: `oldest_days` and `median_days` of those that took part.

    `excluded` were so stale that the calculation did without them, `never_confirmed` nobody ever confirmed.
    """

    facilities: int
    oldest_on: date | None
    oldest_days: int | None
    median_days: float | None
    excluded: int
    never_confirmed: int


@dataclass(frozen=True, slots=True)
class DataAge:
    """How old the data of a calculation was on `known_on`, the day of its snapshot.

    `facilities` in the sequence of their names, as far as the reader may know; `summary` None where so few took part
    that it would tell of one of them.
    """

    run_id: UUID
    known_on: date
    summary: AgeSummary | None
    facilities: tuple[FacilityAge, ...]


def data_age(session: Session, subject: Subject, run_id: UUID) -> DataAge | None:
    """Return how old the data of a calculation was; None when the session sees no such calculation or no snapshot.

    Overseers read every facility, a facility's own people (and delegates of its network) their own line, every other
    account the summary only, and nobody unknown anything.
    """
    row = session.execute(select(Run.facts, Run.data_set).where(Run.id == run_id)).one_or_none()
    if row is None or row.facts is None or subject.person is None:
        return None
    document = json.loads(row.facts)
    known_on = date.fromisoformat(document["known_on"])
    owners = _owners(session, row.data_set)
    lines = [_age(facility, owners, known_on) for facility in document["facilities"]]
    whole = DataAge(run_id, known_on, _summary(lines), tuple(sorted(lines, key=lambda line: line.facility)))
    return as_told(subject, whole, organisations=len({facility["organisation"] for facility in document["facilities"]}))


def as_told(subject: Subject, age: DataAge, *, organisations: int) -> DataAge:
    """Return what a subject may know of it, of a calculation with facilities of so many organisations."""
    if subject.is_any(Role.COORDINATOR, Role.AUDITOR, Role.OPERATOR):
        return age
    own = tuple(line for line in age.facilities if line.organisation_id in subject.organisations)
    return replace(age, summary=age.summary if organisations >= FEWEST_ORGANISATIONS else None, facilities=own)


def sees_run(session: Session, subject: Subject, run_id: UUID) -> bool:
    """Whether the subject may read a calculation itself."""
    return session.scalar(select(Run.id).where(visibility.runs(subject), Run.id == run_id)) is not None


def _owners(session: Session, data_set: DataSet) -> dict[str, UUID]:
    question = select(Facility.code, Organisation.id).join(Organisation, Organisation.id == Facility.organisation_id)
    return {row.code: row.id for row in session.execute(question.where(Facility.data_set == data_set))}


def _age(facility: dict[str, Any], owners: dict[str, UUID], known_on: date) -> FacilityAge:
    rhythm, text = Rhythm(facility["rhythm"]), facility["calendar_confirmed_on"]
    owner = owners.get(facility["id"])
    if text is None:
        return FacilityAge(facility["label"], owner, rhythm, None, None, None)
    confirmed = date.fromisoformat(text)
    age = max(0, (known_on - confirmed).days - facility["calendar_clock_stopped_days"])
    return FacilityAge(facility["label"], owner, rhythm, confirmed, age, freshness_of(rhythm, age))


def _summary(lines: list[FacilityAge]) -> AgeSummary:
    states = Counter(line.state for line in lines)
    used = [line for line in lines if line.state not in (None, Freshness.EXCLUDED)]
    ages = [line.age_days for line in used if line.age_days is not None]
    days = [line.confirmed_on for line in used if line.confirmed_on is not None]
    return AgeSummary(
        facilities=len(lines),
        oldest_on=min(days, default=None),
        oldest_days=max(ages, default=None),
        median_days=median(ages) if ages else None,
        excluded=states[Freshness.EXCLUDED],
        never_confirmed=states[None],
    )
