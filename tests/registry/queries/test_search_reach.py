"""What may not be known may not be searched by, and cannot be told from results, counts or ranking either."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text, true
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.subject import ANONYMOUS, OPERATOR, PersonId, Subject
from registry.bench.thousand import TODAY
from registry.database import act_as
from registry.errors import NotAllowedError
from registry.models import Closure, Confirmation, Organisation, ProcessExperience
from registry.queries.search import (
    Filters,
    Found,
    FreeStarts,
    Near,
    closures,
    declared,
    free_starts,
    reach,
    reading,
    searching,
)
from registry.queries.search.filters import Facet
from registry.vocabulary.facilities import ClosureKind, Freshness, Grade
from registry.vocabulary.lifecycle import ConfirmationSubject, Publication
from registry.vocabulary.products import WorkingMode
from registry.vocabulary.regulation import AuthorisationKind
from registry.vocabulary.roles import Role
from tests.factories import facilities
from tests.factories.facilities import added
from tests.registry.queries.searching import ADMINISTRATOR, AUDITOR, COORDINATOR, found, names, somebody

QUARTER = FreeStarts(TODAY, TODAY + timedelta(weeks=13))
QUESTIONS = (
    reading.suites_question,
    reading.equipment_question,
    closures.closures_question,
    declared.statements_question,
    free_starts.shut_question,
    free_starts.stays_question,
)
"""Questions that are kept, and so must be asked anew once a wall is opened."""

INSIDE = {
    "grades": Filters(grades=frozenset({Grade.B})),
    "modes": Filters(modes=frozenset({WorkingMode.CLOSED})),
    "equipment": Filters(equipment=frozenset({"closed_processor"})),
    "free_starts": Filters(free_starts=QUARTER),
}
SHOWN = {
    "experience": Filters(experience=frozenset({"til"})),
    "licence_kinds": Filters(licence_kinds=frozenset({AuthorisationKind.MIA_IMP})),
    "scope_codes": Filters(scope_codes=frozenset({"1.1"})),
}
PUBLIC = {
    "text": Filters(text="facility"),
    "near": Filters(near=Near(50.5, 10.25)),
    "product_classes": Filters(product_classes=frozenset({"TEP"})),
    "families": Filters(families=frozenset({"til"})),
    "languages": Filters(languages=frozenset({"de"})),
    "countries": Filters(countries=frozenset({"DE"})),
    "freshness": Filters(freshness=frozenset({Freshness.CURRENT})),
    "publications": Filters(publications=frozenset({Publication.PUBLISHED})),
}
GUARDED = [*INSIDE, *SHOWN]
EVERYTHING = {**INSIDE, **SHOWN, **PUBLIC}


def complete(session: Session, name: str, owner: Organisation | None = None) -> Organisation:
    """A facility that every filter above finds; return its organisation."""
    owner = owner or facilities.organisation(session)
    facility = facilities.facility(session, owner, name=name, product_classes=["TEP"], languages=["de"])
    site = facilities.site(session, facility)
    suite = facilities.suite(session, site, grade=Grade.B, mode=WorkingMode.CLOSED)
    facilities.equipment(session, suite)
    facilities.authorisation(session, site)
    facilities.starts(session, facility)
    key = {"facility_id": facility.id, "organisation_id": owner.id}
    added(session, ProcessExperience(**key, family="til"))
    added(session, Confirmation(**key, subject=ConfirmationSubject.CALENDAR, confirmed_on=TODAY))
    return owner


@pytest.fixture
def own(session: Session) -> Organisation:
    """One's own facility and a competitor's, both found by every filter."""
    complete(session, "facility of a competitor")
    return complete(session, "facility of one's own")


def refused(session: Session, filters: Filters, subject: Subject) -> list[str]:
    """The filters a search is refused for."""
    try:
        found(session, filters, subject)
    except NotAllowedError as error:
        act_as(session, OPERATOR)
        return [detail.split(":")[0] for detail in error.details]
    return []


@pytest.mark.parametrize("name", EVERYTHING)
def test_everybody_may_search_by_what_is_public_and_by_nothing_else(
    session: Session, own: Organisation, name: str
) -> None:
    for nobody in (ANONYMOUS, ADMINISTRATOR, Subject(PersonId(uuid4())), somebody(Role.PLANNER, sponsor(session))):
        assert refused(session, EVERYTHING[name], nobody) == ([] if name in PUBLIC else [name])
    assert name not in PUBLIC or found(session, EVERYTHING[name], ANONYMOUS).total == 2


def sponsor(session: Session) -> Organisation:
    """An organisation without a facility."""
    return facilities.organisation(session)


@pytest.mark.parametrize("name", GUARDED)
def test_a_developer_may_search_by_what_is_shown_to_developers(session: Session, own: Organisation, name: str) -> None:
    developer = somebody(Role.DEVELOPER, sponsor(session))
    assert refused(session, EVERYTHING[name], developer) == ([name] if name in INSIDE else [])
    assert name in INSIDE or found(session, EVERYTHING[name], developer).total == 2


@pytest.mark.parametrize("name", GUARDED)
@pytest.mark.parametrize("role", [Role.PLANNER, Role.QA, Role.DELEGATE])
def test_a_facilitys_people_and_delegates_search_their_own_and_are_told_so(
    session: Session, own: Organisation, name: str, role: Role
) -> None:
    answer = found(session, EVERYTHING[name], somebody(role, own))
    assert names(answer) == ["facility of one's own"]
    assert answer.limited == (name,)


@pytest.mark.parametrize("name", EVERYTHING)
@pytest.mark.parametrize("overseer", [COORDINATOR, AUDITOR])
def test_overseers_search_by_everything(session: Session, own: Organisation, name: str, overseer: Subject) -> None:
    answer = found(session, EVERYTHING[name], overseer)
    assert (answer.total, answer.limited) == (2, ())


def test_every_refused_filter_is_named(session: Session, own: Organisation) -> None:
    both = Filters(grades=frozenset({Grade.B}), experience=frozenset({"til"}), free_starts=QUARTER)
    assert refused(session, both, ANONYMOUS) == ["experience", "grades", "free_starts"]


def test_counts_are_of_what_the_searcher_may_know(session: Session, own: Organisation) -> None:
    assert not found(session, Filters(), ANONYMOUS).counts.keys() & (reach.INSIDE | reach.SHOWN_TO_DEVELOPERS)
    assert not found(session, Filters(), somebody(Role.DEVELOPER, sponsor(session))).counts.keys() & reach.INSIDE
    counts = found(session, Filters(), somebody(Role.PLANNER, own)).counts
    assert [one.facilities for one in counts[Facet.GRADES]] == [1]
    assert [one.facilities for one in counts[Facet.LANGUAGES]] == [2]


def test_a_closure_stops_the_clock_only_for_those_who_may_see_it(session: Session) -> None:
    owner = facilities.organisation(session)
    facility = facilities.facility(session, owner)
    key = {"facility_id": facility.id, "organisation_id": owner.id}
    ago = TODAY - timedelta(days=32)
    added(session, Confirmation(**key, subject=ConfirmationSubject.CALENDAR, confirmed_on=ago))
    added(session, Closure(**key, starts=ago, ends=TODAY, kind=ClosureKind.SHUTDOWN))
    states = [
        found(session, Filters(), subject).facilities[0].freshness
        for subject in (ANONYMOUS, somebody(Role.PLANNER, owner), COORDINATOR)
    ]
    assert states == [Freshness.DUE, Freshness.CURRENT, Freshness.CURRENT]


def test_the_day_a_calendar_was_confirmed_is_for_those_inside(session: Session) -> None:
    owner, other = facilities.organisation(session), facilities.organisation(session)
    facility = facilities.facility(session, owner)
    facilities.facility(session, other, name="zz")
    key = {"facility_id": facility.id, "organisation_id": owner.id}
    day = TODAY - timedelta(days=32)
    added(session, Confirmation(**key, subject=ConfirmationSubject.CALENDAR, confirmed_on=day))
    said = {}
    for subject in (COORDINATOR, somebody(Role.PLANNER, owner), somebody(Role.PLANNER, other), ANONYMOUS):
        line = next(one for one in found(session, Filters(), subject).facilities if one.id == facility.id)
        said[subject] = (line.freshness, line.confirmed_on, line.reasons[0])
    inside = (Freshness.DUE, day, "calendar confirmed 32 days ago: due")
    outside = (Freshness.DUE, None, "calendar due")
    assert list(said.values()) == [inside, inside, outside, outside]


def told(session: Session, subject: Subject) -> list[Found]:
    """Everything every search tells somebody, where it is not refused."""
    answers = []
    for filters in EVERYTHING.values():
        try:
            answers.append(found(session, filters, subject))
        except NotAllowedError:
            act_as(session, OPERATOR)
    return answers


def changes_a_competitors_calendar_is_told(session: Session, subject: Subject, competitor: Organisation) -> bool:
    """Whether what somebody is told differs once a competitor's calendar, suites and closures change."""
    before = told(session, subject)
    rows = text(
        "select facility.id, site.id from facility join site on site.facility_id = facility.id"
        " where facility.organisation_id = :organisation"
    )
    facility, site = session.execute(rows, {"organisation": competitor.id}).one()
    key = {"facility_id": facility, "organisation_id": competitor.id}
    added(session, Closure(**key, starts=TODAY - timedelta(days=9), ends=None, kind=ClosureKind.SHUTDOWN))
    session.execute(text("delete from starts_statement where facility_id = :facility"), {"facility": facility})
    session.execute(text("update suite set grade = 'D' where site_id = :site"), {"site": site})
    return told(session, subject) != before


SEARCHERS: dict[str, Callable[[Organisation], Subject]] = {
    "anonymous": lambda _: ANONYMOUS,
    "administrator": lambda _: ADMINISTRATOR,
    "planner": lambda own: somebody(Role.PLANNER, own),
    "QA": lambda own: somebody(Role.QA, own),
    "developer": lambda own: somebody(Role.DEVELOPER, own),
    "delegate": lambda own: somebody(Role.DELEGATE, own),
}


@pytest.mark.parametrize("searcher", SEARCHERS)
def test_a_competitors_calendar_changes_nothing_that_is_told(session: Session, searcher: str) -> None:
    competitor, own = complete(session, "facility of a competitor"), complete(session, "facility of one's own")
    assert told(session, SEARCHERS[searcher](own)) != []
    assert not changes_a_competitors_calendar_is_told(session, SEARCHERS[searcher](own), competitor)


def test_a_coordinator_is_told(session: Session) -> None:
    competitor = complete(session, "facility of a competitor")
    assert changes_a_competitors_calendar_is_told(session, COORDINATOR, competitor)


def test_sabotage_without_the_guard_free_starts_are_not_refused(
    session: Session, own: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "check_reach", lambda *_: None)
    assert refused(session, INSIDE["free_starts"], ANONYMOUS) == []


@pytest.mark.parametrize("searcher", ["anonymous", "planner"])
def test_sabotage_with_both_walls_open_a_calendar_is_told(
    session: Session, searcher: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    competitor, own = complete(session, "facility of a competitor"), complete(session, "facility of one's own")
    session.execute(text("reset role"))
    for table in ("starts_statement", "suite", "closure", "equipment"):
        session.execute(text(f"create policy open on {table} for select to gmphub_app using (true)"))
    session.execute(text("set role gmphub_app"))
    monkeypatch.setattr(visibility, "inside_facility", lambda *_: true())
    monkeypatch.setattr(searching, "check_reach", lambda *_: None)
    for kept in QUESTIONS:
        kept.cache_clear()
    try:
        assert changes_a_competitors_calendar_is_told(session, SEARCHERS[searcher](own), competitor)
    finally:
        for kept in QUESTIONS:
            kept.cache_clear()
