"""Competence: QA only, words of the vocabulary, the smallest that is allowed and the nearest that is not."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.access.subject import ANONYMOUS, OrganisationId, Subject
from registry.errors import InvalidInputError, NotAllowedError, NotVisibleError, StaleVersionError
from registry.models import AuditEvent, ProcessExperience, QcMethod, QpCover
from registry.queries.attestation import legal_record
from registry.queries.premises import one_record
from registry.seeding import seed_vocabularies
from registry.services.competence import (
    NOT_RECORDED,
    change_competence,
    record_competence,
    remove_competence,
    set_qp_cover,
)
from registry.services.competence_facts import Competence, ExperienceFacts, MethodFacts, QpCoverFacts
from registry.services.cover_told import told_cover
from registry.services.facilities import Seen
from registry.services.history import as_known_on
from registry.vocabulary.lifecycle import Publication
from registry.vocabulary.products import ProductClass
from registry.vocabulary.roles import Role
from tests.registry.services.house import REASON, TODAY, House, acting, events_after, house, last_event, member

EXPERIENCE = ExperienceFacts("til", "static_expansion", 12, date(2026, 3, 2), as_contractor=True)
METHOD = MethodFacts("mycoplasma", in_house=False, contracted_to="A laboratory", result_days=7)
COVER = QpCoverFacts((ProductClass.TEP,), here=True, absence_cover=True, names=("Q. Person",), valid_to=TODAY)
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def here(session: Session) -> House:
    made = house(session)
    seed_vocabularies(session)
    acting(session, made.qa)
    return made


def first(here: House) -> Seen:
    return Seen(here.facility.id, NOT_RECORDED)


@pytest.mark.parametrize("facts", [EXPERIENCE, METHOD])
def test_recorded_changed_and_taken_back_each_an_event(session: Session, here: House, facts: Competence) -> None:
    before = last_event(session)
    acting(session, here.qa)
    row = record_competence(session, here.qa, here.facility.id, facts, today=TODAY, reason="from the files")
    assert (row.confirmed_by, row.confirmed_on, row.version) == (here.qa.person, TODAY, 1)
    changed = change_competence(session, here.qa, Seen(row.id, 1), facts, today=TOMORROW, reason=REASON)
    assert (changed.confirmed_on, changed.version) == (TOMORROW, 2)
    remove_competence(session, here.qa, type(row), Seen(row.id, 2), reason="by mistake")
    assert session.scalars(select(type(row))).all() == []
    verbs = [event.action.partition(" ")[0] for event in events_after(session, before)]
    assert verbs == ["record", "change", "remove"]


@pytest.mark.parametrize(
    "facts",
    [
        ExperienceFacts("til"),
        replace(EXPERIENCE, batches_made=1),
        replace(EXPERIENCE, batches_made=0, last_on=None),
        replace(EXPERIENCE, last_on=TODAY),
        replace(EXPERIENCE, batches_made=None, last_on=TODAY),
        MethodFacts("sterility"),
        replace(METHOD, result_days=0),
        replace(METHOD, in_house=True, contracted_to=None),
    ],
)
def test_what_can_be(session: Session, here: House, facts: Competence) -> None:
    assert record_competence(session, here.qa, here.facility.id, facts, today=TODAY).version == 1


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (ExperienceFacts("til2"), "family"),
        (ExperienceFacts(""), "family"),
        (replace(EXPERIENCE, platform="static"), "platform"),
        (replace(EXPERIENCE, batches_made=-1), "batches_made"),
        (replace(EXPERIENCE, batches_made=0), "last_on"),
        (replace(EXPERIENCE, last_on=TOMORROW), "last_on"),
        (MethodFacts("sterile"), "method"),
        (replace(METHOD, result_days=-1), "result_days"),
        (replace(METHOD, in_house=True), "contracted_to"),
        (replace(METHOD, in_house=None), "contracted_to"),
        (replace(METHOD, contracted_to=" "), "contracted_to"),
    ],
)
def test_what_cannot_be(session: Session, here: House, facts: Competence, field: str) -> None:
    with pytest.raises(InvalidInputError, match=field):
        record_competence(session, here.qa, here.facility.id, facts, today=TODAY)


def test_every_fault_at_once(session: Session, here: House) -> None:
    wrong = ExperienceFacts("no", "neither", -1, TOMORROW)
    with pytest.raises(InvalidInputError) as refusal:
        record_competence(session, here.qa, here.facility.id, wrong, today=TODAY)
    fields = [fault.partition(":")[0] for fault in refusal.value.details]
    assert fields == ["batches_made", "last_on", "family", "platform"]


def test_a_change_needs_a_reason_and_the_version_that_was_seen(session: Session, here: House) -> None:
    row = record_competence(session, here.qa, here.facility.id, METHOD, today=TODAY)
    with pytest.raises(InvalidInputError, match="reason"):
        change_competence(session, here.qa, Seen(row.id, 1), METHOD, today=TODAY, reason=" ")
    with pytest.raises(StaleVersionError):
        change_competence(session, here.qa, Seen(row.id, 2), METHOD, today=TODAY, reason=REASON)
    with pytest.raises(StaleVersionError):
        remove_competence(session, here.qa, QcMethod, Seen(row.id, 2))


def test_nobody_but_its_own_qa(session: Session, here: House) -> None:
    row = record_competence(session, here.qa, here.facility.id, EXPERIENCE, today=TODAY)
    other = house(session)
    for subject in (here.planner, other.qa, member(session, Role.DEVELOPER, here.organisation), ANONYMOUS):
        acting(session, subject)
        with pytest.raises(NotAllowedError):
            record_competence(session, subject, here.facility.id, METHOD, today=TODAY)
        with pytest.raises(NotAllowedError):
            set_qp_cover(session, subject, first(here), COVER, today=TODAY)
        with pytest.raises((NotAllowedError, NotVisibleError)):
            change_competence(session, subject, Seen(row.id, 1), EXPERIENCE, today=TODAY, reason=REASON)
        with pytest.raises((NotAllowedError, NotVisibleError)):
            remove_competence(session, subject, ProcessExperience, Seen(row.id, 1))


class TestCover:
    def test_one_row_a_facility_on_the_version_that_was_seen(self, session: Session, here: House) -> None:
        made = set_qp_cover(session, here.qa, first(here), QpCoverFacts((), here=True), today=TODAY)
        assert (made.classes, made.confirmed_on) == ([], TODAY)
        with pytest.raises(StaleVersionError):
            set_qp_cover(session, here.qa, first(here), COVER, today=TODAY, reason=REASON)
        again = set_qp_cover(session, here.qa, Seen(here.facility.id, 1), COVER, today=TODAY, reason=REASON)
        assert (again.id, again.version, again.names) == (made.id, 2, ["Q. Person"])

    def test_where_none_is_recorded_no_version_was_seen(self, session: Session, here: House) -> None:
        with pytest.raises(StaleVersionError):
            set_qp_cover(session, here.qa, Seen(here.facility.id, 1), COVER, today=TODAY, reason=REASON)

    def test_a_change_needs_a_reason(self, session: Session, here: House) -> None:
        set_qp_cover(session, here.qa, first(here), COVER, today=TODAY)
        with pytest.raises(InvalidInputError, match="reason"):
            set_qp_cover(session, here.qa, Seen(here.facility.id, 1), COVER, today=TODAY)

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            (replace(COVER, classes=(ProductClass.TEP, ProductClass.TEP)), "classes"),
            (replace(COVER, names=("Q. Person", " ")), "names"),
        ],
    )
    def test_what_cannot_be(self, session: Session, here: House, facts: QpCoverFacts, field: str) -> None:
        with pytest.raises(InvalidInputError, match=field):
            set_qp_cover(session, here.qa, first(here), facts, today=TODAY)

    def test_its_own_people_are_told_everything(self, session: Session, here: House) -> None:
        assert told_cover(session, here.qa, here.facility.id, TODAY) is None
        set_qp_cover(session, here.qa, first(here), COVER, today=TODAY)
        for subject in (here.qa, here.planner):
            told = told_cover(session, acting(session, subject), here.facility.id, TODAY)
            assert told is not None
            assert (told.classes, told.names, told.valid_to) == (["TEP"], ["Q. Person"], TODAY)

    def test_it_holds_until_the_day_it_ends(self, session: Session, here: House) -> None:
        set_qp_cover(session, here.qa, first(here), replace(COVER, valid_to=TOMORROW), today=TODAY)
        told = [told_cover(session, here.qa, here.facility.id, day) for day in (TODAY, TOMORROW)]
        assert [one and one.holds for one in told] == [True, False]

    @pytest.mark.parametrize("role", [Role.DEVELOPER, Role.COORDINATOR, Role.AUDITOR])
    def test_others_are_told_classes_and_whether_here(self, session: Session, here: House, role: Role) -> None:
        set_qp_cover(session, here.qa, first(here), COVER, today=TODAY)
        other = house(session)
        subject = (
            member(session, role, other.organisation)
            if role is Role.DEVELOPER
            else Subject(other.qa.person, frozenset({(role, None)}))
        )
        told = told_cover(session, acting(session, subject), here.facility.id, TODAY)
        assert told is not None
        assert (told.classes, told.here, told.holds) == (["TEP"], True, False)
        assert (told.names, told.absence_cover, told.valid_to) == (None, None, None)

    def test_a_competitor_and_who_does_not_see_the_facility_are_told_nothing(
        self, session: Session, here: House
    ) -> None:
        set_qp_cover(session, here.qa, first(here), COVER, today=TODAY)
        other = house(session)
        developer = member(session, Role.DEVELOPER, other.organisation)
        assert told_cover(session, acting(session, other.qa), here.facility.id, TODAY) is None
        acting(session, here.qa)
        here.facility.publication = Publication.DRAFT
        session.flush()
        assert told_cover(session, acting(session, developer), here.facility.id, TODAY) is None

    def test_sabotage_where_nothing_is_held_back_names_are_told(
        self, session: Session, here: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        set_qp_cover(session, here.qa, first(here), COVER, today=TODAY)
        developer = member(session, Role.DEVELOPER, house(session).organisation)
        monkeypatch.setattr("registry.queries.premises.hidden_from", lambda *_: ())
        told = told_cover(session, acting(session, developer), here.facility.id, TODAY)
        assert told is not None
        assert told.names == ["Q. Person"]

    def test_a_delegate_reads_as_a_coordinator_does(self, session: Session, here: House) -> None:
        set_qp_cover(session, here.qa, first(here), COVER, today=TODAY)
        place = OrganisationId(here.organisation.id)
        delegate = Subject(house(session).qa.person, frozenset({(Role.DELEGATE, place)}))
        told = told_cover(session, acting(session, delegate), here.facility.id, TODAY)
        assert told is not None
        assert (told.classes, told.names, told.valid_to) == (["TEP"], None, None)

    def test_sabotage_without_the_first_wall_the_second_still_holds(self, session: Session, here: House) -> None:
        set_qp_cover(session, here.qa, first(here), COVER, today=TODAY)
        acting(session, member(session, Role.DEVELOPER, house(session).organisation))
        assert session.scalars(select(QpCover)).all() == []

    def test_names_are_neither_in_the_trail_nor_in_what_an_overseer_reads(self, session: Session, here: House) -> None:
        coordinator = Subject(house(session).qa.person, frozenset({(Role.COORDINATOR, None)}))
        acting(session, here.qa)
        made = set_qp_cover(session, here.qa, first(here), COVER, today=TODAY)
        other = replace(COVER, names=("Another Q. Person",))
        set_qp_cover(session, here.qa, Seen(here.facility.id, 1), other, today=TODAY, reason=REASON)
        own = legal_record(session, here.qa, here.facility.id)
        events = session.scalars(select(AuditEvent).where(AuditEvent.record_id == made.id)).all()
        told = legal_record(session, acting(session, coordinator), here.facility.id)
        assert own is not None
        assert told is not None
        assert (own.sha256, "Q. Person" in str(own.content)) == (told.sha256, True)
        assert "Q. Person" not in str(told.content)
        assert len(events) == 2
        assert not any("Q. Person" in f"{event.old}{event.new}" for event in events)


def test_whom_a_method_is_contracted_to_stays_inside(session: Session, here: House) -> None:
    other = house(session)
    developer = member(session, Role.DEVELOPER, other.organisation)
    acting(session, here.qa)
    row = record_competence(session, here.qa, here.facility.id, METHOD, today=TODAY)
    coordinator = Subject(developer.person, frozenset({(Role.COORDINATOR, None)}))
    told = {
        name: one_record(session, acting(session, subject), QcMethod, row.id)
        for name, subject in {"own": here.planner, "developer": developer, "coordinator": coordinator}.items()
    }
    assert {name: one and one.contracted_to for name, one in told.items()} == {
        "own": "A laboratory",
        "developer": None,
        "coordinator": "A laboratory",
    }
    assert one_record(session, acting(session, other.qa), QcMethod, row.id) is None


def test_a_coordinator_learns_of_the_past_what_it_may_know_now(session: Session, here: House) -> None:
    coordinator = Subject(house(session).qa.person, frozenset({(Role.COORDINATOR, None)}))
    acting(session, here.qa)
    made = set_qp_cover(session, here.qa, first(here), COVER, today=TODAY)
    since = session.scalars(select(AuditEvent.occurred_at).where(AuditEvent.record_id == made.id)).one()
    acting(session, coordinator)
    known = as_known_on(session, coordinator, "qp_cover", made.id, since)
    assert known is not None
    assert (known.columns["classes"], known.columns["valid_to"], known.columns.get("names")) == (["TEP"], None, None)
