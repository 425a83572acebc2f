"""Policies: approved by two different persons with their signatures, never backdated, kept as they were approved (T-G7)."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from registry.access.subject import OPERATOR, PersonId, Subject
from registry.errors import BrokenRuleError, InvalidInputError, NotAllowedError, WrongStateError
from registry.models import Person, Policy, Round
from registry.services.policies import (
    PolicyState,
    approve_policy,
    bring_into_force,
    draft_policy,
    faults_as_official,
    policy_content,
    policy_named,
    state_of,
)
from registry.services.policy_words import TERMS, faults_of_tiers, policy_text, tier_texts
from registry.services.rounds import open_round
from registry.services.signatures import Content, Reauthenticated, content_sha256
from registry.vocabulary.lifecycle import DataSet, RoundKind
from registry.vocabulary.roles import Role
from tests.factories.facilities import added
from tests.registry.access.world import DAY
from tests.registry.matching.small import REASON, proof

TIERS: Sequence[Mapping[str, int]] = ({"placed_class_0": 1}, {"placed": 1}, {"waiting": 1, "travel": 2})


def coordinator(session: Session, code: str) -> Subject:
    """A coordinator with an account."""
    person = added(session, Person(code=code, name=code.title(), data_set=DataSet.LIVE))
    return Subject(PersonId(person.id), frozenset({(Role.COORDINATOR, None)}))


def draft(session: Session, subject: Subject, tiers: Sequence[Mapping[str, int]] = TIERS) -> Policy:
    return draft_policy(session, subject, code="europe", title="A policy", tiers=tiers)


def approved(session: Session, *subjects: Subject) -> Policy:
    """A draft, approved by these persons one after the other."""
    policy = draft(session, subjects[0])
    for subject in subjects:
        approve(session, subject, policy)
    return policy


def approve(session: Session, subject: Subject, policy: Policy, content: Content | None = None) -> PolicyState:
    shown = proof(session, subject, content or policy_content(policy))
    return approve_policy(session, subject, policy.id, shown, reason=REASON)


def test_two_persons_make_a_policy(session: Session) -> None:
    one, two = coordinator(session, "one"), coordinator(session, "two")
    policy = draft(session, one)
    now = datetime.now(UTC)
    states = [state_of(policy, now), approve(session, one, policy), approve(session, two, policy)]
    assert states == [PolicyState.DRAFT, PolicyState.APPROVED_ONCE, PolicyState.APPROVED]
    bring_into_force(session, one, policy.id)
    assert state_of(policy, now + timedelta(hours=1)) is PolicyState.IN_FORCE
    assert policy_named(session, "europe").id == policy.id


def test_one_person_is_not_two(session: Session) -> None:
    one = coordinator(session, "one")
    policy = approved(session, one)
    with pytest.raises(NotAllowedError, match="already"):
        approve(session, one, policy)
    with pytest.raises(NotAllowedError, match="two persons"):
        bring_into_force(session, one, policy.id)


def test_two_are_enough_and_a_third_changes_nothing(session: Session) -> None:
    one, two, three = (coordinator(session, code) for code in ("one", "two", "three"))
    policy = approved(session, one, two)
    with pytest.raises(NotAllowedError, match="Two persons"):
        approve(session, three, policy)


def test_who_may_not_coordinate_does_not_approve(session: Session) -> None:
    one = coordinator(session, "one")
    policy = draft(session, one)
    auditor = Subject(one.person, frozenset({(Role.AUDITOR, None)}))
    with pytest.raises(NotAllowedError):
        approve(session, auditor, policy)


def test_it_comes_into_force_now_or_later_and_never_earlier(session: Session) -> None:
    one, two = coordinator(session, "one"), coordinator(session, "two")
    now = session.scalars(select(func.now())).one()
    first, second = approved(session, one, two), approved(session, one, two)
    with pytest.raises(NotAllowedError, match="past"):
        bring_into_force(session, one, first.id, now - timedelta(seconds=1))
    assert bring_into_force(session, one, first.id, now).in_force_from == now
    later = now + timedelta(days=1)
    assert bring_into_force(session, one, second.id, later).in_force_from == later
    assert second.number == first.number + 1


def test_the_database_refuses_backdating_and_one_approver_too(session: Session) -> None:
    one, two = coordinator(session, "one"), coordinator(session, "two")
    policy = approved(session, one, two)
    with pytest.raises(IntegrityError, match="in the past"):
        change(session, policy, "in_force_from", datetime.now(UTC) - timedelta(days=1))
    alone = approved(session, one)
    with pytest.raises(IntegrityError, match="two_persons_approve"):
        change(session, alone, "in_force_from", datetime.now(UTC) + timedelta(days=1))


def change(session: Session, policy: Policy, column: str, value: Any) -> None:
    """Change a row past the services, or leave it as it was."""
    with session.begin_nested():
        setattr(policy, column, value)
        session.flush()


@pytest.mark.parametrize(
    ("column", "value"),
    [("tiers", [{"travel": 1}]), ("text_generated", "Anything."), ("rules", {"cap": 1}), ("title", "Other")],
)
def test_what_was_approved_stays(session: Session, column: str, value: Any) -> None:
    policy = approved(session, coordinator(session, "one"))
    with pytest.raises(IntegrityError, match="stays as it is"):
        change(session, policy, column, value)


def test_sabotage_without_the_guard_it_changes(session: Session) -> None:
    policy = approved(session, coordinator(session, "one"))
    session.execute(text("reset role"))
    session.execute(text("drop trigger guard_policy on policy"))
    session.execute(text("set role gmphub_app"))
    policy.tiers = [{"travel": 1}]
    session.flush()
    assert session.scalar(select(Policy.tiers).where(Policy.id == policy.id)) == [{"travel": 1}]


def test_a_draft_may_still_change(session: Session) -> None:
    policy = draft(session, coordinator(session, "one"))
    policy.title = "Another"
    session.flush()
    assert policy.title == "Another"


def test_an_official_round_needs_a_policy_in_force(session: Session) -> None:
    one, two = coordinator(session, "one"), coordinator(session, "two")
    policy = approved(session, one, two)
    with pytest.raises(WrongStateError, match="in force"):
        opened(session, one, policy, RoundKind.PERIOD)
    bring_into_force(session, one, policy.id)
    assert opened(session, one, policy, RoundKind.PERIOD).tie_commitment is not None


def test_a_what_if_goes_by_any_policy_and_commits_to_nothing(session: Session) -> None:
    one = coordinator(session, "one")
    assert opened(session, one, draft(session, one), RoundKind.WHAT_IF).tie_commitment is None


def opened(session: Session, subject: Subject, policy: Policy, kind: RoundKind) -> Round:
    dates = {"origin": DAY, "horizon_weeks": 26, "known_on": DAY}
    return open_round(session, subject, policy, code=f"r-{kind}", data_set=DataSet.LIVE, kind=kind, **dates)  # type: ignore[arg-type]  # dates


def test_a_policy_dated_after_the_facts_is_refused(session: Session) -> None:
    one, two = coordinator(session, "one"), coordinator(session, "two")
    policy = approved(session, one, two)
    since = bring_into_force(session, one, policy.id).in_force_from
    assert since is not None
    assert list(faults_as_official(policy, since)) == []
    assert list(faults_as_official(policy, since - timedelta(microseconds=1))) == [
        f"Policy europe version {policy.number} is dated after the facts were frozen."
    ]


@pytest.mark.parametrize(
    ("tiers", "fault"),
    [
        ([], "tiers: there is none"),
        ([{}], "tiers/0: is empty"),
        ([{"placed": 0}], "no whole number"),
        ([{"placed": True}], "no whole number"),
        ([{"placed": 1.5}], "no whole number"),
        ([{"plaiced": 1}], "is no term"),
        ([{"placed_class_01": 1}], "is no term"),
        ([{"placed": 1}, {"placed": 1}], "tiers/1/placed: was decided in tier 1 already"),
    ],
)
def test_tiers_that_are_no_policy(session: Session, tiers: list[dict[str, int]], fault: str) -> None:
    assert any(fault in one for one in faults_of_tiers(tiers))
    with pytest.raises(InvalidInputError):
        draft(session, OPERATOR, tiers)


def test_every_fault_of_tiers_is_named_at_once() -> None:
    assert len(faults_of_tiers([{}, {"plaiced": 0}])) == 3


terms = st.sampled_from([*TERMS, "placed_class_0", "placed_class_7"])


@given(st.lists(st.dictionaries(terms, st.integers(1, 9), min_size=1, max_size=3), min_size=1, max_size=6))
def test_the_text_says_every_term_with_its_direction(tiers: list[dict[str, int]]) -> None:
    sentences = tier_texts(tiers)
    assert len(sentences) == len(tiers)
    for sentence, tier in zip(sentences, tiers, strict=True):
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        wanted = sum(term.startswith("placed") for term in tier)
        assert sentence.lower().count("as many as possible") == wanted
        assert sentence.lower().count("as large as possible") == ("fairness" in tier)
        for weight in tier.values() if len(tier) > 1 else ():
            assert f"(counted {weight} times)" in sentence
    assert all(sentence in policy_text(tiers) for sentence in sentences)


def test_the_words_are_never_those_of_a_contract() -> None:
    words = policy_text([dict.fromkeys(TERMS, 1)]).lower()
    assert not any(word in words for word in ("award", "price", "order", "allocate"))


def test_the_text_of_other_tiers_is_not_approved(session: Session) -> None:
    one = coordinator(session, "one")
    policy = draft(session, one)
    policy.text_generated = "As many friends as possible."
    session.flush()
    with pytest.raises(BrokenRuleError, match="text"):
        approve(session, one, policy)


def test_what_is_signed_is_what_was_shown(session: Session) -> None:
    one = coordinator(session, "one")
    policy = draft(session, one)
    with pytest.raises(NotAllowedError) as refusal:
        approve(session, one, policy, {**policy_content(policy), "title": "Another"})
    assert refusal.value.details == ("What is to be signed is not what was shown.",)
    assert isinstance(proof(session, one, policy_content(policy)), Reauthenticated)
    assert content_sha256(policy_content(policy)) == proof(session, one, policy_content(policy)).content_sha256
