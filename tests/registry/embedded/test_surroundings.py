"""How the server is set up, and clear words when the surroundings do not allow it."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest

from registry import embedded
from registry.embedded.account import can_enter, run, server_account
from registry.embedded.binaries import LIBRARIES, PROGRAMS, WHEEL, programs
from registry.embedded.folders import prepare
from registry.errors import FolderError, PlatformError

SAFE = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "data_checksums": "on",
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "server_encoding": "UTF8",
    "TimeZone": "UTC",
}


def installed() -> Path:
    spec = find_spec(WHEEL)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent.parent


def test_a_home_is_durable_and_speaks_to_its_own_account_only(home: Path) -> None:
    server = embedded.start(home)
    with psycopg.connect(host=str(server.folders.socket), user="gmphub", dbname="gmphub") as connection:
        found = {name: connection.execute(f"show {name}").fetchone() for name in SAFE}
        locale = connection.execute(
            "select datlocprovider, datlocale from pg_database where datname = 'gmphub'"
        ).fetchone()
    assert found == {name: (value,) for name, value in SAFE.items()}
    assert locale == ("b", "C.UTF-8")
    assert server.folders.socket.stat().st_mode & 0o077 == 0
    assert server.folders.data.stat().st_uid == server_account().uid != 0
    assert len(str(server.folders.socket / ".s.PGSQL.5432")) <= 100
    server.stop()


def test_tests_may_trade_durability_for_speed(home: Path) -> None:
    server = embedded.start(home, durable=False)
    with psycopg.connect(host=str(server.folders.socket), user="gmphub", dbname="gmphub") as connection:
        assert connection.execute("show fsync").fetchone() == ("off",)
    server.stop()


def test_a_home_behind_closed_folders_works_and_parents_stay_closed(home: Path) -> None:
    home.mkdir(mode=0o700)
    closed = home / "closed" / "inner"
    closed.mkdir(parents=True)
    closed.parent.chmod(0o700)
    server = embedded.start(closed, durable=False)
    assert can_enter(server.account, server.folders.place)
    server.stop()
    again = embedded.start(closed, durable=False)
    assert again.folders == server.folders
    again.stop()
    assert closed.parent.stat().st_mode & 0o777 == 0o700
    assert home.stat().st_mode & 0o777 == 0o700
    if not server.folders.place.is_relative_to(closed):
        shutil.rmtree(server.folders.place.parent)


def test_a_home_that_cannot_be_made_is_named(home: Path) -> None:
    home.write_text("a file, not a folder", "utf-8")
    with pytest.raises(FolderError, match=rf"{home}/below.*GMPHUB_HOME"):
        embedded.start(home / "below")
    home.unlink()


def test_a_socket_folder_that_others_can_enter_is_refused(home: Path) -> None:
    home.mkdir()
    socket = prepare(home, server_account()).socket
    socket.chmod(0o777)
    with pytest.raises(FolderError, match="another account may have put it there"):
        embedded.start(home, durable=False)
    socket.rmdir()


def test_a_socket_folder_that_is_a_link_is_refused(home: Path) -> None:
    home.mkdir()
    socket = prepare(home, server_account()).socket
    socket.rmdir()
    socket.symlink_to(home)
    with pytest.raises(FolderError, match="not a folder that only the account of the database can enter"):
        embedded.start(home, durable=False)
    socket.unlink()


def test_missing_programs_are_named(tmp_path: Path) -> None:
    (tmp_path / PROGRAMS / "bin").mkdir(parents=True)
    (tmp_path / PROGRAMS / "bin" / "postgres").touch()
    with pytest.raises(PlatformError, match=r"no initdb, pg_ctl for .*DATABASE_URL"):
        programs(server_account(), tmp_path / "shared", tmp_path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only uid 0 hands the server to another account")
def test_programs_in_a_closed_folder_are_copied_where_the_account_can_run_them(home: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    for part in (PROGRAMS, LIBRARIES):
        shutil.copytree(installed() / part, tmp_path / part, symlinks=True)
    account = server_account()
    found = programs(account, home / "shared", tmp_path)
    assert found.is_relative_to(home)
    assert found == programs(account, home / "shared", tmp_path)
    said = run(account, [str(found / "initdb"), "--version"])
    assert said.stdout.startswith("initdb (PostgreSQL) 18")
