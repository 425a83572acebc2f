"""What would change an answer is worked out after a calculation, kept with it, and told to each party for its own side."""

import hashlib
from uuid import UUID

import pytest
from sqlalchemy import Engine, make_url, select, text

from matcher.explain.changes import Counterfactual
from matcher.explain.explaining import Calculated, explain_all
from matcher.outcome import SolveOptions
from registry import database, tasks
from registry.access.subject import OPERATOR, Subject
from registry.database import unit_of_work
from registry.errors import BrokenRuleError, DomainError
from registry.matching.days import read_days
from registry.matching.disclosure import released
from registry.matching.documents import canonical
from registry.matching.explainer import explainer_of
from registry.matching.explanation import Explanation, Reader
from registry.matching.publishing import publish
from registry.matching.runs import execute
from registry.matching.telling import WithheldError, explanation_told, letter_told
from registry.matching.what_if import what_if_of, work_out
from registry.models import AuditEvent, Organisation, Request, Run, WhatIf
from registry.vocabulary.roles import Role
from tests.registry.matching.small import REASON, Small, publication_proof, small, stored
from tests.registry.services.house import member

pytestmark = [pytest.mark.database, pytest.mark.xdist_group("calculations")]


def calculated(run: UUID) -> Calculated:
    """A stored calculation, ready to be explained."""
    row = stored(run)
    return explainer_of(row.manifest, row.facts or b"", row.outcome or b"", read_days(row.summary)).done


def kept(run: UUID) -> dict[str, WhatIf]:
    """The rows of a calculation, by the code of their request."""
    with unit_of_work(OPERATOR) as session:
        return {row.request: row for row in session.scalars(select(WhatIf).where(WhatIf.run_id == run))}


def changes(run: UUID, code: str) -> tuple[Counterfactual, ...]:
    found = what_if_of(run, code)
    return () if found is None else found.counterfactuals


def one_waiting(run: UUID) -> tuple[str, UUID, Subject]:
    """A request that some change would help, its key, and a developer of its sponsor."""
    code = next(code for code in sorted(kept(run)) if changes(run, code))
    with unit_of_work(OPERATOR) as session:
        request = session.scalars(select(Request).where(Request.code == code)).one()
        return code, request.id, member(session, Role.DEVELOPER, session.get_one(Organisation, request.organisation_id))


def published(world: Small) -> None:
    publish(world.approver, world.run, publication_proof(world.approver, world.run), reason=REASON)


def as_owner(world: Small, document: bytes) -> None:
    """Write over every what-if of a run, as nobody but the owner of the database can."""
    with database.owner_engine(make_url(database.owner_url())).begin() as connection:
        connection.execute(text("alter table what_if no force row level security"))
        connection.execute(
            text("update what_if set document = :document, sha256 = :sha256 where run_id = :run"),
            {"document": document, "sha256": hashlib.sha256(document).hexdigest(), "run": world.run},
        )


def test_what_is_kept_is_what_solving_again_finds(world: Small) -> None:
    number = work_out(world.run)
    rows = kept(world.run)
    explained = explain_all(calculated(world.run)).items()
    waiting = {name: one.what_if for name, one in explained if one.placed < one.asked and one.what_if.tried}
    assert number == len(rows) == len(waiting) > 0
    for name, what_if in waiting.items():
        assert what_if_of(world.run, name) == what_if
        assert rows[name].sha256 == hashlib.sha256(canonical(what_if)).hexdigest()
    assert any(what_if.counterfactuals for what_if in waiting.values())


def test_it_is_worked_out_once_and_the_trail_has_the_hashes(world: Small) -> None:
    number = work_out(world.run)
    assert work_out(world.run) == 0
    with unit_of_work(OPERATOR) as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.record_type == "what_if")).all()
        hashes = {event.new["sha256"] for event in events if event.new}
        assert all("document" not in (event.new or {}) for event in events)
    assert len(kept(world.run)) == number
    assert hashes == {row.sha256 for row in kept(world.run).values()}


def test_nothing_is_begun_when_the_time_is_over_or_nothing_was_checked(world: Small, waiting: Small) -> None:
    assert work_out(world.run, seconds=0.0) == 0
    assert work_out(waiting.run) == 0
    assert kept(world.run) == kept(waiting.run) == {}


def test_a_coordinator_and_the_requester_read_what_would_help(world: Small) -> None:
    work_out(world.run)
    code, request, sponsor = one_waiting(world.run)
    published(world)
    whole = explanation_told(world.coordinator, world.run, request)
    own = explanation_told(sponsor, world.run, request)
    assert whole.tried
    assert own.tried
    assert len(whole.changes) == len(changes(world.run, code)) > 0
    assert [one for one in whole.changes if one.side == "sponsor"] == list(own.changes)
    fresh = explain_all(calculated(world.run))[code]
    assert whole == released(calculated(world.run), fresh, Reader.COORDINATOR)
    assert letter_told(sponsor, world.run, request, calculated(world.run).facts.known_on)


def test_without_what_ifs_an_explanation_says_that_nothing_was_tried(world: Small) -> None:
    with unit_of_work(OPERATOR) as session:
        request = session.scalars(select(Request).where(Request.code == "R1")).one().id
    told = explanation_told(world.coordinator, world.run, request)
    assert (told.tried, told.changes, told.earliest) == (False, (), None)


def test_nobody_but_the_machine_reads_the_rows_and_nobody_changes_them(world: Small) -> None:
    work_out(world.run)
    for subject in (world.coordinator, world.approver):
        with unit_of_work(subject) as session:
            assert session.scalars(select(WhatIf)).all() == []
    with pytest.raises(DomainError), unit_of_work(OPERATOR) as session:
        session.execute(text("update what_if set request = 'R9'"))


@pytest.mark.parametrize("lie", [b'{"fits": "many"}', b"no JSON"])
def test_sabotage_what_cannot_be_read_is_withheld(world: Small, lie: bytes) -> None:
    work_out(world.run)
    _, request, _ = one_waiting(world.run)
    as_owner(world, lie)
    with pytest.raises(WithheldError):
        explanation_told(world.coordinator, world.run, request)


def test_sabotage_a_change_that_was_not_proved_is_withheld(world: Small) -> None:
    work_out(world.run)
    code, request, _ = one_waiting(world.run)
    assert isinstance(explanation_told(world.coordinator, world.run, request), Explanation)
    honest = kept(world.run)[code].document
    starts = changes(world.run, code)[0].starts
    as_owner(world, honest.replace(b'"starts":%d' % starts, b'"starts":%d' % (starts + 1)))
    with pytest.raises(WithheldError):
        explanation_told(world.coordinator, world.run, request)


def test_a_hash_that_is_not_of_its_document_is_refused(world: Small) -> None:
    with pytest.raises(BrokenRuleError), unit_of_work(OPERATOR) as session:
        session.add(WhatIf(run_id=world.run, request="R1", document=b"{}", sha256="0" * 64))


@pytest.mark.xdist_group("queue")
def test_a_worker_works_them_out_in_the_same_job(committed: Engine) -> None:
    world = small()
    with unit_of_work(world.coordinator) as session:
        tasks.enqueue_run(session, session.get_one(Run, world.run), 1)
    tasks.work(until_empty=True)
    assert kept(world.run)


@pytest.mark.xdist_group("queue")
def test_a_calculation_made_without_the_queue_gets_them_from_a_worker(committed: Engine) -> None:
    world = small()
    execute(world.coordinator, world.run, SolveOptions(effort=1))
    tasks.ask_what_would_help(world.run)
    assert kept(world.run) == {}
    tasks.work(until_empty=True)
    assert kept(world.run)
