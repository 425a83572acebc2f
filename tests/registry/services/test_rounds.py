"""A round is opened once under its code; only a rehearsal takes the one that is there."""

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from registry.access.subject import OPERATOR
from registry.cli import main
from registry.database import unit_of_work
from registry.errors import BrokenRuleError, InvalidInputError
from registry.models import Policy, Round
from registry.services import rounds
from registry.services.records import refuse_faults
from registry.services.rounds import ensure_policy, ensure_round, open_round
from registry.vocabulary.lifecycle import DataSet, RoundKind

pytestmark = pytest.mark.database
MONDAY = date(2026, 11, 30)
FACTS: dict[str, Any] = {
    "code": "2027-Q1",
    "data_set": DataSet.LIVE,
    "kind": RoundKind.WHAT_IF,
    "origin": MONDAY,
    "horizon_weeks": 26,
    "known_on": date(2026, 11, 25),
}


def policy(session: Session) -> Policy:
    return ensure_policy(session, "usual", "Usual", [{"placed": 1}])


def test_a_code_is_given_once(session: Session) -> None:
    first = open_round(session, OPERATOR, policy(session), **FACTS)
    with pytest.raises(InvalidInputError) as refusal:
        open_round(session, OPERATOR, policy(session), **FACTS | {"horizon_weeks": 4})
    assert refusal.value.details == ("code: 2027-Q1 is another round's",)
    assert first.horizon_weeks == 26
    other = open_round(session, OPERATOR, policy(session), **FACTS | {"data_set": DataSet.REHEARSAL})
    assert other.id != first.id, "the data sets do not know each other"


def test_a_rehearsal_takes_the_round_that_is_there(session: Session) -> None:
    first = ensure_round(session, OPERATOR, policy(session), **FACTS)
    assert ensure_round(session, OPERATOR, policy(session), **FACTS).id == first.id


def test_the_command_refuses_it_too(
    committed: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert committed is not None
    with unit_of_work(OPERATOR) as session:
        policy(session)
    words = ["round", "open", "R1", "--policy", "usual", "--from", "2026-11-30", "--kind", "what_if"]
    codes = []
    for _ in range(2):
        monkeypatch.setattr(sys, "argv", ["gmphub", *words])
        with pytest.raises(SystemExit) as left:
            main()
        codes.append(left.value.code)
    assert codes == [0, 2]
    assert "R1 is another round's" in capsys.readouterr().err


def told_at_once(engine: Engine) -> list[BaseException | None]:
    """Let two open a round of one code at the same moment; return what each was told."""
    assert engine is not None
    with unit_of_work(OPERATOR) as session:
        policy(session)
    together = Barrier(2)

    def one(_number: int) -> None:
        with unit_of_work(OPERATOR) as session:
            chosen = policy(session)
            together.wait(60)
            open_round(session, OPERATOR, chosen, **FACTS)

    with ThreadPoolExecutor(2) as pool:
        said = [asked.exception() for asked in [pool.submit(one, number) for number in range(2)]]
    with unit_of_work(OPERATOR) as session:
        assert session.scalar(select(func.count()).select_from(Round)) == 1
    return said


def test_of_two_at_once_the_second_is_told_in_a_sentence(committed: Engine) -> None:
    refused = [error for error in told_at_once(committed) if error is not None]
    assert [type(error) for error in refused] == [InvalidInputError]


def test_sabotage_without_waiting_the_database_refuses(committed: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = Barrier(2)
    monkeypatch.setattr(rounds, "_wait_for_the_code", lambda *_: None)

    def refuse_after_both_looked(faults: list[str | None], *, what: str) -> None:
        looked.wait(60)
        refuse_faults(faults, what=what)

    monkeypatch.setattr(rounds, "refuse_faults", refuse_after_both_looked)
    refused = [error for error in told_at_once(committed) if error is not None]
    assert [type(error) for error in refused] == [BrokenRuleError]
