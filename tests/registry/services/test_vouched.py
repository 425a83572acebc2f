"""A changed authorisation counts when QA made the change or has signed the record since; else nothing of it is known."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from registry.access.subject import OPERATOR, Subject
from registry.database import act_as, seal_trail, unit_of_work
from registry.matching.snapshot import legal
from registry.models import Authorisation, Membership, Request, ScopeLine
from registry.queries.vouched import not_vouched_for
from registry.services.facilities import Seen
from registry.services.licences import change_authorisation, record_authorisation
from registry.vocabulary.results import Status
from tests.registry.services.house import TODAY, House, house
from tests.registry.services.test_licences import licence_facts, sign
from tests.registry.services.test_renewal import asked, verdict

GENE_THERAPY: dict[str, str | None] = {"1.3.1.4": None}
LONG = date(2029, 1, 1)
RULES = ("authorisation-validity", "scope-codes")


def licensed() -> tuple[House, Request, Authorisation]:
    """A facility whose QA recorded a licence and signed, and a request that needs one."""
    with unit_of_work(OPERATOR) as session:
        here, request = house(session), asked(session)
    with unit_of_work(here.qa) as session:
        facts = replace(licence_facts(here), valid_to=date(2028, 1, 1), operations=GENE_THERAPY)
        licence = record_authorisation(session, here.qa, here.site.id, facts, today=TODAY)
        seal_trail(session)
        sign(session, here)
    return here, request, licence


def statuses(request: Request) -> list[Status]:
    """What the rules that read an authorisation say of it."""
    with unit_of_work(OPERATOR) as session:
        return [verdict(session, request, rule).status for rule in RULES]


def prolonged(subject: Subject, licence: Authorisation) -> None:
    """Somebody writes another end past the services."""
    with unit_of_work(subject) as session:
        session.get_one(Authorisation, licence.id).valid_to = LONG


def widened(subject: Subject, licence: Authorisation) -> None:
    """Somebody writes another wording beside a line of the scope past the services."""
    with unit_of_work(subject) as session:
        for line in session.scalars(select(ScopeLine).where(ScopeLine.authorisation_id == licence.id)):
            line.wording = "and more"


def unknown(here: House) -> frozenset[object]:
    with unit_of_work(OPERATOR) as session:
        return frozenset(not_vouched_for(session, [here.facility.id]))


def test_what_qa_recorded_and_changed_counts(committed: Engine) -> None:
    here, request, licence = licensed()
    assert statuses(request) == [Status.PASS, Status.PASS]
    with unit_of_work(here.qa) as session:
        facts = replace(licence_facts(here), valid_to=LONG, operations=GENE_THERAPY)
        change_authorisation(
            session,
            here.qa,
            Seen(licence.id, session.get_one(Authorisation, licence.id).version),
            facts,
            today=TODAY,
            reason="renewed",
        )
    assert statuses(request) == [Status.PASS, Status.PASS]


@pytest.mark.parametrize("change", [prolonged, widened])
@pytest.mark.parametrize("who", ["planner", "the machine"])
def test_what_somebody_else_changed_is_unknown_until_qa_signs(committed: Engine, change: object, who: str) -> None:
    here, request, licence = licensed()
    assert callable(change)
    change(here.planner if who == "planner" else OPERATOR, licence)
    assert unknown(here) == {licence.id}
    assert statuses(request) == [Status.UNKNOWN, Status.UNKNOWN]
    with unit_of_work(here.qa) as session:
        sign(session, here)
    assert unknown(here) == frozenset()
    assert statuses(request) == [Status.PASS, Status.PASS]


def test_who_was_qa_that_day_stands_for_it_afterwards_too(committed: Engine) -> None:
    here, _, licence = licensed()
    prolonged(here.qa, licence)
    assert unknown(here) == frozenset()
    ended(here, today=True)
    assert unknown(here) == {licence.id}
    ended(here, today=False)
    assert unknown(here) == frozenset()


def ended(here: House, *, today: bool) -> None:
    """End the role of QA on the day of the change, so that it was no longer held on it, or the day after."""
    with unit_of_work(OPERATOR) as session:
        changed = session.scalars(select(Authorisation.changed_at)).one().date()
        seat = session.scalars(select(Membership).where(Membership.person_id == here.qa.person)).one()
        seat.valid_to = changed if today else date.fromordinal(changed.toordinal() + 1)


def test_nobody_vouches_for_another_facility(committed: Engine) -> None:
    here, _, licence = licensed()
    with unit_of_work(OPERATOR) as session:
        other = house(session)
    prolonged(OPERATOR, licence)
    with unit_of_work(other.qa) as session:
        sign(session, other)
    assert unknown(here) == {licence.id}


def test_sabotage_without_the_look_a_planners_change_would_count(
    committed: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, request, licence = licensed()
    prolonged(here.planner, licence)

    def nobody(_session: Session, _facilities: object) -> frozenset[object]:
        return frozenset()

    monkeypatch.setattr(legal, "not_vouched_for", nobody)
    assert statuses(request) == [Status.PASS, Status.PASS]


def test_the_stamp_of_who_changed_a_row_cannot_be_written(committed: Engine) -> None:
    here, _, licence = licensed()
    with unit_of_work(here.planner) as session:
        row = session.get_one(Authorisation, licence.id)
        row.valid_to, row.changed_by, row.confirmed_by = LONG, here.qa.person, here.qa.person
    assert unknown(here) == {licence.id}
    with unit_of_work(OPERATOR) as session:
        act_as(session, OPERATOR)
        assert session.get_one(Authorisation, licence.id).changed_by == here.planner.person
