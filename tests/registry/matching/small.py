"""A small registry: two facilities with one place each, five requests that want it, and the people of a round."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.facts import Facility, Facts, Request
from registry.access.accounts import subject_named
from registry.access.subject import OPERATOR, Subject
from registry.database import unit_of_work
from registry.matching.publishing import publication_content
from registry.models import Policy, Round, Run
from registry.rehearsal import Rehearsal
from registry.rehearsal.account import Account, FileAccount
from registry.rehearsal.scaling import Scaled
from registry.seeding import seed_rehearsal
from registry.services.policies import approve_policy, bring_into_force, draft_policy, policy_content
from registry.services.rounds import close_round, open_round, queue_run
from registry.services.signatures import Content, Reauthenticated, content_sha256
from registry.vocabulary.lifecycle import DataSet, RoundKind
from tests.matcher.eligibility import good

REASON = "looked at it and agree"
EMPTY = FileAccount("", 0, 0, (), ())


def facility(number: int) -> Facility:
    """A facility that could make everything, with one place."""
    code = f"F{number}"
    suite = replace(good.SUITE, id=f"{code}-S", places=1)
    licence = replace(good.SITE.authorisations[0], holder=f"O{number}")
    site = replace(good.SITE, id=f"{code}-A", suites=(suite,), authorisations=(licence,))
    return replace(
        good.FACILITY, id=code, label=f"Rehearsal facility North-0{number}", organisation=f"O{number}", sites=(site,)
    )


def request(number: int) -> Request:
    """One of several requests that are alike but for their names: one start in January."""
    ready = tuple(replace(good.READY_PAIR, site=f"F{made}-A") for made in (1, 2))
    return replace(
        good.REQUEST,
        id=f"R{number}",
        label=f"Request 00{number}, CAR-T, sponsor in DE",
        sponsor=f"SP{number}",
        product=replace(good.PRODUCT, id=f"PR{number}"),
        batches=(replace(good.REQUEST.batches[0], id="B1", latest=date(2027, 1, 11)),),
        materials=(),
        pairs=ready,
    )


def small_facts() -> Facts:
    """Five alike requests for what two places can hold, and one that no facility may take."""
    alone = request(6)
    refused = replace(alone, excluded=frozenset({"F1", "F2"}))
    requests = (*(request(number) for number in range(1, 6)), refused)
    return replace(
        good.FACTS, facilities=(facility(1), facility(2)), requests=requests, tiers=({"placed": 1}, {"waiting": 1})
    )


@dataclass(frozen=True, slots=True)
class Small:
    """The people, and an official round that is closed, with a calculation queued by the coordinator."""

    coordinator: Subject
    approver: Subject
    policy: UUID
    round: UUID
    run: UUID


def seeded() -> tuple[Subject, Subject]:
    """Load the small registry and return coordinator and approver."""
    rehearsal = Rehearsal(small_facts(), Account(EMPTY, EMPTY), 0, good.TODAY, (), Scaled(1.0, 0))
    with unit_of_work(OPERATOR) as session:
        seed_rehearsal(session, rehearsal)
    with unit_of_work(OPERATOR) as session:
        return subject_named(session, "coordinator"), subject_named(session, "approver")


def proof(session: Session, subject: Subject, content: Content) -> Reauthenticated:
    """The proof that the subject logged in again a moment ago and saw this."""
    now = session.scalars(select(func.clock_timestamp())).one()
    assert subject.person is not None
    return Reauthenticated(uuid4(), subject.person, "password", now, content_sha256(content))


def publication_proof(subject: Subject, run: UUID) -> Reauthenticated:
    """The proof for publishing a run as it stands."""
    with unit_of_work(subject) as session:
        return proof(session, subject, publication_content(session, session.get_one(Run, run)))


def policy_in_force(coordinator: Subject, approver: Subject, *, code: str = "official") -> UUID:
    """A policy that two persons approved, in force from now on."""
    tiers = small_facts().tiers
    with unit_of_work(coordinator) as session:
        policy = draft_policy(session, coordinator, code=code, title="Policy of the rehearsal", tiers=tiers).id
    for person in (coordinator, approver):
        with unit_of_work(person) as session:
            shown = proof(session, person, policy_content(session.get_one(Policy, policy)))
            approve_policy(session, person, policy, shown, reason=REASON)
    with unit_of_work(coordinator) as session:
        bring_into_force(session, coordinator, policy)
    return policy


def a_round(coordinator: Subject, policy: UUID, kind: RoundKind = RoundKind.PERIOD, code: str = "2027-Q1") -> UUID:
    """A round of the small registry, closed."""
    facts = small_facts()
    with unit_of_work(coordinator) as session:
        held = open_round(
            session,
            coordinator,
            session.get_one(Policy, policy),
            code=code,
            data_set=DataSet.REHEARSAL,
            kind=kind,
            origin=facts.origin,
            horizon_weeks=facts.horizon_weeks,
            known_on=facts.known_on,
        )
        close_round(session, coordinator, held.id)
        return held.id


def queued(coordinator: Subject, held: UUID) -> UUID:
    """A calculation of a round in the queue."""
    with unit_of_work(coordinator) as session:
        return queue_run(session, coordinator, held, DataSet.REHEARSAL).id


def small(kind: RoundKind = RoundKind.PERIOD) -> Small:
    """Everything up to a queued calculation."""
    coordinator, approver = seeded()
    policy = policy_in_force(coordinator, approver)
    held = a_round(coordinator, policy, kind)
    return Small(coordinator, approver, policy, held, queued(coordinator, held))


def stored(run: UUID) -> Run:
    """The run as it stands."""
    with unit_of_work(OPERATOR) as session:
        return session.get_one(Run, run)


def held_round(key: UUID) -> Round:
    """The round as it stands."""
    with unit_of_work(OPERATOR) as session:
        return session.get_one(Round, key)
