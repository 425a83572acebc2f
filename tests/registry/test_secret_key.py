"""The secret key: set by the operator, or made once in the home; never one that everybody knows."""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

import registry.settings
from api.app import create_app
from registry.errors import FolderError, SecretError
from registry.services.auditing import read_or_make_key
from registry.settings import SECRET_FILE, Settings, kept_for_its_owner, secret_key
from tests.registry.test_surroundings import gmphub

ROOT = Path(__file__).parents[2]
GOOD = "a secret of more than thirty-two characters"
WEAK = ["", "for development only", "short"]


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name in ("GMPHUB_SECRET_KEY", "GMPHUB_ENVIRONMENT", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GMPHUB_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_it_is_made_once_for_its_owner_alone(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made = secret_key()
    assert len(made) >= 64
    assert secret_key() == made
    assert stat.S_IMODE((home / SECRET_FILE).stat().st_mode) == 0o600
    assert [file.name for file in home.iterdir()] == [SECRET_FILE], "nothing else is left behind"
    monkeypatch.setenv("GMPHUB_HOME", str(tmp_path / "other"))
    assert secret_key() != made, "sabotage: a key that is the same everywhere"


def test_many_at_once_agree(home: Path) -> None:
    together = Barrier(8)

    def one(_number: int) -> str:
        together.wait()
        return secret_key()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(one, range(8)))) == 1


def test_processes_at_once_agree(home: Path) -> None:
    command = [sys.executable, "-c", "from registry.settings import secret_key; print(secret_key())"]
    started = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert len({process.communicate()[0] for process in started}) == 1


def test_who_comes_second_takes_the_first_ones(tmp_path: Path) -> None:
    def overtaken() -> bytes:
        (tmp_path / "key").write_bytes(b"first")
        return b"second"

    assert kept_for_its_owner(tmp_path / "key", overtaken) == b"first"
    assert [file.name for file in tmp_path.iterdir()] == ["key"]


def test_sabotage_writing_in_place_shows_half_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, seen = tmp_path / "key", []

    def slowly() -> bytes:
        seen.append(path.exists())
        return b"whole"

    kept_for_its_owner(path, slowly)
    assert seen == [False]
    path.unlink()
    path.write_bytes(b"")
    assert kept_for_its_owner(path, slowly) == b"", "what stands there is taken as it is"


def test_the_key_of_anchors_is_made_the_same_way(tmp_path: Path) -> None:
    path = tmp_path / "inner" / "anchor-key.pem"
    made = read_or_make_key(path)
    assert read_or_make_key(path).private_bytes_raw() == made.private_bytes_raw()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_given_one_counts(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GMPHUB_SECRET_KEY", GOOD)
    assert secret_key() == GOOD
    assert not home.exists()


@pytest.mark.parametrize("surroundings", [{"GMPHUB_ENVIRONMENT": "production"}, {"DATABASE_URL": "postgresql://a@b/c"}])
@pytest.mark.parametrize("secret", [None, *WEAK])
def test_a_placeholder_is_refused_where_it_matters(
    monkeypatch: pytest.MonkeyPatch, surroundings: dict[str, str], secret: str | None, home: Path
) -> None:
    if secret is not None:
        monkeypatch.setenv("GMPHUB_SECRET_KEY", secret)
    for name, value in surroundings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SecretError, match=r"Set GMPHUB_SECRET_KEY.*token_urlsafe"):
        secret_key()
    with pytest.raises(SecretError):
        create_app()
    assert not home.exists()
    monkeypatch.setenv("GMPHUB_SECRET_KEY", GOOD)
    assert secret_key() == GOOD


@pytest.mark.parametrize("command", [["serve", "--port", "0"], ["worker"]])
def test_nothing_starts_without_one(command: list[str]) -> None:
    said = gmphub(*command, DATABASE_URL="postgresql://nobody@/nowhere?host=/nowhere")
    assert said.returncode == 3
    assert "Set GMPHUB_SECRET_KEY" in said.stderr
    assert "Traceback" not in said.stderr


def test_the_server_by_itself_refuses_too() -> None:
    command = [sys.executable, "-m", "api.serve", "--port", "0"]
    environment = {**os.environ, "GMPHUB_ENVIRONMENT": "production"}
    said = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert said.returncode == 3
    assert "Set GMPHUB_SECRET_KEY" in said.stderr
    assert "Traceback" not in said.stderr


def test_an_empty_or_unreadable_file_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home.mkdir()
    (home / SECRET_FILE).write_text("\n")
    with pytest.raises(SecretError, match="holds no secret key"):
        secret_key()
    (home / SECRET_FILE).unlink()
    (home / SECRET_FILE).mkdir()
    with pytest.raises(FolderError, match="cannot be read or made"):
        secret_key()


def test_the_surroundings_are_read_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().secret_key.get_secret_value() == ""
    assert {"", "for development only"} <= registry.settings.PLACEHOLDERS
