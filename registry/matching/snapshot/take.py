"""One consistent look at the registry; call it in a transaction of isolation level REPEATABLE READ."""

from datetime import date

from sqlalchemy.orm import Session

from matcher.facts import Facts
from registry.matching.snapshot.facilities import facilities_of
from registry.matching.snapshot.period import Horizon
from registry.matching.snapshot.requests import requests_of
from registry.models.policy import Policy
from registry.vocabulary.lifecycle import DataSet


def take_snapshot(
    session: Session, data_set: DataSet, policy: Policy, *, origin: date, horizon_weeks: int, known_on: date
) -> Facts:
    """Return the facts of a data set for the weeks from Monday `origin`, in the sequence of their codes.

    Published facilities and requests that are ready or in a round are read. `known_on` is the day the facts are judged by.
    """
    horizon = Horizon(origin, horizon_weeks)
    return Facts(
        origin=origin,
        horizon_weeks=horizon_weeks,
        known_on=known_on,
        facilities=facilities_of(session, data_set, horizon, known_on),
        requests=requests_of(session, data_set),
        tiers=tuple({str(term): int(weight) for term, weight in tier.items()} for tier in policy.tiers),
    )
