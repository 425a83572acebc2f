"""Draft, scheduled, published, withdrawn: every move, and what a refusal names."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from registry.access.subject import ANONYMOUS, OPERATOR
from registry.errors import DomainError, InvalidInputError, NotAllowedError, StaleVersionError
from registry.queries.facilities import one_facility
from registry.services.facilities import Seen
from registry.services.publication import PossibleMove, move_publication, possible_moves, publish_due
from registry.vocabulary.facilities import ServiceModel
from registry.vocabulary.lifecycle import PUBLICATION_MOVES, Publication
from tests.registry.services.house import REASON, TODAY, House, acting, house

TOMORROW = TODAY + timedelta(days=1)


def move(session: Session, here: House, to: Publication, **facts: date | str | None) -> Publication:
    acting(session, here.qa)
    day = TOMORROW if to is Publication.SCHEDULED else None
    usual: dict[str, object] = {"publish_on": day, "reason": REASON}
    seen = Seen(here.facility.id, here.facility.version)
    return move_publication(session, here.qa, seen, to, today=TODAY, **{**usual, **facts}).publication  # type: ignore[arg-type]


@pytest.mark.parametrize("start", Publication)
@pytest.mark.parametrize("to", Publication)
def test_every_move(session: Session, start: Publication, to: Publication) -> None:
    here = house(session, publication=start, publish_on=TODAY if start is Publication.SCHEDULED else None)
    if to in PUBLICATION_MOVES[start]:
        assert move(session, here, to) is to
    else:
        with pytest.raises(InvalidInputError, match=f"from {start.value} it can become"):
            move(session, here, to)


def test_a_refusal_names_everything_that_is_missing(session: Session) -> None:
    here = house(session, publication=Publication.DRAFT, service_model=ServiceModel.UNKNOWN)
    here.organisation.mailbox = here.site.latitude = here.site.longitude = None
    with pytest.raises(InvalidInputError) as refusal:
        move(session, here, Publication.SCHEDULED, publish_on=TODAY)
    assert len(refusal.value.details) == 4
    assert here.facility.publication is Publication.DRAFT


@pytest.mark.parametrize(
    ("to", "facts"),
    [
        (Publication.SCHEDULED, {"publish_on": None}),
        (Publication.SCHEDULED, {"publish_on": TODAY}),
        (Publication.PUBLISHED, {"publish_on": TOMORROW}),
    ],
)
def test_a_day_only_to_schedule_and_after_today(
    session: Session, to: Publication, facts: dict[str, date | None]
) -> None:
    here = house(session, publication=Publication.DRAFT)
    with pytest.raises(InvalidInputError, match="day"):
        move(session, here, to, **facts)


def test_what_can_be_done_next_and_what_it_lacks(session: Session) -> None:
    here = house(session, publication=Publication.DRAFT, service_model=ServiceModel.UNKNOWN)
    acting(session, here.qa)
    lacks = ("it does not say whom it serves",)
    assert possible_moves(session, here.qa, here.facility.id) == (
        PossibleMove(Publication.PUBLISHED, lacks, needs_day=False, needs_reason=False),
        PossibleMove(Publication.SCHEDULED, lacks, needs_day=True, needs_reason=False),
    )
    acting(session, here.planner)
    assert possible_moves(session, here.planner, here.facility.id) == ()


def test_to_withdraw_needs_a_reason(session: Session) -> None:
    here = house(session)
    with pytest.raises(InvalidInputError, match="reason"):
        move(session, here, Publication.WITHDRAWN, reason=" ")
    assert move(session, here, Publication.WITHDRAWN) is Publication.WITHDRAWN
    assert one_facility(session, ANONYMOUS, here.facility.id) is None


def test_a_scheduled_facility_is_seen_from_its_day_on(session: Session) -> None:
    here = house(session, publication=Publication.DRAFT)
    move(session, here, Publication.SCHEDULED)
    assert one_facility(session, ANONYMOUS, here.facility.id) is None
    acting(session, OPERATOR)
    assert publish_due(session, OPERATOR, TODAY) == []
    assert publish_due(session, OPERATOR, TOMORROW) == [here.facility]
    acting(session, ANONYMOUS)
    assert one_facility(session, ANONYMOUS, here.facility.id) is not None


def test_one_that_is_no_longer_ready_stays_scheduled(session: Session) -> None:
    here = house(session, publication=Publication.DRAFT)
    move(session, here, Publication.SCHEDULED)
    acting(session, OPERATOR)
    here.facility.service_model = ServiceModel.UNKNOWN
    assert publish_due(session, OPERATOR, TOMORROW) == []
    assert here.facility.publication is Publication.SCHEDULED


def test_planner_stranger_and_old_version_are_refused(session: Session) -> None:
    here, other = house(session), house(session)
    for subject, version, error in (
        (here.planner, 1, NotAllowedError),
        (other.qa, 1, NotAllowedError),
        (here.qa, 2, StaleVersionError),
    ):
        acting(session, subject)
        seen = Seen(here.facility.id, version)
        with pytest.raises(DomainError) as refusal:
            move_publication(session, subject, seen, Publication.WITHDRAWN, today=TODAY, reason=REASON)
        assert type(refusal.value) is error
