"""A request as a sponsor enters it takes part in a round: nothing is asked of it that nobody can state."""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy.orm import Session

from matcher import facts
from matcher.eligibility import judge
from registry.access.subject import OPERATOR
from registry.matching.snapshot import take_snapshot
from registry.matching.snapshot.requests import ELSEWHERE, UNDECIDED, groups_of
from registry.models import Policy, Request
from registry.services.request_facts import BatchFacts, PlaceFacts, RequestFacts
from registry.services.requests import act_on_request, decide_urgency, draft_request
from registry.vocabulary.lifecycle import DataSet, RequestAction
from registry.vocabulary.products import BatchKind, InputState, Pathway, Stage
from registry.vocabulary.roles import Role
from registry.vocabulary.urgency import LEAST_URGENT
from tests.factories.facilities import organisation
from tests.factories.requests import process, product
from tests.registry.services.house import REASON, acting, coordinator, member

MONDAY = date(2026, 12, 7)
ASKED = RequestFacts(
    label="Trial of a CAR-T product",
    stage=Stage.CELL_PRODUCT,
    pathway=Pathway.TRIAL,
    phase="1/2",
    input_state=InputState.FROZEN,
    batches=(BatchFacts("B1", BatchKind.PATIENT, date(2026, 12, 7), date(2027, 1, 11), patients=1),),
    places=(PlaceFacts("treating", "DE", 50.0, 8.5), PlaceFacts("collection", "DE", 50.0, 8.5)),
    urgency_proposed=0,
)


def entered(session: Session) -> Request:
    """A request that its sponsor drafted and submitted, and a coordinator accepted."""
    sponsor = organisation(session)
    made = process(session, product(session, sponsor))
    developer, screener = member(session, Role.DEVELOPER, sponsor), coordinator(session)
    acting(session, developer)
    request = draft_request(session, developer, made.id, ASKED)
    act_on_request(session, developer, request.id, request.version, RequestAction.SUBMIT, "")
    acting(session, screener)
    return act_on_request(session, screener, request.id, request.version, RequestAction.ACCEPT, "")


def seen(session: Session) -> facts.Facts:
    """What a round would look at."""
    acting(session, OPERATOR)
    policy = Policy(code="P", number=1, title="Test", tiers=[{"placed": 1}], text_generated="Place.")
    return take_snapshot(session, DataSet.LIVE, policy, origin=MONDAY, horizon_weeks=26, known_on=date(2026, 12, 1))


@pytest.mark.database
def test_it_is_not_set_aside(session: Session) -> None:
    request = entered(session)
    assert [one.id for one in seen(session).requests] == [request.code]
    assert judge(seen(session)).quarantined == ()


@pytest.mark.database
def test_a_class_that_is_only_proposed_counts_for_nothing(session: Session) -> None:
    entered(session)
    only = seen(session).requests[0]
    assert (only.urgency, UNDECIDED in only.defaults) == (LEAST_URGENT, True)


@pytest.mark.database
def test_a_class_that_two_decided_counts(session: Session) -> None:
    request = entered(session)
    acting(session, OPERATOR)
    reviewers = [coordinator(session) for _ in range(2)]
    for reviewer in reviewers:
        acting(session, reviewer)
        decide_urgency(session, reviewer, request.id, request.version, 1, REASON)
    only = seen(session).requests[0]
    assert (only.urgency, only.defaults) == (1, ())


def test_groups_of_fewer_than_five_requests_are_put_together() -> None:
    countries = {f"R{number}": "DE" if number < 5 else "FR" for number in range(9)}
    assert Counter(groups_of(countries).values()) == {"DE": 5, ELSEWHERE: 4}
