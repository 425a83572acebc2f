"""A rehearsal in the registry: what is stored gives back the same facts, and seeding twice changes nothing."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry import models
from registry.access.accounts import subject_named
from registry.matching.snapshot import take_snapshot
from registry.rehearsal import Rehearsal, build_rehearsal, read_facilities, read_trials
from registry.rehearsal.rules import SEED_DATA
from registry.seeding import seed_directory, seed_rehearsal, seed_vocabularies
from registry.vocabulary.lifecycle import DataSet
from registry.vocabulary.roles import Role

pytestmark = pytest.mark.database

PERSONS = {
    "planner": Role.PLANNER,
    "qa": Role.QA,
    "planner-b": Role.PLANNER,
    "developer": Role.DEVELOPER,
    "developer-b": Role.DEVELOPER,
    "coordinator": Role.COORDINATOR,
    "approver": Role.COORDINATOR,
    "delegate": Role.DELEGATE,
    "auditor": Role.AUDITOR,
    "administrator": Role.ADMINISTRATOR,
}


@pytest.fixture(scope="module")
def rehearsal() -> Rehearsal:
    """The rehearsal of the files that come with the software, as the demonstration makes it."""
    shipped = Path(SEED_DATA)
    facilities, trials = read_facilities(shipped / "directory.csv"), read_trials(shipped / "trials.csv")
    return build_rehearsal(facilities, trials, 0, date(2026, 11, 25))


def test_a_snapshot_gives_back_the_same_facts(session: Session, rehearsal: Rehearsal) -> None:
    assert seed_rehearsal(session, rehearsal) > 0
    facts = rehearsal.facts
    policy = models.Policy(
        code="rehearsal", number=1, title="", tiers=[dict(tier) for tier in facts.tiers], text_generated=""
    )

    read = take_snapshot(
        session,
        DataSet.REHEARSAL,
        policy,
        origin=facts.origin,
        horizon_weeks=facts.horizon_weeks,
        known_on=facts.known_on,
    )

    assert read.facilities == facts.facilities
    assert read.requests == facts.requests
    assert read == facts


def test_seeding_again_changes_nothing(session: Session, rehearsal: Rehearsal) -> None:
    first = [seed_vocabularies(session), seed_directory(session), seed_rehearsal(session, rehearsal)]
    assert all(first)

    assert [seed_vocabularies(session), seed_directory(session), seed_rehearsal(session, rehearsal)] == [0, 0, 0]


def test_the_directory_is_whole_and_confirms_nothing(session: Session) -> None:
    seed_directory(session)
    listed = select(models.Facility.id).where(models.Facility.data_set == DataSet.DIRECTORY)

    assert session.scalar(select(func.count()).select_from(listed.subquery())) == 129
    for model in (models.Authorisation, models.Confirmation, models.StartsStatement, models.Opening):
        claimed = select(func.count()).select_from(model).where(model.facility_id.in_(listed))
        assert session.scalar(claimed) == 0


def test_every_person_of_the_rehearsal_has_the_role_of_the_name(session: Session, rehearsal: Rehearsal) -> None:
    seed_rehearsal(session, rehearsal)

    assert {code: subject_named(session, code).roles for code in PERSONS} == {
        code: frozenset({role}) for code, role in PERSONS.items()
    }


def test_the_second_persons_belong_elsewhere_and_developers_own_requests(
    session: Session, rehearsal: Rehearsal
) -> None:
    seed_rehearsal(session, rehearsal)
    place = {code: subject_named(session, code).organisations for code in PERSONS}

    assert place["planner"] == place["qa"]
    assert place["planner"].isdisjoint(place["planner-b"])
    assert place["developer"].isdisjoint(place["developer-b"])
    assert place["delegate"]
    for code in ("developer", "developer-b"):
        owned = select(func.count()).where(models.Request.organisation_id.in_(place[code]))
        assert session.scalar(owned)


def test_vocabularies_name_their_source_and_mark_what_is_unconfirmed(session: Session) -> None:
    seed_vocabularies(session)
    terms = session.scalars(select(models.Term)).all()

    assert all(term.source for term in terms)
    codes = {term.code: term.confirmed for term in terms if term.vocabulary == "operation_codes"}
    assert codes["1.6.1"]
    assert not codes["1.3.1.4"]
