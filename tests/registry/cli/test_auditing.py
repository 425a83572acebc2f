"""The trail is checked, exported and signed by who sees all of it: an auditor, or the operator of the machine."""

from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from registry.access.subject import OPERATOR
from registry.cli import auditing
from registry.cli.acting import acting
from registry.cli.main import app
from registry.database import unit_of_work
from registry.errors import NotAllowedError
from registry.models import Membership, Person
from registry.vocabulary.lifecycle import DataSet
from registry.vocabulary.roles import Role
from tests.factories.facilities import added

pytestmark = pytest.mark.database
COMMANDS = ["verify", "export", "anchor"]


@pytest.fixture(autouse=True)
def people(committed: Engine) -> None:
    assert committed is not None
    with unit_of_work(OPERATOR) as session:
        for code, role in (("an-auditor", Role.AUDITOR), ("a-coordinator", Role.COORDINATOR), ("nobody-much", None)):
            person = added(session, Person(code=code, data_set=DataSet.LIVE))
            if role is not None:
                added(session, Membership(person_id=person.id, role=role))


def called(folder: Path, name: str | None, command: str) -> tuple[int, BaseException | None]:
    place = {"verify": [], "export": [str(folder / "trail.jsonl")], "anchor": ["--key", str(folder / "key.pem")]}
    who = [] if name is None else ["--as", name]
    answer = CliRunner().invoke(app, [*who, "audit", command, *place[command]])
    return answer.exit_code, answer.exception


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", [None, "an-auditor"])
def test_who_sees_all_of_it_may(tmp_path: Path, name: str | None, command: str) -> None:
    assert called(tmp_path, name, command)[0] == 0


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", ["a-coordinator", "nobody-much"])
def test_who_sees_a_part_may_not_and_is_told_why(tmp_path: Path, name: str, command: str) -> None:
    code, error = called(tmp_path, name, command)
    assert code != 0
    assert isinstance(error, NotAllowedError)
    assert str(error).startswith(f"{name} sees only a part of the trail")
    assert list(tmp_path.iterdir()) == []


def test_sabotage_without_the_check_a_part_is_written_as_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditing, "_reader", acting)
    whole, part = tmp_path / "whole", tmp_path / "part"
    for folder, name in ((whole, None), (part, "a-coordinator")):
        folder.mkdir()
        assert called(folder, name, "export")[0] == 0
    lines = [len((folder / "trail.jsonl").read_text().splitlines()) for folder in (whole, part)]
    assert lines[0] > lines[1]
