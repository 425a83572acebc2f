"""Guards that come before the question who may: what the caller does not see does not exist for it (404, not 403)."""

from uuid import UUID

from fastapi import Depends
from sqlalchemy import select

from api.dependencies import SignedInDep
from registry.access import visibility
from registry.errors import NotVisibleError
from registry.models import Membership
from registry.queries.organisations import list_networks
from registry.queries.people import one_account
from registry.queries.rounds import one_policy, one_round
from registry.queries.runs import one_run


def seen_run(run_id: UUID, work: SignedInDep) -> None:
    """Refuse for a calculation that the caller does not see."""
    _refuse(one_run(work.session, work.subject, run_id) is None, "calculation")


def seen_round(round_id: UUID, work: SignedInDep) -> None:
    """Refuse for a round that is not there; rounds are public."""
    _refuse(one_round(work.session, work.subject, round_id) is None, "round")


def seen_policy(policy_id: UUID, work: SignedInDep) -> None:
    """Refuse for a policy that is not there; policies are public."""
    _refuse(one_policy(work.session, policy_id) is None, "policy")


def seen_account(person_id: UUID, work: SignedInDep) -> None:
    """Refuse for an account that the caller does not see."""
    _refuse(one_account(work.session, work.subject, person_id) is None, "account")


def seen_membership(membership_id: UUID, work: SignedInDep) -> None:
    """Refuse for a role of somebody that the caller does not see."""
    question = select(Membership.id).where(visibility.memberships(work.subject), Membership.id == membership_id)
    _refuse(work.session.scalar(question) is None, "role")


def seen_network(network_id: UUID, work: SignedInDep) -> None:
    """Refuse for a network that is not there; everybody with an account reads their names."""
    _refuse(all(network.id != network_id for network in list_networks(work.session)), "network")


SeenRun = Depends(seen_run, scope="function")
SeenRound = Depends(seen_round, scope="function")
SeenPolicy = Depends(seen_policy, scope="function")
SeenAccount = Depends(seen_account, scope="function")
SeenMembership = Depends(seen_membership, scope="function")
SeenNetwork = Depends(seen_network, scope="function")


def _refuse(missing: bool, noun: str) -> None:
    if missing:
        raise NotVisibleError(f"There is no such {noun}.")
