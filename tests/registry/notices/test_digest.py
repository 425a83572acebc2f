"""What a facility is told: what is due, what ends soon, what a stale calendar missed, and three answers."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from registry.access.subject import ANONYMOUS, OPERATOR, Subject
from registry.notices.digest import Digest, compose_digest
from registry.notices.links import LinkAct, read_link
from registry.services.confirmations import still_true
from registry.services.legal_facts import NonComplianceFacts
from registry.services.licences import record_authorisation, record_evidence
from registry.vocabulary.facilities import Freshness
from tests.registry.notices.test_links import KEY, NOW, use
from tests.registry.queries.test_freshness import STALE, judged
from tests.registry.services.house import TODAY, House, acting, house
from tests.registry.services.test_licences import licence_facts, sign


def digest(session: Session, here: House, subject: Subject = OPERATOR, **facts: object) -> Digest:
    acting(session, subject)
    assert here.planner.person is not None
    made = compose_digest(session, subject, here.facility.id, here.planner.person, key=KEY, now=NOW, **facts)  # type: ignore[arg-type]
    assert made is not None
    return made


def kept(session: Session, days_ago: int) -> House:
    """A facility whose legal record is signed and whose calendar was confirmed so many days ago."""
    here = house(session)
    sign(session, here)
    acting(session, here.planner)
    still_true(session, here.planner, here.facility.id, TODAY - timedelta(days=days_ago))
    return here


def test_nothing_to_say_is_not_sent(session: Session) -> None:
    told = digest(session, kept(session, 3))
    assert (told.worth_sending, told.lines, told.answers) == (False, (), ())


@pytest.mark.parametrize(
    ("days_ago", "state", "words"),
    [
        (30, Freshness.DUE, "please confirm"),
        (44, Freshness.OVERDUE, "without it in 16 days"),
        (60, Freshness.EXCLUDED, "without it until"),
    ],
)
def test_the_calendar_and_three_answers(session: Session, days_ago: int, state: Freshness, words: str) -> None:
    here = kept(session, days_ago)
    told = digest(session, here)
    assert (told.calendar.state, words in told.lines[0]) == (state, True)
    links = [read_link(KEY, answer.signed, NOW) for answer in told.answers]
    assert [link.act for link in links] == [LinkAct.STILL_TRUE, LinkAct.FULLY_BOOKED, LinkAct.CLOSE_WEEK]
    assert {(link.facility, link.person) for link in links} == {(here.facility.id, here.planner.person)}
    use(session, told.answers[0].signed)
    assert not digest(session, here).worth_sending


def test_what_an_excluded_calendar_missed(session: Session) -> None:
    here = kept(session, 70)
    for _ in range(3):
        judged(session, here, STALE, TODAY)
    assert "kept 3 requests from you" in digest(session, here).lines[1]


def test_legal_statements_are_asked_for_and_never_linked(session: Session) -> None:
    here = house(session)
    acting(session, here.planner)
    still_true(session, here.planner, here.facility.id, TODAY)
    assert digest(session, here).lines == ("The legal record was never attested by QA: rounds do without it.",)
    sign(session, here, TODAY - timedelta(days=335))
    assert "asked to attest" in digest(session, here).lines[0]
    sign(session, here)
    record_evidence(session, here.qa, here.site.id, NonComplianceFacts("N-1", TODAY), today=TODAY)
    told = digest(session, here)
    assert "unsigned" in told.lines[0]
    assert told.answers == ()


def test_a_lapsed_attestation(session: Session) -> None:
    here = house(session)
    sign(session, here, TODAY - timedelta(days=366))
    assert any("lapsed" in line for line in digest(session, here).lines)


def test_only_new_steps_of_the_ladder_are_told_again(session: Session) -> None:
    here = house(session)
    acting(session, here.qa)
    ending = licence_facts(here)
    record_authorisation(session, here.qa, here.site.id, ending, today=TODAY)
    sign(session, here)
    acting(session, here.planner)
    still_true(session, here.planner, here.facility.id, TODAY)
    assert digest(session, here).lines == ("authorisation L-1 ends on 2027-01-01, in 37 days.",)
    assert digest(session, here, last_sent=TODAY - timedelta(days=1)).lines == ()
    assert len(digest(session, here, last_sent=TODAY - timedelta(days=60)).lines) == 1


def test_outsiders_are_told_nothing(session: Session) -> None:
    here, other = kept(session, 60), house(session)
    for subject in (other.planner, ANONYMOUS):
        acting(session, subject)
        told = compose_digest(
            session, subject, here.facility.id, here.facility.id, key=KEY, now=datetime(2026, 11, 25, tzinfo=UTC)
        )
        assert told is None
